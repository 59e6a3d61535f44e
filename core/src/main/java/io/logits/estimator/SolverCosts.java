package io.logits.estimator;

import io.logits.data.CsrMatrix;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;

/** What solvers cost, from the shape of a problem, and which of them suits it. */
final class SolverCosts {
    /**
     * Newton with a factor is taken where this many Hessians are no more multiply-adds than so many passes as follow. Without a
     * penalty other methods take 50 to 300 passes, with one 20 to 60, and Newton some 5 Hessians; a multiply-add of a pass
     * takes some 6 times as long as one of a Hessian. Measured on rows of 20 to 2,500 features and two to ten classes, dense
     * and sparse.
     */
    private static final double NEWTON_STEPS = 8;

    private static final double PENALISED_PASSES = 100;
    private static final double UNPENALISED_PASSES = 500;
    /**
     * Where dense rows are fewer than features: conjugate gradients take 25 passes at best, and 900 where features are far
     * from standardised; an element of a pass takes some 4 times as long as one of the matrix of the rows.
     */
    private static final double FEW_ROWS_PASSES = 200;
    /**
     * The same of sparse rows, for conjugate gradients take less to compile: 200 rows of 20,000 features take .7 of their time in
     * a first fit and a third later, 500 rows 1.3 and .7.
     */
    private static final double FEW_SPARSE_ROWS_PASSES = 80;

    /** Coordinates whose square is still a reasonable matrix: 72 MB. */
    private static final int MOST_NEWTON_COORDINATES = 3000;
    /** As many as one array holds. */
    private static final int MOST_ORDER = 46_340;
    /** Columns of one logit up to which L-BFGS serves, as a larger Gram matrix would outweigh its few passes. */
    private static final int MOST_GRAM_COLUMNS_OF_ONE_LOGIT = 500;
    /** Multiply-adds that are too few to think about: a hundredth of a second. */
    private static final double LITTLE_WORK = 1e7;

    private final Problem problem;

    SolverCosts(Problem problem) {
        this.problem = problem;
    }

    /** The solver that was asked for, or the one that suits the problem. */
    SolverChoice chosen(Options options) {
        SolverChoice asked = options.solver();
        if (!problem.smooth() && asked != SolverChoice.AUTO && asked != SolverChoice.PROX_NEWTON) {
            String why = problem.bounded()
                    ? "knows no bounds of coefficients"
                    : "needs a penalty with derivatives, " + options.penalty().label() + " has none at 0";
            throw new IllegalArgumentException("solver " + asked.label() + " " + why + "; use auto or prox-newton");
        }
        if (problem.lambda == 0 && asked == SolverChoice.PROX_NEWTON) {
            throw new IllegalArgumentException("prox-newton measures its end by the duality gap, which exists only with"
                    + " a penalty; without one use auto, newton-cholesky or newton-cg");
        }
        if (asked == SolverChoice.NEWTON_CHOLESKY && order() > MOST_ORDER) {
            throw new IllegalArgumentException("newton-cholesky needs a matrix of " + order() + " x " + order()
                    + " numbers, " + MOST_ORDER + " x " + MOST_ORDER + " are possible; use auto or newton-cg");
        }
        if (asked != SolverChoice.AUTO) {
            return asked;
        }
        if (!problem.smooth()) {
            return SolverChoice.PROX_NEWTON;
        }
        CoefLayout layout = problem.layout;
        if (newtonPays()) {
            return SolverChoice.NEWTON_CHOLESKY;
        }
        boolean few = layout.logits() > 1 || layout.features() <= MOST_GRAM_COLUMNS_OF_ONE_LOGIT;
        boolean coupled = LinearObjective.couplesFeatures(problem.x, layout);
        if (coupled && few && !problem.fewerRows() && problem.lambda > 0) {
            return SolverChoice.LBFGS;
        }
        return SolverChoice.NEWTON_CG;
    }

    /** How many rows and columns the matrix of {@code newton-cholesky} has. */
    private int order() {
        return problem.fewerRows() ? problem.x.rows() : problem.layout.freeSize();
    }

    /** Whether a factor of the second derivatives at each step costs less than the passes that other methods take. */
    private boolean newtonPays() {
        CoefLayout layout = problem.layout;
        double entries = problem.x.storedEntries(problem.x.rows());
        double perRow = entries / problem.x.rows();
        double pairs = (double) layout.freeLogits() * (layout.freeLogits() + 1) / 2;
        boolean fewerRows = problem.fewerRows();
        double order = order();
        // Without a penalty only the first few Hessians are of samples.
        double sampledOf = problem.lambda > 0 ? LinearObjective.sampledOf(problem.x.rows(), layout.freeSize()) : 1;
        double hessians = fewerRows
                ? order * order / 2 * layout.features()
                : NEWTON_STEPS * entries / sampledOf * (perRow / 2 + 1) * pairs;
        double factors = NEWTON_STEPS * order * order * order / 3;
        double penalised = problem.lambda > 0 ? PENALISED_PASSES : UNPENALISED_PASSES;
        double ofFewRows = problem.x instanceof CsrMatrix ? FEW_SPARSE_ROWS_PASSES : FEW_ROWS_PASSES;
        double passes = fewerRows ? ofFewRows : penalised;
        return order <= MOST_NEWTON_COORDINATES && hessians + factors <= Math.max(LITTLE_WORK, passes * work());
    }

    /** Multiply-adds of a pass. */
    private double work() {
        return 2.0 * problem.x.storedEntries(problem.x.rows()) * problem.layout.freeLogits();
    }

    /** Whether a pass takes more than a hundredth of a second. */
    boolean isMuchWork() {
        return work() > LITTLE_WORK;
    }
}
