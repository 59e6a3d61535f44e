package io.logits.objective;

/** A convex function with a gradient, and a bound on the distance from its minimum. Not safe for several threads. */
public interface SmoothObjective {
    /** Length of a point. */
    int size();

    /**
     * Value and gradient at {@code w}: one pass over the data.
     *
     * @param gradient receives the gradient, zero at entries that are padding or fixed
     */
    double evaluate(double[] w, double[] gradient);

    /** How often the whole matrix has been read so far, by whatever method. */
    int passes();

    /** The part of the gap that comes from penalised coordinates, {@link Certificate#penalisedGap()}, alone. */
    double penalisedGap(double[] gradient);

    /** The duality gap at a point with this gradient; the first call may cost a pass, later ones none. */
    Certificate certificate(double[] w, double[] gradient);

    /**
     * Makes later evaluations as accurate as they can be. Until then they may be in float32 where the data is: good
     * enough to approach an optimum by, not to certify one.
     *
     * @return false if they were as accurate before
     */
    boolean refine();

    /** Relative differences of values below this are rounding. */
    double valueNoise();

    /** Whether there is a penalty, and so a certificate. Without, solvers go by the Newton decrement. */
    boolean hasCertificate();

    /**
     * An approximation of the inverse of the second derivatives at the point evaluated last; it may cost a pass, or two if it is
     * to be close. It holds until the next is asked for.
     *
     * @param damping the penalty's second derivatives are taken {@code 1 + damping} times, {@code >= 0}
     * @param closely whether it may cost more, as it will be used many times
     */
    Preconditioner preconditioner(double damping, boolean closely);

    /** The cheaper one, without damping. */
    default Preconditioner preconditioner() {
        return preconditioner(0, false);
    }

    /** The inverse of about the largest second derivatives that there can be anywhere. */
    Preconditioner cautiousPreconditioner();

    /**
     * A Newton step on the unpenalised intercepts alone, added to {@code w}: one pass over the data.
     *
     * @return false if there is no intercept, and nothing was done
     */
    boolean interceptStepInPlace(double[] w);
}
