package io.logits.selection;

import io.logits.data.Dataset;
import io.logits.metrics.ClassRankings;
import io.logits.metrics.Score;
import io.logits.model.Model;

/** What held-out rows are judged by. */
public enum Measure {
    /** The weighted mean of {@code -log p(true class)}; the less the better. */
    LOG_LOSS("log-loss", false) {
        @Override
        double of(Model model, Dataset held) {
            return Score.of(model, held, 1).logLoss();
        }
    },
    /** The weighted share of rows whose most probable class is the true one. */
    ACCURACY("accuracy", true) {
        @Override
        double of(Model model, Dataset held) {
            return Score.of(model, held, 1).accuracy();
        }
    },
    /**
     * The area under the ROC curve; of many classes the mean of each against the rest, over those for which it exists. NaN
     * where it exists for none.
     */
    AUC("auc", true) {
        @Override
        double of(Model model, Dataset held) {
            double[] sum = new double[1];
            int[] count = new int[1];
            new ClassRankings(model, held).forEach(1, (curve, k) -> {
                if (!Double.isNaN(curve.area())) {
                    sum[0] += curve.area();
                    count[0]++;
                }
            });
            return sum[0] / count[0];
        }
    };

    private final String label;
    private final boolean moreIsBetter;

    Measure(String label, boolean moreIsBetter) {
        this.label = label;
        this.moreIsBetter = moreIsBetter;
    }

    /** The measure of a model on rows. */
    abstract double of(Model model, Dataset held);

    /** The name in lower case with hyphens. */
    public String label() {
        return label;
    }

    /** Whether a larger value is the better one. */
    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** A number that is the less the better. */
    double badness(double value) {
        return moreIsBetter ? -value : value;
    }
}
