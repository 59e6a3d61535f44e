package io.logits.solver;

/**
 * The mean of the points that conjugate gradients have come by whose residual is smallest (minimal residual smoothing: Zhou and
 * Walker 1994). Along directions of hardly any curvature, as differences of columns that are nearly alike have, these go far, by a
 * residual that grows for tens of iterations before it falls; this one stays where it is small.
 */
final class Smoothed {
    /** The point. */
    final SupportVector step;
    /** Its residual. */
    final SupportVector r;
    /** The residual, preconditioned. */
    private final SupportVector z;

    private double squared;

    /** The point at which they begin; what is given is changed. */
    Smoothed(SupportVector step, SupportVector r, SupportVector z) {
        this.step = step;
        this.r = r;
        this.z = z;
        squared = r.dot(z);
    }

    /** The squared residual in the norm of the preconditioner. */
    double squared() {
        return squared;
    }

    /** The next point that they have come by, its residual, and that preconditioned; one that is not finite is left out. */
    void join(SupportVector nextStep, SupportVector nextR, SupportVector nextZ) {
        double cross = r.dot(nextZ);
        double apart = squared - 2 * cross + nextR.dot(nextZ);
        double share = (squared - cross) / apart;
        if (apart > 0 && apart < Double.POSITIVE_INFINITY && Double.isFinite(share)) {
            step.combine(1 - share, share, nextStep);
            r.combine(1 - share, share, nextR);
            z.combine(1 - share, share, nextZ);
            squared = r.dot(z);
        }
    }
}
