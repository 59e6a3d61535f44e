package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Preconditioner;
import io.logits.objective.SmoothObjective;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Limited-memory BFGS (Nocedal 1980) whose first guess of the inverse second derivatives is the objective's
 * preconditioner. Needs gradients alone. Its stop measure is the duality gap, so the objective must have a penalty.
 */
public final class Lbfgs implements Solver<SmoothObjective> {
    private static final int LEAST_MEMORY = 10;
    private static final int MOST_MEMORY = 100;
    /**
     * Numbers in the steps remembered, where that is more than the least memory: small points can remember more. 8 MB,
     * and as much again for the gradients' changes; with 100 steps Fashion-MNIST takes a seventh fewer passes than with 10.
     */
    private static final int REMEMBERED = 1 << 20;

    private final MatrixKernels kernels = Kernels.best().matrices();

    /** A step, the change of the gradient along it, and {@code 1/(s.y)}. */
    private record Pair(double[] s, double[] y, double rho) {}

    /** A solver; it keeps no state between problems. */
    public Lbfgs() {}

    @Override
    public String name() {
        return "lbfgs";
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the objective has no penalty
     */
    @Override
    public Minimum minimize(SmoothObjective objective, double[] start, StopRule rule) {
        if (!objective.hasCertificate()) {
            throw new IllegalArgumentException("lbfgs measures its end by the duality gap, which exists only with a"
                    + " penalty; without one use newton-cholesky or newton-cg");
        }
        int n = start.length;
        Descent descent = new Descent(objective, start, rule);
        Preconditioner preconditioner = objective.preconditioner();
        Deque<Pair> memory = new ArrayDeque<>();
        double[] d = new double[n];
        while (!descent.certified()) {
            double[] w = descent.w.clone();
            double[] g = descent.g.clone();
            direction(memory, preconditioner, g, d);
            boolean moved = descent.step(d, 1);
            descent.iterations++;
            if (!moved) {
                if (!descent.passesLeft()) {
                    return descent.end(StopReason.MAX_PASSES, name(), Double.NaN);
                }
                if (memory.isEmpty() && !descent.refined()) {
                    return descent.end(StopReason.NO_PROGRESS, name(), Double.NaN);
                }
                memory.clear();
                continue;
            }
            remember(memory, descent, w, g);
        }
        return descent.end(StopReason.CONVERGED, name(), Double.NaN);
    }

    private void remember(Deque<Pair> memory, Descent descent, double[] w, double[] g) {
        int n = w.length;
        double[] s = w;
        double[] y = g;
        for (int c = 0; c < n; c++) {
            s[c] = descent.w[c] - w[c];
            y[c] = descent.g[c] - g[c];
        }
        double sy = kernels.dot(s, y, n);
        if (sy > 0) {
            if (memory.size() == Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, REMEMBERED / n))) {
                memory.removeFirst();
            }
            memory.addLast(new Pair(s, y, 1 / sy));
        }
    }

    /** The two-loop recursion: {@code d = -H^-1 g}. */
    private void direction(Deque<Pair> memory, Preconditioner preconditioner, double[] g, double[] d) {
        int n = g.length;
        System.arraycopy(g, 0, d, 0, n);
        List<Pair> pairs = new ArrayList<>(memory);
        double[] alpha = new double[pairs.size()];
        for (int i = pairs.size() - 1; i >= 0; i--) {
            Pair pair = pairs.get(i);
            alpha[i] = pair.rho() * kernels.dot(pair.s(), d, n);
            kernels.axpy(-alpha[i], pair.y(), d, n);
        }
        preconditioner.apply(d, d);
        if (!pairs.isEmpty()) {
            scale(d, preconditioner, pairs.get(pairs.size() - 1));
        }
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            double beta = pair.rho() * kernels.dot(pair.y(), d, n);
            kernels.axpy(alpha[i] - beta, pair.s(), d, n);
        }
        for (int c = 0; c < n; c++) {
            d[c] = -d[c];
        }
    }

    /** Fits the preconditioner's size to the latest pair: {@code gamma = s.y / y.M^-1 y}. */
    private void scale(double[] d, Preconditioner preconditioner, Pair latest) {
        double[] my = new double[d.length];
        preconditioner.apply(latest.y(), my);
        double gamma = 1 / (latest.rho() * kernels.dot(latest.y(), my, d.length));
        for (int c = 0; c < d.length; c++) {
            d[c] *= gamma;
        }
    }
}
