package io.logits.metrics;

import java.util.stream.DoubleStream;

/**
 * What happens as the threshold above which a row is called positive moves through all scores: the ROC curve, the curve of
 * precision over recall, what they sum up to, and the threshold that costs least. Rows of equal score are never told
 * apart.
 */
public final class ThresholdCurve {
    private final double[] scores;
    private final double[] positives;
    private final double[] negatives;
    private final double allPositives;
    private final double allNegatives;

    /**
     * Counted rows.
     *
     * @param scores distinct, in increasing order
     * @param positives the weight of the rows of the class looked for, at each score
     * @param negatives the weight of all other rows, at each score
     */
    ThresholdCurve(double[] scores, double[] positives, double[] negatives) {
        this.scores = scores;
        this.positives = positives;
        this.negatives = negatives;
        double p = 0;
        double n = 0;
        for (int r = 0; r < scores.length; r++) {
            p += positives[r];
            n += negatives[r];
        }
        allPositives = p;
        allNegatives = n;
    }

    /** How many points the curve has: one for each distinct score, and the one where nothing is positive. */
    public int points() {
        return scores.length + 1;
    }

    /** The weight of the rows of the class looked for. */
    public double positives() {
        return allPositives;
    }

    /** The weight of all other rows. */
    public double negatives() {
        return allNegatives;
    }

    /** Goes over the points from the threshold above all scores, where nothing is positive, to the one below all. */
    public void forEach(PointVisitor visitor) {
        double found = 0;
        double wrong = 0;
        visitor.visit(Double.POSITIVE_INFINITY, found, wrong);
        for (int r = scores.length - 1; r >= 0; r--) {
            found += positives[r];
            wrong += negatives[r];
            double below = r == 0 ? Double.NEGATIVE_INFINITY : scores[r - 1] + (scores[r] - scores[r - 1]) / 2;
            visitor.visit(below, found, wrong);
        }
    }

    /** Receives the points of a curve. */
    @FunctionalInterface
    public interface PointVisitor {
        /**
         * A point.
         *
         * @param threshold halfway between two scores; rows above it are called positive
         * @param truePositives the weight of rows rightly called positive
         * @param falsePositives the weight of rows wrongly called positive
         */
        void visit(double threshold, double truePositives, double falsePositives);
    }

    /** Points of a line to draw, one after the other. */
    public record Points(double[] x, double[] y) {}

    /**
     * The ROC curve: the share of the class that is found ({@code y}) against the share of the others that is wrongly called
     * positive ({@code x}), from (0, 0) to (1, 1). NaN if one side has no weight.
     *
     * @param steps points nearer than {@code 1/steps} both ways to the last one kept are left out, at least 1
     */
    public Points roc(int steps) {
        Thinned line = new Thinned(steps);
        forEach((threshold, found, wrong) -> line.add(wrong / allNegatives, found / allPositives));
        return line.points();
    }

    /**
     * Precision ({@code y}) against recall ({@code x}), from the threshold above which any row lies to the one below all.
     * NaN if the class has no weight.
     *
     * @param steps as for {@link #roc}
     */
    public Points precisionRecall(int steps) {
        Thinned line = new Thinned(steps);
        forEach((threshold, found, wrong) -> {
            if (found + wrong > 0) {
                line.add(found / allPositives, found / (found + wrong));
            }
        });
        return line.points();
    }

    /** A line without the points that no one would see. */
    private static final class Thinned {
        private final double step;
        private final DoubleStream.Builder x = DoubleStream.builder();
        private final DoubleStream.Builder y = DoubleStream.builder();
        private double keptX = Double.NaN;
        private double keptY = Double.NaN;
        private double lastX = Double.NaN;
        private double lastY = Double.NaN;

        Thinned(int steps) {
            step = 1.0 / steps;
        }

        void add(double newX, double newY) {
            lastX = newX;
            lastY = newY;
            // The first one is not near NaN.
            if (!(Math.abs(newX - keptX) < step && Math.abs(newY - keptY) < step)) {
                keep();
            }
        }

        private void keep() {
            keptX = lastX;
            keptY = lastY;
            x.add(keptX);
            y.add(keptY);
        }

        Points points() {
            if (keptX != lastX || keptY != lastY) {
                keep();
            }
            return new Points(x.build().toArray(), y.build().toArray());
        }
    }

    /**
     * The area under the ROC curve: the probability that a row of the class scores higher than one of the others, equal
     * scores counting one half (Hanley and McNeil 1982).
     *
     * @return between 0 and 1; NaN if one side has no weight
     */
    public double area() {
        double below = 0;
        double pairs = 0;
        for (int r = 0; r < scores.length; r++) {
            pairs += positives[r] * (below + negatives[r] / 2);
            below += negatives[r];
        }
        return pairs / (allNegatives * allPositives);
    }

    /**
     * Average precision: the precision at each threshold, weighted by what recall gains there, {@code sum_n (R_n -
     * R_(n-1)) P_n}, without interpolation (as scikit-learn's {@code average_precision_score}).
     *
     * @return between 0 and 1; NaN if the class has no weight
     */
    public double averagePrecision() {
        double found = 0;
        double called = 0;
        double sum = 0;
        for (int r = scores.length - 1; r >= 0; r--) {
            found += positives[r];
            called += positives[r] + negatives[r];
            if (positives[r] > 0) {
                sum += positives[r] * (found / called);
            }
        }
        return sum / allPositives;
    }

    /**
     * What is decided at a threshold, and what it costs.
     *
     * @param threshold rows whose score is above it are called positive; infinite where all or none are
     * @param meanCost per row
     * @param falsePositives the weight of rows wrongly called positive
     * @param falseNegatives the weight of rows wrongly called negative
     */
    public record Cut(double threshold, double meanCost, double falsePositives, double falseNegatives) {}

    /**
     * The threshold at which these rows cost least; among equals the one nearest to {@code preferred}. Chosen on the rows
     * it is measured on, its cost is a little too good.
     *
     * @param falsePositive what a row costs that is wrongly called positive, finite and {@code > 0}
     * @param falseNegative what a row costs that is wrongly called negative, finite and {@code > 0}
     * @param preferred a score; with calibrated log-odds {@code log(falsePositive/falseNegative)}, where both choices cost
     *     the same in expectation (Elkan 2001)
     */
    public Cut cheapest(double falsePositive, double falseNegative, double preferred) {
        Cut[] best = new Cut[1];
        forEach((threshold, found, wrong) -> {
            Cut cut = cut(threshold, found, wrong, falsePositive, falseNegative);
            boolean better = best[0] == null
                    || cut.meanCost() < best[0].meanCost()
                    || (cut.meanCost() == best[0].meanCost()
                            && Math.abs(threshold - preferred) < Math.abs(best[0].threshold() - preferred));
            best[0] = better ? cut : best[0];
        });
        return best[0];
    }

    /** What is decided at a given threshold, and what it costs. */
    public Cut at(double threshold, double falsePositive, double falseNegative) {
        double found = 0;
        double wrong = 0;
        for (int r = 0; r < scores.length; r++) {
            found += scores[r] > threshold ? positives[r] : 0;
            wrong += scores[r] > threshold ? negatives[r] : 0;
        }
        return cut(threshold, found, wrong, falsePositive, falseNegative);
    }

    private Cut cut(double threshold, double found, double wrong, double falsePositive, double falseNegative) {
        double missed = allPositives - found;
        double cost = (wrong * falsePositive + missed * falseNegative) / (allPositives + allNegatives);
        return new Cut(threshold, cost, wrong, missed);
    }
}
