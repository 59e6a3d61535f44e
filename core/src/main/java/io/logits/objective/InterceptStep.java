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
        int stride = layout.stride();
        double[][] curvatures = new double[passes.blocks()][stride * stride];
        double[][] slopes = new double[passes.blocks()][stride];
        passes.pass(b -> passes.forEachTile(b, (from, to, z, perRow) -> {
            passes.margins(w, from, to, z);
            passes.addOffset(from, to, z);
            loss.evaluateInPlace(z, stride, from, to - from, perRow);
            double[] state = new double[(to - from) * stride];
            loss.curvatureState(z, stride, from, to - from, state, 0);
            for (int i = 0; i < to - from; i++) {
                perRow[i] = passes.weight(from + i);
            }
            loss.curvatureSumAdd(state, 0, stride, to - from, perRow, curvatures[b]);
            passes.weighInPlace(from, to, z);
            passes.addToIntercepts(from, to, z, 0, slopes[b]);
        }));
        double[] h = new double[free * free];
        double[] step = new double[free];
        for (int b = 0; b < curvatures.length; b++) {
            for (int a = 0; a < free; a++) {
                for (int c = 0; c <= a; c++) {
                    h[a * free + c] += curvatures[b][(first + a) * stride + first + c];
                }
                step[a] += slopes[b][first + a];
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
}
