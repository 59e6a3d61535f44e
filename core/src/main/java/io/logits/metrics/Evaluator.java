package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.kernels.Workers;
import io.logits.model.Model;

/** Goes over the rows once, in blocks whose borders depend on the data only. */
final class Evaluator {
    /** Probabilities of a block: half a megabyte. */
    private static final int BLOCK_ENTRIES = 1 << 16;

    private static final int MOST_BLOCK_ROWS = 1 << 12;

    private final Model model;
    private final Dataset data;
    private final int n;
    private final int classes;
    /** The model's class of each row; -1 where the weight is 0. */
    private final int[] truth;

    private final int[] decision;
    /** The logits of two classes; empty for more. */
    private final double[] scores;

    Evaluator(Model model, Dataset data) {
        this.model = model;
        this.data = data;
        n = data.features().rows();
        classes = model.classes().size();
        double[] offset = data.offset();
        if (offset != null && offset.length != (long) n * model.logits()) {
            throw new IllegalArgumentException("offset has " + offset.length + " entries, " + n + " rows x "
                    + model.logits() + (model.logits() == 1 ? " logit" : " logits") + " are needed");
        }
        truth = truth(data.labels());
        decision = new int[n];
        scores = new double[classes == 2 ? n : 0];
    }

    private int[] truth(Labels labels) {
        int[] known = labels.classes().stream()
                .mapToInt(name -> model.classes().indexOf(name))
                .toArray();
        int[] mapped = new int[n];
        for (int i = 0; i < n; i++) {
            int label = labels.indices()[i];
            mapped[i] = weight(i) > 0 ? known[label] : -1;
            if (weight(i) > 0 && known[label] < 0) {
                throw new IllegalArgumentException("a row is of class "
                        + labels.classes().get(label) + ", the model knows " + String.join(", ", model.classes()));
            }
        }
        return mapped;
    }

    private double weight(int row) {
        double[] weights = data.weights();
        return weights == null ? 1 : weights[row];
    }

    /** Sums over the rows of a block. */
    private static final class Sums {
        double weight;
        double logLoss;
        double right;
        double brier;
        final Calibration calibration = new Calibration(Evaluation.BINS);

        void merge(Sums other) {
            weight += other.weight;
            logLoss += other.logLoss;
            right += other.right;
            brier += other.brier;
            calibration.merge(other.calibration);
        }
    }

    Evaluation evaluate(int threads) {
        int blockRows = Math.max(1, Math.min(MOST_BLOCK_ROWS, BLOCK_ENTRIES / classes));
        Sums[] ofBlock = new Sums[(n + blockRows - 1) / blockRows];
        try (Workers workers = Workers.of(threads)) {
            workers.run(ofBlock.length, b -> {
                int from = b * blockRows;
                ofBlock[b] = block(from, Math.min(n, from + blockRows));
            });
        }
        Sums all = new Sums();
        for (Sums sums : ofBlock) {
            all.merge(sums);
        }
        return new Evaluation(
                n,
                model.classes(),
                all.logLoss / all.weight,
                all.right / all.weight,
                all.brier / all.weight,
                classes == 2 ? AreaUnderCurve.of(scores, truth, data.weights()) : Double.NaN,
                all.calibration,
                confusion());
    }

    private Sums block(int from, int to) {
        int rows = to - from;
        double[] z = new double[rows * model.logits()];
        model.logits(data.features(), from, to, z);
        addOffset(z, from);
        int[] decided = new int[rows];
        model.decide(z, rows, decided);
        System.arraycopy(decided, 0, decision, from, rows);
        if (classes == 2) {
            System.arraycopy(z, 0, scores, from, rows);
        }
        double[] p = new double[rows * classes];
        double[] logP = new double[rows * classes];
        model.probabilitiesOfLogits(z, rows, p);
        model.logProbabilitiesOfLogits(z, rows, logP);
        Sums sums = new Sums();
        for (int i = 0; i < rows; i++) {
            if (truth[from + i] >= 0) {
                add(sums, weight(from + i), p, logP, i * classes, truth[from + i], decided[i]);
            }
        }
        return sums;
    }

    private void add(Sums sums, double weight, double[] p, double[] logP, int at, int label, int decided) {
        sums.weight += weight;
        sums.logLoss -= weight * logP[at + label];
        sums.right += decided == label ? weight : 0;
        sums.brier += weight * brier(p, at, label);
        sums.calibration.add(weight, p[at + decided], decided == label);
    }

    private double brier(double[] p, int at, int label) {
        double sum = 0;
        // Of two classes only the second counts: the first has the same square.
        for (int k = classes == 2 ? 1 : 0; k < classes; k++) {
            double miss = p[at + k] - (k == label ? 1 : 0);
            sum += miss * miss;
        }
        return sum;
    }

    private void addOffset(double[] z, int from) {
        double[] offset = data.offset();
        if (offset != null) {
            for (int i = 0; i < z.length; i++) {
                z[i] += offset[from * model.logits() + i];
            }
        }
    }

    private double[][] confusion() {
        double[][] counts = new double[classes][classes];
        for (int i = 0; i < n; i++) {
            if (truth[i] >= 0) {
                counts[truth[i]][decision[i]] += weight(i);
            }
        }
        return counts;
    }
}
