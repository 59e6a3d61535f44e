package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of two approximate inverses of a positive definite matrix, each of blocks along its diagonal: of the second derivatives
 * by the coefficients of one class, and of those by the coefficients of one feature (additive Schwarz). Blocks of classes hold
 * columns that are nearly alike, blocks of features what the classes have in common; neither alone is a good preconditioner of
 * conjugate gradients where there are both.
 */
public final class BlockInverse {
    private static final int PARTS = 32;

    private final MatrixKernels kernels = Kernels.best().matrices();
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
     * @param factor the Cholesky factor of what is among them, by rows
     * @param dependent those on whose pivots it could not rely
     */
    record Block(int[] member, double[] factor, boolean[] dependent) {
        /** Below this share of its own diagonal a pivot is rounding. */
        private static final double PIVOT_TOLERANCE = 1e-11;

        /** Factors the lower triangle of a matrix in place. */
        static Block of(int[] member, double[] matrix) {
            boolean[] dependent = new boolean[member.length];
            Kernels.best().matrices().cholesky(matrix, member.length, PIVOT_TOLERANCE, dependent);
            return new Block(member, matrix, dependent);
        }

        void addSolution(MatrixKernels kernels, double[] r, double[] rB, double[] out, double[] outB) {
            double[] x = new double[member.length];
            for (int c = 0; c < x.length; c++) {
                x[c] = member[c] < r.length ? r[member[c]] : rB[member[c] - r.length];
            }
            kernels.choleskySolve(factor, x.length, dependent, x, 1, 1);
            for (int c = 0; c < x.length; c++) {
                if (member[c] < r.length) {
                    out[member[c]] += x[c];
                } else {
                    outB[member[c] - r.length] += x[c];
                }
            }
        }
    }

    /** {@code out} and {@code outB} become this times r, by coefficients, and rB, by intercepts; 0 for those in no block. */
    public void apply(double[] r, double[] rB, double[] out, double[] outB) {
        Arrays.fill(out, 0);
        Arrays.fill(outB, 0);
        workers.run(classes.size(), b -> classes.get(b).addSolution(kernels, r, rB, out, outB));
        workers.runRanges(features.size(), features.size() / PARTS + 1, (from, to) -> {
            for (Block block : features.subList(from, to)) {
                block.addSolution(kernels, r, rB, out, outB);
            }
        });
    }
}
