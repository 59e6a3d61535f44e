package io.logits.sampling;

/** How the sampling of a row ended. */
public enum Status {
    /** A token was drawn. */
    OK,
    /** Nothing was left above -infinity: there is no token. */
    EMPTY,
    /** NaN is among the logits, as they were given or as a step left them: there is no token. */
    NAN
}
