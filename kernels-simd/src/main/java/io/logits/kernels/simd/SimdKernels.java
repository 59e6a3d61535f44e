package io.logits.kernels.simd;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.KernelInfo;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;

/** The service that {@link java.util.ServiceLoader} finds. */
public final class SimdKernels implements Kernels {
    /** Losses of two classes that are left to plain loops, of which vectors are only three times as fast: about a second. */
    private static final long PLAIN_LOSSES = 1L << 25;
    /** Logits of cross-entropies: half a second more than by vectors, which is what they would take to be compiled. */
    private static final long PLAIN_ENTROPIES = 1L << 27;
    /** And probabilities of two classes: a tenth of a second. */
    private static final long PLAIN_SIGMOIDS = 1L << 22;

    private final MatrixKernels matrices;
    private final FunctionKernels functions;
    private final SelectionKernels selection;

    /** Kernels whose products and passes begin with the plain loops, for as long as vectors would not pay. */
    public SimdKernels() {
        this(false);
    }

    /**
     * Kernels.
     *
     * @param atOnce whether vectors do products and passes from the first call on
     */
    SimdKernels(boolean atOnce) {
        Kernels scalar = new ScalarKernels("behind the SIMD kernels");
        MatrixKernels vectors = new SimdMatrices(scalar.matrices());
        matrices = atOnce ? vectors : new PlainFirstMatrices(scalar.matrices(), vectors);
        functions = new SimdFunctions(
                scalar.functions(),
                new PlainFirst(atOnce ? 0 : PLAIN_LOSSES),
                new PlainFirst(atOnce ? 0 : PLAIN_ENTROPIES),
                new PlainFirst(atOnce ? 0 : PLAIN_SIGMOIDS));
        SelectionKernels passes = new SimdSelection(scalar.selection());
        selection = atOnce ? passes : new PlainFirstSelection(scalar.selection(), passes);
    }

    @Override
    public KernelInfo info() {
        return new KernelInfo("simd", Lanes.BITS, "jdk.incubator.vector is there");
    }

    @Override
    public FunctionKernels functions() {
        return functions;
    }

    @Override
    public MatrixKernels matrices() {
        return matrices;
    }

    @Override
    public SelectionKernels selection() {
        return selection;
    }
}
