package io.logits.kernels.simd;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.KernelInfo;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;

/** The service that {@link java.util.ServiceLoader} finds. */
public final class SimdKernels implements Kernels {
    private final Kernels scalar = new ScalarKernels("behind the SIMD kernels");
    private final MatrixKernels matrices = new SimdMatrices(scalar.matrices());
    private final FunctionKernels functions = new SimdFunctions(scalar.functions());
    private final SelectionKernels selection = new SimdSelection(scalar.selection());

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
