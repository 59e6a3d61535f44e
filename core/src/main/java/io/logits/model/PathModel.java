package io.logits.model;

import io.logits.features.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Models of one problem under a penalty of several strengths, as one: coefficients that are 0 are not kept. Immutable.
 */
public final class PathModel {
    private static final String LAMBDA = "lambda";

    private final List<String> classes;
    private final Encoding encoding;
    private final Provenance provenance;
    private final double[] means;
    private final List<Point> points;

    /**
     * The model at one lambda.
     *
     * @param lambda finite and {@code >= 0}
     * @param solution how the fit ended, as in {@link Provenance}
     * @param index where coefficients are that are not 0: {@code k*p + j} for logit k and feature j, increasing
     * @param value these coefficients
     * @param intercepts one per logit
     */
    public record Point(double lambda, Map<String, String> solution, int[] index, double[] value, double[] intercepts) {
        /** The coefficients of a model. */
        public static Point of(double lambda, Model model) {
            int p = model.features();
            int[] index = new int[16];
            double[] value = new double[16];
            int count = 0;
            for (int k = 0; k < model.logits(); k++) {
                for (int j = 0; j < p; j++) {
                    double coefficient = model.coefficient(k, j);
                    if (coefficient != 0) {
                        if (count == index.length) {
                            index = Arrays.copyOf(index, 2 * count);
                            value = Arrays.copyOf(value, 2 * count);
                        }
                        index[count] = k * p + j;
                        value[count++] = coefficient;
                    }
                }
            }
            double[] intercepts = new double[model.logits()];
            Arrays.setAll(intercepts, model::intercept);
            return new Point(
                    lambda,
                    model.provenance().solution(),
                    Arrays.copyOf(index, count),
                    Arrays.copyOf(value, count),
                    intercepts);
        }
    }

    /**
     * A path.
     *
     * @param provenance of all points; its solution is not used
     * @param means the mean of each feature over the rows that were learnt from, copied
     * @param points in order of decreasing lambda, at least one
     * @throws IllegalArgumentException if the points do not fit the classes and features, or are not in order
     */
    public PathModel(
            List<String> classes, Encoding encoding, Provenance provenance, double[] means, List<Point> points) {
        this.classes = List.copyOf(classes);
        this.encoding = encoding;
        this.provenance = provenance;
        this.means = means.clone();
        this.points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a path has 1 lambda at least");
        }
        if (means.length != encoding.size()) {
            throw new IllegalArgumentException(means.length + " means were given for " + encoding.size() + " features");
        }
        double before = Double.POSITIVE_INFINITY;
        for (Point point : points) {
            if (!(point.lambda < before && point.lambda >= 0)) {
                throw new IllegalArgumentException("lambda " + point.lambda + " follows " + before
                        + ", finite lambdas >= 0 that decrease are needed");
            }
            before = point.lambda;
            check(point);
        }
    }

    private void check(Point point) {
        if (point.intercepts.length != logits()) {
            throw new IllegalArgumentException(
                    point.intercepts.length + " intercepts were given for " + logits() + " logits");
        }
        if (point.index.length != point.value.length) {
            throw new IllegalArgumentException(
                    point.index.length + " indices were given for " + point.value.length + " coefficients");
        }
        long end = (long) logits() * features();
        int last = -1;
        for (int index : point.index) {
            if (index <= last || index >= end) {
                throw new IllegalArgumentException(
                        "coefficient " + index + " follows " + last + ", they increase and are below " + end);
            }
            last = index;
        }
    }

    /** The names of the classes in order, K of them. */
    public List<String> classes() {
        return classes;
    }

    /** What the features are and how raw values become them. */
    public Encoding encoding() {
        return encoding;
    }

    /** Where all the models came from; what a lambda has of its own is in the provenance of {@link #at(int)}. */
    public Provenance provenance() {
        return provenance;
    }

    /** The same path with another origin. */
    public PathModel withProvenance(Provenance newProvenance) {
        return new PathModel(classes, encoding, newProvenance, means, points);
    }

    /** The mean of each feature over the rows that were learnt from; a copy. */
    public double[] means() {
        return means.clone();
    }

    /** The number of features, p. */
    public int features() {
        return encoding.size();
    }

    /** The number of logits of a row: 1 for two classes, K for more. */
    public int logits() {
        return classes.size() == 2 ? 1 : classes.size();
    }

    /** The points in order of decreasing lambda. */
    public List<Point> points() {
        return points;
    }

    /** The model at a point. */
    public Model at(int point) {
        Point at = points.get(point);
        return model(at.lambda, at.solution, dense(at), at.intercepts);
    }

    /**
     * The model at any lambda of the path's range. Between two lambdas coefficients and intercepts are interpolated
     * linearly in lambda, as glmnet's {@code predict} does; they are then no minimum of anything.
     *
     * @throws IllegalArgumentException if lambda is NaN or outside the range
     */
    public Model at(double lambda) {
        Point first = points.get(0);
        Point last = points.get(points.size() - 1);
        if (!(lambda <= first.lambda && lambda >= last.lambda)) {
            throw new IllegalArgumentException(
                    "lambda is " + lambda + ", the path goes from " + first.lambda + " to " + last.lambda);
        }
        int after = 0;
        while (points.get(after).lambda > lambda) {
            after++;
        }
        return points.get(after).lambda == lambda
                ? at(after)
                : between(points.get(after - 1), points.get(after), lambda);
    }

    private Model between(Point above, Point below, double lambda) {
        double share = (lambda - below.lambda) / (above.lambda - below.lambda);
        double[] coefficients = dense(below);
        double[] others = dense(above);
        for (int c = 0; c < coefficients.length; c++) {
            coefficients[c] += share * (others[c] - coefficients[c]);
        }
        double[] intercepts = below.intercepts.clone();
        for (int k = 0; k < intercepts.length; k++) {
            intercepts[k] += share * (above.intercepts[k] - intercepts[k]);
        }
        Map<String, String> origin = Map.of("interpolated_between", above.lambda + ", " + below.lambda);
        return model(lambda, origin, coefficients, intercepts);
    }

    private double[] dense(Point point) {
        double[] coefficients = new double[Math.multiplyExact(logits(), features())];
        for (int e = 0; e < point.index.length; e++) {
            coefficients[point.index[e]] = point.value[e];
        }
        return coefficients;
    }

    private Model model(double lambda, Map<String, String> solution, double[] coefficients, double[] intercepts) {
        Provenance own =
                provenance.withOptions(Map.of(LAMBDA, Double.toString(lambda))).withSolution(solution);
        Model model = logits() == 1
                ? new LogisticModel(classes, encoding, coefficients, intercepts[0], own)
                : new SoftmaxModel(classes, encoding, coefficients, intercepts, own);
        return model.withMeans(means);
    }
}
