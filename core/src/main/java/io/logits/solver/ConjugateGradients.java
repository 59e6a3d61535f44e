package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;

/**
 * Solves {@code H x = b}, H the second derivatives at the point that an objective evaluated last, by preconditioned conjugate
 * gradients: a pass over the data a step, and memory for a few vectors.
 */
public final class ConjugateGradients {
    /** A direction that curves by less than this share of what the preconditioner has of it does not curve at all. */
    private static final double FLAT = 1e-11;

    private static final int MOST_STEPS_PER_COORDINATE = 2;
    private static final int SPARE_STEPS = 10;

    private final TwiceSmoothObjective objective;
    private final Preconditioner preconditioner;
    private final double tolerance;
    private final MatrixKernels kernels = Kernels.best().matrices();

    /**
     * A solver at the point that was evaluated last; another point needs another one.
     *
     * @param tolerance the norm of the residual, by the preconditioner, over that of {@code b}; above 0
     */
    public ConjugateGradients(TwiceSmoothObjective objective, double tolerance) {
        this.objective = objective;
        this.tolerance = tolerance;
        preconditioner = objective.preconditioner();
    }

    /**
     * The solution.
     *
     * @param b not changed; entries that are padding or fixed are 0
     * @return {@code x}, or an empty array where there is none: H does not curve along some direction that b has a part of
     */
    public double[] solve(double[] b) {
        int n = b.length;
        double[] x = new double[n];
        double[] r = b.clone();
        double[] z = new double[n];
        double[] hp = new double[n];
        preconditioner.apply(r, z);
        double[] p = z.clone();
        // The preconditioner's matrix times p, by the same recurrence.
        double[] mp = r.clone();
        double rz = kernels.dot(r, z, n);
        double wanted = tolerance * tolerance * rz;
        int most = MOST_STEPS_PER_COORDINATE * objective.freeSize() + SPARE_STEPS;
        for (int step = 0; step < most && rz > wanted; step++) {
            objective.hessianProduct(p, hp);
            double curvature = kernels.dot(p, hp, n);
            if (!(curvature > FLAT * kernels.dot(p, mp, n))) {
                return new double[0];
            }
            double alpha = rz / curvature;
            kernels.axpy(alpha, p, x, n);
            kernels.axpy(-alpha, hp, r, n);
            preconditioner.apply(r, z);
            double nextRz = kernels.dot(r, z, n);
            double beta = nextRz / rz;
            for (int c = 0; c < n; c++) {
                p[c] = Math.fma(beta, p[c], z[c]);
                mp[c] = Math.fma(beta, mp[c], r[c]);
            }
            rz = nextRz;
        }
        return rz <= wanted ? x : new double[0];
    }
}
