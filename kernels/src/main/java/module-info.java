/** Loops over arrays: the scalar specification of every kernel and the SPI by which a faster twin is found. */
module io.logits.kernels {
    requires static org.jspecify;

    exports io.logits.kernels;
    exports io.logits.kernels.spec to
            io.logits.kernels.simd;

    uses io.logits.kernels.Kernels;
}
