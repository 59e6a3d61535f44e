package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.loss.Loss;

/** A Newton step of the mean loss on the intercepts alone. */
final class InterceptStep {
    private final Loss loss;
    private final CoefLayout layout;
    private final RowPasses passes;
    private final int first;
    /** How many intercepts are free. */
    private final int free;

    InterceptStep(Loss loss, CoefLayout layout, RowPasses passes) {
        this.loss = loss;
        this.layout = layout;
        this.passes = passes;
        first = layout.firstFree();
        free = layout.freeLogits();
    }

    /** Adds the step to a point: one pass over the data. */
    void takeInPlace(double[] w) {
        passes.narrow(w);
        double[][] parts = new double[passes.blocks()][free * free + free];
        passes.pass(b -> passes.forEachTile(b, (from, to, z, perRow) -> {
            passes.margins(w, from, to, z);
            passes.addOffset(from, to, z);
            loss.evaluateInPlace(z, layout.stride(), from, to - from, perRow);
            addDerivatives(from, to, z, perRow, parts[b]);
        }));
        double[] h = new double[free * free];
        double[] step = new double[free];
        for (double[] part : parts) {
            for (int c = 0; c < h.length; c++) {
                h[c] += part[c];
            }
            for (int a = 0; a < free; a++) {
                step[a] += part[h.length + a];
            }
        }
        boolean[] dependent = new boolean[free];
        // A common shift of all intercepts changes nothing: the last pivot vanishes when no class is the reference.
        Kernels.best().matrices().cholesky(h, free, 1e-10, dependent);
        Kernels.best().matrices().choleskySolve(h, free, dependent, step, 1, 1);
        for (int a = 0; a < free; a++) {
            w[layout.interceptStart() + first + a] -= step[a];
        }
    }

    /** Adds a tile's second derivatives, the lower triangle, and then its first, from its residuals r. */
    private void addDerivatives(int from, int to, double[] r, double[] perRow, double[] sums) {
        int stride = layout.stride();
        double[] state = new double[(to - from) * stride];
        loss.curvatureState(r, stride, from, to - from, state, 0);
        for (int a = 0; a < free; a++) {
            for (int i = 0; i < to - from; i++) {
                sums[free * free + a] += passes.weight(from + i) * r[i * stride + first + a];
            }
            for (int c = 0; c <= a; c++) {
                loss.curvature(state, 0, stride, to - from, first + a, first + c, perRow);
                for (int i = 0; i < to - from; i++) {
                    sums[a * free + c] = Math.fma(passes.weight(from + i), perRow[i], sums[a * free + c]);
                }
            }
        }
    }
}
