package io.logits.objective;

/** An objective with second derivatives, all of them taken at the point evaluated last. */
public interface TwiceSmoothObjective extends SmoothObjective {
    /** {@code out = H v}: one pass over the data. Entries of {@code v} that are padding or fixed must be 0. */
    void hessianProduct(double[] v, double[] out);

    /** How many coordinates are free: the order of {@link #hessian}. */
    int freeSize();

    /**
     * The second derivatives by the free coordinates, row-major, {@code freeSize() x freeSize()}, the lower triangle
     * filled: one pass over the data.
     */
    void hessian(double[] h);

    /** Copies the free coordinates of a point, in the order of {@link #hessian}. */
    void toFree(double[] w, double[] free);

    /** Copies free coordinates to their places in a point. */
    void fromFree(double[] free, double[] w);

    /**
     * How the margins of the rows change along {@code d}: one pass over the data. A direction along which no margin
     * falls and some rise separates the classes, and an unpenalised objective has no minimum.
     */
    MarginChange marginChange(double[] d);

    /**
     * Changes of the rows' margins.
     *
     * @param least the smallest change, of rows with positive weight
     * @param most the largest absolute change of a logit
     */
    record MarginChange(double least, double most) {}
}
