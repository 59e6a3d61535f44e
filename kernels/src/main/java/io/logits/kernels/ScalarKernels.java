package io.logits.kernels;

/** The specification: plain loops whose results every other set of kernels reproduces bit by bit. */
public final class ScalarKernels implements Kernels {
    private final KernelInfo info;
    private final FunctionKernels functions = new ScalarFunctions();
    private final MatrixKernels matrices = new ScalarMatrices();
    private final SelectionKernels selection = new ScalarSelection();

    /**
     * The scalar kernels.
     *
     * @param reason why they serve, for {@link KernelInfo#reason()}
     */
    public ScalarKernels(String reason) {
        info = new KernelInfo("scalar", 64, reason);
    }

    @Override
    public KernelInfo info() {
        return info;
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
