package io.logits.kernels;

/**
 * The service interface: a complete set of kernels. Every implementation gives the same bits as {@link ScalarKernels}.
 * Implementations keep no state that a result depends on, and are safe for use from many threads.
 */
public interface Kernels {
    /** Twenty visits by plain loops take .16 s more than by vectors, and these .8 s of processor time to be compiled. */
    long FEW_ENTRIES = 1 << 20;

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

    /**
     * Functions for rows of logits that are visited a few times: the specification itself where they are so few that they are
     * done before vectors are compiled; the bits are the same.
     *
     * @param entries of all rows that one caller visits, at least 0
     */
    static FunctionKernels ofRows(long entries) {
        return entries <= FEW_ENTRIES ? new ScalarKernels("few rows").functions() : best().functions();
    }
}
