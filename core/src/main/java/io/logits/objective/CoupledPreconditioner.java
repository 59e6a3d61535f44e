package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;

/**
 * {@code M^-1 + V (S^-1 - T^-1) V'} of {@link CoupledCurvature}. Holds the factors and directions alone, not the rows that told
 * them.
 */
final class CoupledPreconditioner implements Preconditioner {
    private final MatrixKernels kernels = Kernels.best().matrices();
    private final CoefLayout layout;
    private final int count;
    /** The directions, those of the features one after the other. */
    private final double[] ofFeatures;
    /** The intercept of each direction; empty without one. */
    private final double[] ofIntercept;

    private final double[] s;
    private final boolean[] sDependent;
    private final double[] t;
    private final boolean[] tDependent;
    private final Preconditioner model;

    /**
     * The inverse.
     *
     * @param directions {@code directions[a][j]}
     * @param s Cholesky factor of S, logit by logit
     * @param sDependent its dependent columns
     * @param t Cholesky factor of T of one logit
     * @param tDependent its dependent columns
     * @param model M^-1
     */
    CoupledPreconditioner(
            CoefLayout layout,
            double[][] directions,
            double[] s,
            boolean[] sDependent,
            double[] t,
            boolean[] tDependent,
            Preconditioner model) {
        this.layout = layout;
        this.s = s;
        this.sDependent = sDependent;
        this.t = t;
        this.tDependent = tDependent;
        this.model = model;
        count = directions.length;
        ofFeatures = CoupledCurvature.flat(directions, layout.features());
        ofIntercept = new double[layout.intercept() ? count : 0];
        for (int a = 0; a < ofIntercept.length; a++) {
            ofIntercept[a] = directions[a][layout.features()];
        }
    }

    @Override
    public void apply(double[] r, double[] out) {
        int logits = layout.logits();
        double[] coupled = project(r);
        double[] apart = transposed(coupled, logits, count);
        kernels.choleskySolve(s, sDependent.length, sDependent, coupled, 1, 1);
        kernels.choleskySolve(t, count, tDependent, apart, logits, logits);
        double[] change = transposed(coupled, logits, count);
        kernels.axpy(-1, apart, change, change.length);
        model.apply(r, out);
        add(change, out);
    }

    /** {@code V'r}, logit by logit. */
    private double[] project(double[] r) {
        int p = layout.features();
        double[] along = new double[layout.logits() * count];
        kernels.multiplyAdd(r, 0, layout.logits(), p, ofFeatures, count, along, 0);
        for (int k = 0; k < layout.logits(); k++) {
            for (int a = 0; a < ofIntercept.length; a++) {
                along[k * count + a] = Math.fma(ofIntercept[a], r[layout.index(p, k)], along[k * count + a]);
            }
        }
        return along;
    }

    /** {@code out += V change}, the change direction by direction. */
    private void add(double[] change, double[] out) {
        int p = layout.features();
        int logits = layout.logits();
        kernels.transposeMultiplyAdd(ofFeatures, 0, count, p, change, 0, logits, out);
        for (int a = 0; a < ofIntercept.length; a++) {
            for (int k = 0; k < logits; k++) {
                int c = layout.index(p, k);
                out[c] = Math.fma(ofIntercept[a], change[a * logits + k], out[c]);
            }
        }
    }

    private static double[] transposed(double[] values, int rows, int cols) {
        double[] out = new double[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                out[j * rows + i] = values[i * cols + j];
            }
        }
        return out;
    }
}
