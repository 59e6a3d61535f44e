package io.logits.solver;

/** A minimisation of a quadratic model plus the penalty over a working set. */
interface ModelDescent {
    /**
     * Goes on until no coefficient adds more to the gap than is allowed, or but a small share of what one did at first, or
     * nothing is gained any more.
     *
     * @param total the part of the objective that L1 is
     */
    void run(double allowed, double total);

    /**
     * Does the same again where the step to the minimum has led, by the derivatives there and the second derivatives that the model has.
     *
     * @param allowed as in {@link #run}
     * @return whether it did; a model that costs no more to be made anew does not
     */
    default boolean runAgain(double allowed, double total) {
        return false;
    }

    /** Whether the model has the second derivatives of the point that it is made for. */
    boolean isExact();

    /** By how much the objective falls on the way to the minimum if the loss is taken to first order: a negative number. */
    double decrease();

    /**
     * Tells the next model what a step has shown of the second derivatives.
     *
     * @param base where this model is
     * @param w the point that was moved to
     * @param gradient of the mean loss there
     */
    default void learn(double[] base, double[] w, double[] gradient) {}

    /**
     * Writes the point that lies the share t of the way from {@code base}, where the model is, to the minimum found.
     *
     * @param out is {@code base} already but for the coefficients of the working set and the intercepts
     */
    void place(double[] base, double t, double[] out);
}
