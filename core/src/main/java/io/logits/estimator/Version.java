package io.logits.estimator;

/** The version of this library, as models remember it. */
final class Version {
    static final String VALUE = "0.1.0";

    private Version() {}
}
