/** Loops over arrays: the scalar specification of every kernel and the SPI by which a faster twin is found. */
module io.logits.kernels {
    requires static org.jspecify;

    exports io.logits.kernels;

    uses io.logits.kernels.Kernels;
}
