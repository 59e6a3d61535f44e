package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.model.Calibrator;
import io.logits.model.Model;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows ranked by the probability of each class against the rest; of two classes by that of the second alone. Many
 * classes take several passes over the rows, so that no more than {@value #MOST_SCORES} scores are held at a time.
 */
public final class ClassRankings {
    private static final int MOST_SCORES = 1 << 24;

    private final BlockPass pass;
    private final double @Nullable [] weights;

    /**
     * Of the rows of a data set. An offset is added to the logits.
     *
     * @throws IllegalArgumentException if the data has other features than the model, or a class it does not know
     */
    public ClassRankings(Model model, Dataset data) {
        pass = new BlockPass(model, data);
        weights = data.weights();
    }

    /** The index of the first class that is ranked by: of two classes the second. */
    private int first() {
        return pass.classes() == 2 ? 1 : 0;
    }

    /**
     * Gives the curve of one class after the other, in class order.
     *
     * @param threads how many threads score, at least 1
     * @param curves called with a curve and the index of its class
     */
    public void forEach(int threads, ObjIntConsumer<ThresholdCurve> curves) {
        forEachGroup(threads, (from, group) -> {
            for (int g = 0; g < group.length; g++) {
                curves.accept(group[g].count(pass.truth(), from + g, weights), from + g);
            }
        });
    }

    /** Receives the rankings of neighbouring classes, from this one on. */
    @FunctionalInterface
    interface GroupVisitor {
        void visit(int from, Ranking[] group);
    }

    void forEachGroup(int threads, GroupVisitor visitor) {
        int most = Math.max(1, MOST_SCORES / Math.max(1, pass.rows()));
        for (int from = first(); from < pass.classes(); from += most) {
            double[][] scores = scores(from, Math.min(pass.classes(), from + most), threads);
            Ranking[] group = new Ranking[scores.length];
            for (int g = 0; g < group.length; g++) {
                group[g] = Ranking.of(scores[g]);
                scores[g] = new double[0];
            }
            visitor.visit(from, group);
        }
    }

    /**
     * Log-odds of each class {@code from <= k < to}: they tell rows apart that are so sure that probabilities do not.
     * Of two classes they are the logits.
     */
    private double[][] scores(int from, int to, int threads) {
        double[][] scores = new double[to - from][pass.rows()];
        int classes = pass.classes();
        pass.run(threads, block -> {
            for (int i = 0; i < block.decided().length; i++) {
                for (int k = from; k < to; k++) {
                    scores[k - from][block.from() + i] =
                            classes == 2 ? block.z()[i] : Calibrator.logOdds(block.logP()[i * classes + k]);
                }
            }
        });
        return scores;
    }
}
