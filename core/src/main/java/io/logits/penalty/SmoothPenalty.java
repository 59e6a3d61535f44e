package io.logits.penalty;

/** A quadratic penalty, so that gradient and curvature exist everywhere. */
public sealed interface SmoothPenalty permits None, Ridge {
    /** The second derivative by the coefficients of feature {@code j}; 0 means the feature is free. */
    double curvature(int j);

    /** Whether every feature is free. */
    boolean isNone();
}
