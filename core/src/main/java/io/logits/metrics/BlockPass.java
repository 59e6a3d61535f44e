package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A pass over labelled rows in blocks whose borders depend on the data only: no n x K matrix is ever formed. */
final class BlockPass {
    /** Probabilities of a block: half a megabyte. */
    private static final int BLOCK_ENTRIES = 1 << 16;

    private static final int MOST_BLOCK_ROWS = 1 << 12;

    private final Model model;
    private final Dataset data;
    private final int n;
    private final int classes;
    private final FunctionKernels functions;
    /** For each class of the labels the model's; -1 where the model has none. */
    private final int[] known;
    /** The model's class of each row that has been visited; -1 where the weight is 0. */
    private final int[] truth;
    /** Whether all rows count and their classes are those of the model, which the truth then is from the start. */
    private final boolean alike;

    /**
     * Checks that the data fits the model.
     *
     * @throws IllegalArgumentException if it does not
     */
    BlockPass(Model model, Dataset data) {
        this.model = model;
        this.data = data;
        n = data.features().rows();
        classes = model.classes().size();
        functions = Kernels.ofRows((long) n * classes);
        double[] offset = data.offset();
        if (offset != null && offset.length != (long) n * model.logits()) {
            throw new IllegalArgumentException("offset has " + offset.length + " entries, " + n + " rows x "
                    + model.logits() + (model.logits() == 1 ? " logit" : " logits") + " are needed");
        }
        known = data.labels().classes().stream()
                .mapToInt(name -> model.classes().indexOf(name))
                .toArray();
        checkKnown(data.labels());
        alike = data.weights() == null && IntStream.range(0, known.length).allMatch(label -> known[label] == label);
        truth = alike ? data.labels().indices() : new int[n];
    }

    private void checkKnown(Labels labels) {
        boolean all = Arrays.stream(known).allMatch(k -> k >= 0);
        for (int i = 0; i < n && !all; i++) {
            int label = labels.indices()[i];
            if (weight(i) > 0 && known[label] < 0) {
                throw new IllegalArgumentException("a row is of class "
                        + labels.classes().get(label) + ", the model knows " + String.join(", ", model.classes()));
            }
        }
    }

    int rows() {
        return n;
    }

    int classes() {
        return classes;
    }

    /** The model's class of each row that has been visited; -1 where the weight is 0. */
    int[] truth() {
        return truth;
    }

    double weight(int row) {
        double[] weights = data.weights();
        return weights == null ? 1 : weights[row];
    }

    /** How many blocks there are. */
    int blocks() {
        return (n + blockRows() - 1) / blockRows();
    }

    private int blockRows() {
        return Math.max(1, Math.min(MOST_BLOCK_ROWS, BLOCK_ENTRIES / classes));
    }

    /** Scored rows {@code from <= i < from + decided.length}; what is not asked for is not computed. */
    final class Block {
        private final int number;
        private final int from;
        private final double[] z;
        private final int[] decided;
        private double[] p = {};
        private double[] logP = {};
        private double[] losses = {};

        private Block(int number, int from, double[] z, int[] decided) {
            this.number = number;
            this.from = from;
            this.z = z;
            this.decided = decided;
        }

        int number() {
            return number;
        }

        int from() {
            return from;
        }

        /** Logits with the offset, calibrated, {@code logits} a row. */
        double[] z() {
            return z;
        }

        /** The class decided for each row. */
        int[] decided() {
            return decided;
        }

        /** Probabilities, K a row. */
        double[] p() {
            if (p.length == 0) {
                p = new double[decided.length * classes];
                model.probabilitiesOfLogits(z, decided.length, p);
            }
            return p;
        }

        /** Logarithms of the probabilities, K a row. */
        double[] logP() {
            if (logP.length == 0) {
                logP = new double[decided.length * classes];
                model.logProbabilitiesOfLogits(functions, z, decided.length, logP);
            }
            return logP;
        }

        /** {@code -log p(true class)} of each row that has one: by the kernels of a fit, which are compiled where one came before. */
        double[] losses() {
            if (losses.length == 0) {
                int rows = decided.length;
                losses = new double[rows];
                int[] labels = alike ? truth : someClass();
                int first = alike ? from : 0;
                double[] gradient = new double[z.length];
                if (model.logits() == 1) {
                    functions.logLoss(z, 0, labels, first, rows, losses, gradient);
                } else {
                    functions.crossEntropy(z, classes, labels, first, rows, classes, losses, gradient);
                }
                for (int i = 0; i < rows; i++) {
                    // A row that holds an infinite logit has NaN here, and yet a probability.
                    if (Double.isNaN(losses[i]) && truth[from + i] >= 0) {
                        losses[i] = -logP()[i * classes + truth[from + i]];
                    }
                }
            }
            return losses;
        }

        /** The true classes, and any class where there is none. */
        private int[] someClass() {
            int[] some = new int[decided.length];
            for (int i = 0; i < some.length; i++) {
                some[i] = Math.max(truth[from + i], 0);
            }
            return some;
        }
    }

    /** Receives blocks, from several threads. */
    @FunctionalInterface
    interface BlockVisitor {
        void visit(Block block);
    }

    /** Scores all rows. */
    void run(int threads, BlockVisitor visitor) {
        try (Workers workers = Workers.of(threads)) {
            workers.run(blocks(), b -> {
                int from = b * blockRows();
                visitor.visit(block(b, from, Math.min(n, from + blockRows())));
            });
        }
    }

    private Block block(int number, int from, int to) {
        int rows = to - from;
        double[] z = new double[rows * model.logits()];
        model.logits(data.features(), from, to, z);
        double[] offset = data.offset();
        if (offset != null) {
            for (int i = 0; i < z.length; i++) {
                z[i] += offset[from * model.logits() + i];
            }
        }
        model.calibrateInPlace(z, rows);
        int[] decided = new int[rows];
        model.decide(z, rows, decided);
        int[] indices = data.labels().indices();
        for (int i = from; i < to && !alike; i++) {
            truth[i] = weight(i) > 0 ? known[indices[i]] : -1;
        }
        return new Block(number, from, z, decided);
    }

    /** The squared error of a row whose probabilities begin at {@code at}; of two classes, of the second alone. */
    double brier(double[] p, int at, int label) {
        double sum = 0;
        // Of two classes only the second counts: the first has the same square.
        for (int k = classes == 2 ? 1 : 0; k < classes; k++) {
            double miss = p[at + k] - (k == label ? 1 : 0);
            sum += miss * miss;
        }
        return sum;
    }

    /**
     * How many classes come before the true one: the more probable ones, and of equally probable ones the earlier.
     *
     * @param at where the row's probabilities, or their logarithms, begin
     */
    int rank(double[] logP, int at, int label) {
        int before = 0;
        double own = logP[at + label];
        for (int k = 0; k < classes; k++) {
            before += logP[at + k] > own || (logP[at + k] == own && k < label) ? 1 : 0;
        }
        return before;
    }
}
