package io.logits.cli;

/** How many classes a fit is meant for. */
enum Family {
    AUTO,
    BINOMIAL,
    MULTINOMIAL;

    /** The family of a model with so many classes, as reports spell it: two classes are one logit. */
    static String of(int classes) {
        return classes == 2 ? "binomial" : "multinomial";
    }

    /**
     * Refuses classes that do not suit.
     *
     * @throws IllegalArgumentException if there are more than two for {@link #BINOMIAL}
     */
    void check(int classes) {
        if (this == BINOMIAL && classes > 2) {
            throw new IllegalArgumentException("--family binomial is for 2 classes, the data has " + classes
                    + "; use --family multinomial or auto");
        }
    }
}
