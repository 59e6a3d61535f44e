/** From a language model's batch of logits to tokens. */
module io.logits.sampling {
    requires static org.jspecify;
    requires io.logits.kernels;

    exports io.logits.sampling;
}
