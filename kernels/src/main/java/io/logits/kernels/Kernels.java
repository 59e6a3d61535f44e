package io.logits.kernels;

/**
 * The service interface: a complete set of kernels. Every implementation gives the same bits as {@link ScalarKernels}.
 * Implementations keep no state that a result depends on, and are safe for use from many threads.
 */
public interface Kernels {
    /** Which kernels these are and why they were chosen. */
    KernelInfo info();

    /** Elementary functions, rows of logits, and losses. */
    FunctionKernels functions();

    /** Products with blocks of rows, and dense symmetric systems. */
    MatrixKernels matrices();

    /** Passes over rows of logits that a sampler needs. */
    SelectionKernels selection();

    /**
     * The kernels of this process: the widest twin that {@link java.util.ServiceLoader} finds, else the scalar
     * specification. The system property {@code logits.kernels} = {@code scalar} asks for the specification itself, as
     * tests do.
     */
    static Kernels best() {
        return KernelLoader.BEST;
    }
}
