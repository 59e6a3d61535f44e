package io.logits.selection;

/**
 * A path, and what held-out rows say of each of its lambdas.
 *
 * @param l1Ratio the share of L1 in the penalty
 * @param path fitted on all rows
 * @param mean the measure's mean over the folds, each counting with the weight of its rows, for each lambda
 * @param standardError of the mean: the weighted standard deviation over the folds, over the square root of their number
 *     less 1, as glmnet has it; NaN of one fold
 * @param open how many of the fits with a fold held out have not converged, for each lambda
 */
public record ValidationCurve(
        double l1Ratio, RegularizationPath path, double[] mean, double[] standardError, int[] open) {
    /**
     * From the measures of folds.
     *
     * @param ofFold {@code ofFold[f][l]} is that of fold f at lambda l; NaN is left out
     * @param weights of the folds
     */
    static ValidationCurve of(
            double l1Ratio, RegularizationPath path, double[][] ofFold, double[] weights, int[] open) {
        int count = path.points().size();
        double[] mean = new double[count];
        double[] error = new double[count];
        for (int l = 0; l < count; l++) {
            double weight = 0;
            double sum = 0;
            int folds = 0;
            for (int f = 0; f < ofFold.length; f++) {
                if (!Double.isNaN(ofFold[f][l])) {
                    weight += weights[f];
                    sum += weights[f] * ofFold[f][l];
                    folds++;
                }
            }
            mean[l] = sum / weight;
            double squares = 0;
            for (int f = 0; f < ofFold.length; f++) {
                double off = ofFold[f][l] - mean[l];
                squares += Double.isNaN(off) ? 0 : weights[f] * off * off;
            }
            error[l] = Math.sqrt(squares / weight / (folds - 1));
        }
        return new ValidationCurve(l1Ratio, path, mean, error, open);
    }

    /** The index of the best mean, the first among equals; -1 if all are NaN. */
    int best(Measure measure) {
        int best = -1;
        for (int l = 0; l < mean.length; l++) {
            if (!Double.isNaN(mean[l]) && (best < 0 || measure.badness(mean[l]) < measure.badness(mean[best]))) {
                best = l;
            }
        }
        return best;
    }

    /** The index that a rule chooses, {@code best} being that of the best mean. */
    int chosen(Measure measure, LambdaRule rule, int best) {
        if (rule == LambdaRule.MIN) {
            return best;
        }
        double bound = measure.badness(mean[best]) + standardError[best];
        for (int l = 0; l < best; l++) {
            if (measure.badness(mean[l]) <= bound) {
                return l;
            }
        }
        return best;
    }
}
