package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * The weighted sum of two approximate inverses of a positive definite matrix, each of blocks along its diagonal: of the second
 * derivatives by the coefficients of one class, and of those by the coefficients of one feature (additive Schwarz). Blocks of
 * classes hold columns that are nearly alike, blocks of features what the classes have in common; neither alone is a good
 * preconditioner of conjugate gradients where there are both.
 */
public final class BlockInverse {
    private static final int PARTS = 32;
    /** The weight of the blocks of features: as many of them move a row's margins alike, the largest eigenvalue is 10 without. */
    private static final double FEATURES = 0.25;

    private final List<Block> classes;
    private final List<Block> features;
    private final Workers workers;

    /** No coefficient is in two blocks of a list. */
    BlockInverse(List<Block> classes, List<Block> features, Workers workers) {
        this.classes = classes;
        this.features = features;
        this.workers = workers;
    }

    /**
     * Some of the coefficients and, counted on after them, intercepts.
     *
     * @param factor the Cholesky factor of what is among them, each row up to its diagonal: in float32, as it is read from
     *     memory for each product
     * @param dependent those whose solution is 0
     */
    record Block(int[] member, float[] factor, boolean[] dependent) {
        /** Below this share of its own diagonal a pivot is rounding. */
        private static final double PIVOT_TOLERANCE = 1e-11;

        private static final int FEW_ROWS = 4;

