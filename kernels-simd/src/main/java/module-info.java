/** The kernels in jdk.incubator.vector: the same bits as the scalar specification, several lanes at a time. */
module io.logits.kernels.simd {
    requires static org.jspecify;
    requires jdk.incubator.vector;
    requires io.logits.kernels;

    provides io.logits.kernels.Kernels with
            io.logits.kernels.simd.SimdKernels;
}
