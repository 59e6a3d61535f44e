package io.logits.estimator;

import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.objective.CompositeObjective;
import io.logits.solver.Minimum;
import io.logits.solver.PathNewton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Minima of one problem at lambdas that are known before, of which several are sought at once. */
final class ExpectedFits {
    /** Features up to which a matrix of second derivatives for each of ten lambdas is small. */
    private static final int MOST_FEATURES = 600;
    /** Rows for each feature, from which on that matrix costs little beside the passes that it saves. */
    private static final int LEAST_ROWS = 16;

    private final double[] lambdas;
    private final PathNewton solver;
    private int given;

    private ExpectedFits(double[] lambdas, PathNewton solver) {
        this.lambdas = lambdas;
        this.solver = solver;
    }

    /**
     * Begins; empty where the problem has another solver, or its data another shape than dense rows that are many times as
     * many as their features.
     *
     * @param lambdas finite and {@code > 0}
     * @param first a fit of the problem, of which the start is taken
     */
    static Optional<ExpectedFits> of(double[] lambdas, LinearFit first, Options options, Workers workers) {
        Problem problem = first.problem().withLambda(1);
        Matrix x = problem.x;
        boolean tall = x.cols() <= MOST_FEATURES && x.rows() >= (long) LEAST_ROWS * x.cols();
        boolean kinked = !problem.smooth() && problem.layout.logits() == 1;
        boolean asked = options.solver() == SolverChoice.AUTO || options.solver() == SolverChoice.PROX_NEWTON;
        if (lambdas.length < 2 || !(asked && kinked && tall) || x instanceof CsrMatrix) {
            return Optional.empty();
        }
        List<CompositeObjective> objectives = Arrays.stream(lambdas)
                .mapToObj(lambda -> problem.withLambda(lambda).composite(workers))
                .toList();
        PathNewton solver = new PathNewton(objectives, first.start(), first.rule(options.maxPasses()));
        return Optional.of(new ExpectedFits(lambdas, solver));
    }

    /** The minimum at a lambda, or as near as they have come; empty if it is not the next, or not known. */
    Optional<Minimum> at(double lambda) {
        if (!solver.hasNext() || lambda != lambdas[given]) {
            return Optional.empty();
        }
        given++;
        return solver.next();
    }
}