        /** Factors a matrix, given by its lower triangle; it is overwritten. */
        static Block of(int[] member, double[] matrix) {
            int n = member.length;
            boolean[] dependent = new boolean[n];
            Kernels.best().matrices().cholesky(matrix, n, PIVOT_TOLERANCE, dependent);
            float[] factor = new float[row(n)];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    factor[row(i) + j] = (float) matrix[i * n + j];
                }
                float pivot = factor[row(i) + i];
                dependent[i] |= !(pivot > 0 && pivot < Float.POSITIVE_INFINITY);
            }
            return new Block(member, factor, dependent);
        }

        private static int row(int i) {
            return i * (i + 1) / 2;
        }

        /** Leaves a member out: its solution becomes 0, those of others that were not dependent are of the matrix among these. */
        void leaveOut(int at) {
            int n = member.length;
            double[] column = new double[n];
            for (int i = at + 1; i < n; i++) {
                column[i] = factor[row(i) + at];
                factor[row(i) + at] = 0;
            }
            Arrays.fill(factor, row(at), row(at) + at, 0);
            factor[row(at) + at] = 1;
            dependent[at] = true;
            // What its column added to the products of the rows after it is rotated into them.
            double[] cosine = new double[n];
            double[] sine = new double[n];
            for (int i = at + 1; i < n; i++) {
                double left = column[i];
                for (int j = at + 1; j < i; j++) {
                    double l = factor[row(i) + j];
                    factor[row(i) + j] = (float) (cosine[j] * l + sine[j] * left);
                    left = cosine[j] * left - sine[j] * l;
                }
                double pivot = factor[row(i) + i];
                double length = Math.hypot(pivot, left);
                cosine[i] = pivot / length;
                sine[i] = left / length;
                factor[row(i) + i] = (float) length;
            }
        }

        void addSolution(double weight, double[] r, double[] rB, double[] out, double[] outB) {
            double[] x = new double[member.length];
            for (int c = 0; c < x.length; c++) {
                x[c] = member[c] < r.length ? r[member[c]] : rB[member[c] - r.length];
            }
            solve(x);
            for (int c = 0; c < x.length; c++) {
                if (member[c] < r.length) {
                    out[member[c]] += weight * x[c];
                } else {
                    outB[member[c] - r.length] += weight * x[c];
                }
            }
        }

        private void solve(double[] x) {
            int n = x.length;
            for (int i = 0; i < n; i++) {
                x[i] = divided(i, x[i] - product(i, x));
            }
            int i = n;
            for (; i % FEW_ROWS != 0; i--) {
                x[i - 1] = divided(i - 1, x[i - 1]);
                subtract(i - 1, 0, i - 1, x);
            }
            for (; i > 0; i -= FEW_ROWS) {
                for (int k = i - 1; k >= i - FEW_ROWS; k--) {
                    x[k] = divided(k, x[k]);
                    subtract(k, i - FEW_ROWS, k, x);
                }
                subtractFour(i - FEW_ROWS, x);
            }
        }

        private double divided(int i, double v) {
            return dependent[i] ? 0 : v / factor[row(i) + i];
        }

        /** Row i times the x before it: eight sums, as each addition waits for the one before. */
        private double product(int i, double[] x) {
            int at = row(i);
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            double s4 = 0;
            double s5 = 0;
            double s6 = 0;
            double s7 = 0;
            int j = 0;
            for (; j <= i - 8; j += 8) {
                s0 = Math.fma(factor[at + j], x[j], s0);
                s1 = Math.fma(factor[at + j + 1], x[j + 1], s1);
                s2 = Math.fma(factor[at + j + 2], x[j + 2], s2);
                s3 = Math.fma(factor[at + j + 3], x[j + 3], s3);
                s4 = Math.fma(factor[at + j + 4], x[j + 4], s4);
                s5 = Math.fma(factor[at + j + 5], x[j + 5], s5);
                s6 = Math.fma(factor[at + j + 6], x[j + 6], s6);
                s7 = Math.fma(factor[at + j + 7], x[j + 7], s7);
            }
            for (; j < i; j++) {
                s0 = Math.fma(factor[at + j], x[j], s0);
            }
            return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
        }

        /** Takes row i's part of a solution from the x before it, from one on. */
        private void subtract(int i, int from, int to, double[] x) {
            int at = row(i);
            double v = -x[i];
            for (int j = from; j < to; j++) {
                x[j] = Math.fma(factor[at + j], v, x[j]);
            }
        }

        /** The same of four rows, from i on, at once. */
        private void subtractFour(int i, double[] x) {
            int r0 = row(i);
            int r1 = row(i + 1);
            int r2 = row(i + 2);
            int r3 = row(i + 3);
            double v0 = -x[i];
            double v1 = -x[i + 1];
            double v2 = -x[i + 2];
            double v3 = -x[i + 3];
            for (int j = 0; j < i; j++) {
                double sum = Math.fma(factor[r2 + j], v2, Math.fma(factor[r3 + j], v3, x[j]));
                x[j] = Math.fma(factor[r0 + j], v0, Math.fma(factor[r1 + j], v1, sum));
            }
        }
    }

    /** Leaves coefficients out, as if they had not been in any block. */
    public void leaveOut(boolean[] coefficient) {
        forEach((weight, block) -> leaveOut(block, coefficient));
    }

    private static void leaveOut(Block block, boolean[] coefficient) {
        for (int c = 0; c < block.member.length; c++) {
            if (block.member[c] < coefficient.length && coefficient[block.member[c]]) {
                block.leaveOut(c);
            }
        }
    }

    /** {@code out} and {@code outB} become this times r, by coefficients, and rB, by intercepts; 0 for those in no block. */
    public void apply(double[] r, double[] rB, double[] out, double[] outB) {
        Arrays.fill(out, 0);
        Arrays.fill(outB, 0);
        forEach((weight, block) -> block.addSolution(weight, r, rB, out, outB));
    }

    /** Visits a block with its weight in the sum. */
    @FunctionalInterface
    private interface Visitor {
        void visit(double weight, Block block);
    }

    /** First those of classes, then those of features, of each sort as many at once as there are threads. */
    private void forEach(Visitor visitor) {
        workers.run(classes.size(), b -> visitor.visit(1, classes.get(b)));
        workers.runRanges(features.size(), features.size() / PARTS + 1, (from, to) -> {
            for (Block block : features.subList(from, to)) {
                visitor.visit(FEATURES, block);
            }
        });
    }
}
