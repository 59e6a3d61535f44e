package io.logits.objective;

import java.util.Optional;

/** An objective with second derivatives, all of them taken at the point evaluated last. */
public interface TwiceSmoothObjective extends SmoothObjective {
    /** {@code out = H v}: one pass over the data. Entries of {@code v} that are padding or fixed must be 0. */
    void hessianProduct(double[] v, double[] out);

    /** {@code out += factor R v}, R the second derivatives of the penalty. */
    void penaltyProductAdd(double factor, double[] v, double[] out);

    /** Loops over the coordinates of points. */
    Coordinates coordinates();

    /** How many coordinates are free: the order of {@link #hessian}. */
    int freeSize();

    /**
     * The second derivatives by the free coordinates, row-major, {@code freeSize() x freeSize()}, the lower triangle
     * filled: one pass over the data.
     */
    void hessian(double[] h);

    /**
     * Estimates {@link #hessian} from a sample of the rows, a part of a pass that is not counted as one.
     *
     * @return false if there are too few rows to leave some out; nothing is done then
     */
    boolean estimateHessian(double[] h);

    /**
     * The objective of as many rows as {@link #estimateHessian} takes, spread over all of them; its minimum is near.
     * Empty if there are too few rows to leave some out.
     */
    Optional<Sample> ofSample();

    /**
     * The objective of as many rows as {@link LinearObjective#coupledPreconditioner} is of, spread over all of them. Empty
     * if there are too few rows, if it would not pay, or if these rows lack a class or weight that all rows have.
     */
    Optional<Sample> ofCoupledSample();

    /** Copies the free coordinates of a point, in the order of {@link #hessian}. */
    void toFree(double[] w, double[] free);

    /** Copies free coordinates to their places in a point. */
    void fromFree(double[] free, double[] w);

    /**
     * Whether {@code d} separates the classes, if only in part: along it no logit of another class gains on that of a
     * row's own, and some fall behind, in rows of positive weight. Then an unpenalised objective has no minimum (Albert
     * and Anderson 1984). A margin counts as unchanged where its change is within what rounding can do to the product of
     * the row with {@code d}; so what is proved is that features which differ from these by a few ulps are separated.
     * One pass over the data.
     */
    boolean separates(double[] d);

    /** Whether each entry of a gradient is no more than rounding makes of the residuals' product with its column. */
    boolean vanishes(double[] gradient);

    /**
     * Sets to 0 those coefficients that move a typical row by less than {@code share} of what the largest does. Where
     * that is rounding, exact zeros take its place: a row that has none of the other features does not move at all.
     */
    void dropNegligibleInPlace(double[] d, double share);

    /**
     * The problem of the same rows of positive weight, each with weight 1 and no offset. Weights and offsets do not
     * matter to whether classes are separable, but much to how fast that shows. Empty if this is such a problem.
     */
    Optional<TwiceSmoothObjective> evenly();

    /** How the margins of the rows change along {@code d}: one pass over the data. */
    MarginChange marginChange(double[] d);

    /**
     * Changes of the rows' margins.
     *
     * @param least the smallest change, of rows with positive weight
     * @param most the largest absolute change of a logit
     */
    record MarginChange(double least, double most) {}
}
