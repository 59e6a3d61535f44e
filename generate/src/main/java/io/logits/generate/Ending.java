package io.logits.generate;

/** Why a continuation ended. */
public enum Ending {
    /** A token that ends texts came. */
    END,
    /** A stop string came. */
    STOP,
    /** It has as many tokens as were asked for. */
    LENGTH,
    /** The model's context is full. */
    CONTEXT,
    /** No token was left to choose. */
    EMPTY,
    /** The model, or a step of sampling, gave NaN. */
    NAN
}
