package io.logits.metrics;

/**
 * Predictions sorted into equal bins of confidence, bin b of B being {@code (b/B, (b+1)/B]}: a calibrated model is right
 * as often as it is confident (Guo et al. 2017, On Calibration of Modern Neural Networks).
 */
public final class Calibration {
    /** The 97.5 % quantile of the normal distribution. */
    private static final double NORMAL_975 = 1.959963984540054;

    private final double[] weight;
    private final double[] confidence;
    private final double[] right;

    /**
     * Empty bins.
     *
     * @param bins how many, at least 1
     */
    Calibration(int bins) {
        weight = new double[bins];
        confidence = new double[bins];
        right = new double[bins];
    }

    /** Adds a row: its confidence, {@code 0 <= rowConfidence <= 1}, and whether what is predicted is right. */
    void add(double rowWeight, double rowConfidence, boolean isRight) {
        int bin = Math.max(0, (int) Math.ceil(rowConfidence * weight.length) - 1);
        weight[bin] += rowWeight;
        confidence[bin] += rowWeight * rowConfidence;
        right[bin] += isRight ? rowWeight : 0;
    }

    void merge(Calibration other) {
        for (int b = 0; b < weight.length; b++) {
            weight[b] += other.weight[b];
            confidence[b] += other.confidence[b];
            right[b] += other.right[b];
        }
    }

    /** The number of bins. */
    public int bins() {
        return weight.length;
    }

    /** The weight of the rows in a bin. */
    public double weight(int bin) {
        return weight[bin];
    }

    /** The mean confidence of the rows in a bin; NaN if it is empty. */
    public double confidence(int bin) {
        return confidence[bin] / weight[bin];
    }

    /** The share of the rows in a bin whose prediction is right; NaN if it is empty. */
    public double accuracy(int bin) {
        return right[bin] / weight[bin];
    }

    /**
     * Where the share of right predictions among rows like those of a bin may lie, with 95 % confidence: Wilson's interval
     * (1927), the weight of the rows taken for their number. NaN if the bin is empty.
     *
     * @return its lower and its upper end
     */
    public double[] accuracyInterval(int bin) {
        double n = weight[bin];
        double share = accuracy(bin);
        double z2 = NORMAL_975 * NORMAL_975;
        double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
        double half = NORMAL_975 * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
        return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
    }

    /** The weight of all rows. */
    public double weight() {
        return sum(weight);
    }

    /** The share of all rows whose prediction is right. */
    public double accuracy() {
        return sum(right) / sum(weight);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** The mean over rows of the squared distance between confidence and accuracy of their bin. */
    double reliability() {
        double squares = 0;
        for (int b = 0; b < weight.length; b++) {
            double distance = right[b] - confidence[b];
            squares += weight[b] > 0 ? distance * distance / weight[b] : 0;
        }
        return squares / weight();
    }

    /** The mean over rows of the squared distance between the accuracy of their bin and that of all rows. */
    double resolution() {
        double overall = accuracy();
        double squares = 0;
        for (int b = 0; b < weight.length; b++) {
            double distance = right[b] - weight[b] * overall;
            squares += weight[b] > 0 ? distance * distance / weight[b] : 0;
        }
        return squares / weight();
    }

    /** The variance of being right. */
    double uncertainty() {
        return accuracy() * (1 - accuracy());
    }

    /** The mean over rows of the distance between confidence and accuracy of their bin. */
    public double expectedError() {
        double distance = 0;
        double total = 0;
        for (int b = 0; b < weight.length; b++) {
            distance += Math.abs(right[b] - confidence[b]);
            total += weight[b];
        }
        return distance / total;
    }
}
