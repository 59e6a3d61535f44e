package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Solves {@code H x = b}, H the second derivatives at the point that an objective evaluated last, by preconditioned conjugate
 * gradients: a pass over the data a step, and memory for a few vectors.
 *
 * <p>Coordinates that the objective's preconditioner leaves out, as it takes them for dependent on others, are preconditioned by
 * their own second derivatives: a pass for each. Whether they do depend on others, H says.
 */
public final class ConjugateGradients {
    /** A direction that curves by less than this share of what the preconditioner has of it does not curve at all. */
    private static final double FLAT = 1e-11;

    /** How many times larger than wanted the residual may be, rounding having been summed in that of the recurrence. */
    private static final double ROUNDING = 100;

    private static final int MOST_STEPS_PER_COORDINATE = 2;
    private static final int SPARE_STEPS = 10;

    private final TwiceSmoothObjective objective;
    private final Preconditioner preconditioner;
    private final double tolerance;
    private final MatrixKernels kernels = Kernels.best().matrices();

    /** How a solve ended. */
    public enum End {
        /** The residual is as small as wanted. */
        SOLVED,
        /** There is no solution: H does not curve along some direction that b has a part of. */
        SINGULAR,
        /** The residual is larger than wanted after two steps for each coordinate: rounding has the better of H. */
        OUT_OF_STEPS
    }

    /**
     * What a solve came to.
     *
     * @param x the solution, or the last approximation, which lessens {@code x'Hx / 2 - b'x} at least
     */
    public record Result(End end, double[] x) {}

    /**
     * A solver at the point that was evaluated last; another point needs another one.
     *
     * @param tolerance the norm of the residual, by the preconditioner, over that of {@code b}; above 0
     */
    public ConjugateGradients(TwiceSmoothObjective objective, double tolerance) {
        this.objective = objective;
        this.tolerance = tolerance;
        preconditioner = completed(objective.preconditioner());
    }

    /** A preconditioner that leaves out no coordinate; it writes to another vector than it reads. */
    private Preconditioner completed(Preconditioner given) {
        int[] left = leftOut(given);
        double[] curvature = new double[left.length];
        double[] unit = new double[objective.size()];
        double[] product = new double[unit.length];
        for (int e = 0; e < left.length; e++) {
            unit[left[e]] = 1;
            objective.hessianProduct(unit, product);
            unit[left[e]] = 0;
            curvature[e] = product[left[e]] > 0 ? product[left[e]] : 1;
        }
        return (r, out) -> {
            given.apply(r, out);
            for (int e = 0; e < left.length; e++) {
                out[left[e]] = r[left[e]] / curvature[e];
            }
        };
    }

    /** The free coordinates of which a preconditioner makes 0 whatever they are. */
    private int[] leftOut(Preconditioner given) {
        double[] free = new double[objective.freeSize()];
        // Unlike numbers: no product with a row that is not 0 is 0 by chance.
        Arrays.setAll(free, f -> Math.sqrt(f + 2));
        double[] probe = new double[objective.size()];
        objective.fromFree(free, probe);
        double[] out = new double[probe.length];
        given.apply(probe, out);
        return IntStream.range(0, probe.length)
                .filter(c -> probe[c] != 0 && out[c] == 0)
                .toArray();
    }

    /**
     * The solution, if there is one and rounding lets it be found.
     *
     * @param b not changed; entries that are padding or fixed are 0
     */
    public Result solve(double[] b) {
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
                return new Result(End.SINGULAR, x);
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
        boolean solved = rz <= wanted && residual(b, x) <= ROUNDING * ROUNDING * wanted;
        return new Result(solved ? End.SOLVED : End.OUT_OF_STEPS, x);
    }

    /** The square of the norm of {@code b - H x}, by the preconditioner: that itself, not what the recurrence has for it. */
    private double residual(double[] b, double[] x) {
        double[] r = new double[b.length];
        objective.hessianProduct(x, r);
        Arrays.setAll(r, c -> b[c] - r[c]);
        double[] z = new double[b.length];
        preconditioner.apply(r, z);
        return kernels.dot(r, z, b.length);
    }
}
