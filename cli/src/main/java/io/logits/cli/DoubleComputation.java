package io.logits.cli;

import io.logits.formats.Digits;
import io.logits.formats.NumberRows;
import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import java.util.Arrays;

/** Functions in float64. */
final class DoubleComputation implements Computation {
    private final FunctionKernels kernels = Kernels.best().functions();
    private final LogitFunction function;

    private double[] results = new double[0];
    private double[] perRow = new double[0];

    DoubleComputation(LogitFunction function) {
        this.function = function;
    }

    @Override
    public void compute(NumberRows rows) {
        double[] z = rows.doubles();
        int n = rows.start(rows.rows());
        if (function.foldsRows() && perRow.length < rows.rows()) {
            perRow = new double[rows.rows()];
        }
        results = function.foldsRows() ? perRow : z;
        switch (function) {
            case SIGMOID -> kernels.sigmoid(z, 0, n, z, 0);
            case LOG_SIGMOID -> kernels.logSigmoid(z, 0, n, z, 0);
            case SOFTPLUS -> kernels.softplus(z, 0, n, z, 0);
            case LOGIT -> kernels.logit(z, 0, n, z, 0);
            case LOG_LOSS -> kernels.logLoss(z, 0, rows.labels(), 0, n, perRow, z);
            default -> {
                for (int from = 0, to; from < rows.rows(); from = to) {
                    to = rows.endOfSameLength(from);
                    computeRows(rows, from, to - from);
                }
            }
        }
    }

    /** Rows of the same length, one after the other. */
    private void computeRows(NumberRows rows, int from, int count) {
        double[] z = rows.doubles();
        int start = rows.start(from);
        int cols = rows.start(from + 1) - start;
        switch (function) {
            case SOFTMAX -> kernels.softmax(z, start, cols, count, cols, z, start, cols);
            case LOG_SOFTMAX -> kernels.logSoftmax(z, start, cols, count, cols, z, start, cols);
            case LOG_SUM_EXP -> kernels.logSumExp(z, start, cols, count, cols, perRow, from);
            case CROSS_ENTROPY -> {
                // The kernel begins at the start of its arrays.
                double[] group = Arrays.copyOfRange(z, start, start + count * cols);
                double[] loss = new double[count];
                kernels.crossEntropy(group, cols, rows.labels(), from, count, cols, loss, group);
                System.arraycopy(loss, 0, perRow, from, count);
            }
            default -> throw new IllegalStateException(function + " is of single numbers");
        }
    }

    @Override
    public int put(int i, byte[] out, int at) {
        return Digits.put(results[i], out, at);
    }

    @Override
    public double result(int i) {
        return results[i];
    }
}
