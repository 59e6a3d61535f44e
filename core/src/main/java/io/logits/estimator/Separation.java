package io.logits.estimator;

import io.logits.objective.CoefLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts a direction that separates the classes into words. */
final class Separation {
    private static final int MOST_NAMES = 5;
    /** A feature that contributes less than this share of the largest is rounding. */
    private static final double NEGLIGIBLE = 1e-4;

    private Separation() {}

    /** Of a fit without a penalty. */
    static SeparationException refusal(Problem problem, List<String> names, double[] direction) {
        return new SeparationException(
                "separation: the classes can be told apart, if only in part, by " + by(problem, names, direction)
                        + ", so without a penalty the coefficients have no finite best values; use a penalty, such as firth or l2");
    }

    /** Of the features that a penalty leaves alone. */
    static SeparationException ofFree(Problem problem, List<String> names, double[] direction) {
        return new SeparationException(
                "separation: the classes can be told apart, if only in part, by " + by(problem, names, direction)
                        + ", whose penalty factor is 0, so the coefficients have no finite best values; use a factor above 0");
    }

    /** The features along which the classes separate, by how far they move a typical row. */
    private static String by(Problem problem, List<String> names, double[] direction) {
        CoefLayout layout = problem.layout;
        double[] share = new double[problem.x.rows()];
        Arrays.fill(share, 1.0 / share.length);
        double[] meanSquare = new double[layout.features()];
        problem.x.squaresAdd(0, share.length, share, meanSquare);
        double[] reach = new double[layout.features()];
        for (int j = 0; j < reach.length; j++) {
            for (int k = 0; k < layout.logits(); k++) {
                double slope = Math.abs(direction[layout.index(j, k)]);
                reach[j] = Math.max(reach[j], slope * Math.sqrt(meanSquare[j]));
            }
        }
        double largest = Arrays.stream(reach).max().orElse(0);
        List<Integer> found = IntStream.range(0, reach.length)
                .filter(j -> reach[j] > NEGLIGIBLE * largest)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -reach[j]))
                .toList();
        String named = found.stream().limit(MOST_NAMES).map(names::get).collect(Collectors.joining(", "));
        String more = found.size() > MOST_NAMES ? " and " + (found.size() - MOST_NAMES) + " more" : "";
        return (named.isEmpty() ? "the intercept" : named) + more;
    }
}
