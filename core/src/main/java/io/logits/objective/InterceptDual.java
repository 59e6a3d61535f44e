package io.logits.objective;

/**
 * The part of the duality gap that unpenalised intercepts leave. A dual point needs classes whose mean probabilities
 * are their shares of the rows, exactly; {@code P} has them up to the derivatives r by the intercepts. So mass is moved:
 * each class k with {@code r_k > 0} gives {@code theta_k = r_k / (share_k + r_k)} of its probability in every row to the
 * classes with {@code r_l < 0}, in proportion to these. That is feasible, and of the gap
 * {@code |lambda w + G|^2 / (2 lambda)} at {@code P - Y} four things change: {@code b.r} comes back, the conjugate of the penalty is
 * taken at the moved G, offsets count with at most their spread, and the mean entropy falls by at most
 * {@code sum theta_k (1/e - log(1 - theta_k))}, because entropy is concave and {@code p log(1/p) <= 1/e}.
 */
final class InterceptDual {
    private static final double MOST_ENTROPY = 1 / Math.E;

    private final CoefLayout layout;
    private final double[] penaltyCurvature;
    private final double[] classSums;
    private final double[] firstSums;
    private final double offsetSpread;

    /**
     * The dual correction of an objective.
     *
     * @param penaltyCurvature second derivatives of the penalty, as the coefficients lie
     * @param classSums {@code sum_i s_i [y_i = k] (x_i,1) / S} for the logits k, laid out as coefficients
     * @param firstSums the same of the first class where two classes have one logit, else empty
     * @param offsetSpread the largest difference between the offsets of a row
     */
    InterceptDual(
            CoefLayout layout, double[] penaltyCurvature, double[] classSums, double[] firstSums, double offsetSpread) {
        this.layout = layout;
        this.penaltyCurvature = penaltyCurvature;
        this.classSums = classSums;
        this.firstSums = firstSums;
        this.offsetSpread = offsetSpread;
    }

    /** What must be added to the gap of the penalised coordinates; at least 0. */
    double gap(double[] w, double[] gradient) {
        int at = layout.interceptStart();
        double change = 0;
        double moved = 0;
        for (int k = 0; k < layout.logits(); k++) {
            change += w[at + k] * gradient[at + k];
            moved += Math.abs(gradient[at + k]);
        }
        if (moved == 0) {
            return 0;
        }
        change += layout.logits() == 1 ? movedOfOne(w, gradient) : movedOfMany(w, gradient, moved / 2);
        return Math.max(0, change + offsetSpread * moved);
    }

    private static double entropyLost(double theta) {
        return theta * (MOST_ENTROPY - Math.log1p(-theta));
    }

    /** Two classes and one logit: the change of the conjugate, and the entropy lost. */
    private double movedOfOne(double[] w, double[] gradient) {
        int at = layout.interceptStart();
        double r = gradient[at];
        double theta = r > 0 ? r / (classSums[at] + r) : -r / (firstSums[at] - r);
        double change = 0;
        for (int c = 0; c < at; c++) {
            if (penaltyCurvature[c] > 0) {
                double g = gradient[c] - penaltyCurvature[c] * w[c];
                double step = r > 0 ? -theta * (classSums[c] + g) : theta * (firstSums[c] - g);
                change += step * (2 * g + step) / (2 * penaltyCurvature[c]);
            }
        }
        return change + entropyLost(theta);
    }

    /** The same for many classes, one logit each; {@code total} is the mass that moves. */
    private double movedOfMany(double[] w, double[] gradient, double total) {
        int at = layout.interceptStart();
        int logits = layout.logits();
        double[] theta = new double[logits];
        double change = 0;
        for (int k = 0; k < logits; k++) {
            double r = gradient[at + k];
            theta[k] = r > 0 ? r / (classSums[at + k] + r) : 0;
            change += entropyLost(theta[k]);
        }
        for (int j = 0; j < layout.features(); j++) {
            double given = 0;
            for (int k = 0; k < logits; k++) {
                int c = layout.index(j, k);
                given += theta[k] * (classSums[c] + gradient[c] - penaltyCurvature[c] * w[c]);
            }
            for (int k = 0; k < logits; k++) {
                int c = layout.index(j, k);
                if (penaltyCurvature[c] > 0) {
                    double g = gradient[c] - penaltyCurvature[c] * w[c];
                    double share = Math.max(0, -gradient[at + k]) / total;
                    double step = share * given - theta[k] * (classSums[c] + g);
                    change += step * (2 * g + step) / (2 * penaltyCurvature[c]);
                }
            }
        }
        return change;
    }
}
