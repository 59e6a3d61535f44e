package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.RandomProblem;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Two hundred small problems with an L1 penalty or a mixture, of every mixture of the other options, from one feature to
 * many more than rows: the conditions of optimality, written out plainly, hold, and the certificate tells the truth.
 * {@code -Dlogits.test.seed=N} moves on to other problems.
 */
class SparseProblemsTest {
    private static final int PROBLEMS = 200;
    private static final int MOST_FEATURES = 300;
    private static final long FIRST = Long.getLong("logits.test.seed", 0);

    private static final Tolerance ROUNDING =
            new Tolerance("difference of objectives", 1e-12, "means of at most 100 losses, summed in another order");
    private static final Tolerance OPTIMALITY = new Tolerance(
            "violation of an optimality condition", 1e-6, "what is promised where the gap is 1e-9 or less");

    /** What is asked for, and what columns of very different scales leave of it, at the worst. */
    private static final double ASKED = 1e-12;

    private static final double TIGHT = 1e-9;

    @Test
    void optimalityConditionsHoldAndTheCertificateTellsTheTruth() {
        for (long seed = FIRST; seed < FIRST + PROBLEMS; seed++) {
            check(RandomProblem.of(seed, MOST_FEATURES), new SplittableRandom(seed).nextDouble());
        }
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfThreads() {
        SplittableRandom random = new SplittableRandom(FIRST);
        for (int classes : new int[] {2, 4}) {
            double[][] x = new double[3000][40];
            int[] y = new int[x.length];
            for (int i = 0; i < x.length; i++) {
                Arrays.setAll(x[i], j -> random.nextInt(3) > 0 ? 0 : random.nextDouble(-1, 1));
                y[i] = (int) Math.min(classes - 1, Math.abs(x[i][0] + x[i][1] + random.nextDouble()) * classes);
            }
            double[] ones = new double[x.length];
            Arrays.fill(ones, 1);
            PlainProblem plain = new PlainProblem(x, y, ones, new double[0], classes, true, new double[40]);
            Options options = Options.defaults().withPenalty(PenaltyKind.L1).withStrength(new Strength.Lambda(0.005));
            for (Matrix stored : new Matrix[] {Rows.dense(x, 40), Rows.sparse(x, 40)}) {
                double[] one = Fitted.of(plain, stored, options.withThreads(1)).theta();
                assertThat(Fitted.of(plain, stored, options.withThreads(3)).theta())
                        .isEqualTo(one);
            }
        }
    }

    @Test
    void solversThatNeedDerivativesAreRefusedWithWhatToUse() {
        RandomProblem problem = RandomProblem.of(1);
        Options options = problem.options().withPenalty(PenaltyKind.L1);
        for (SolverChoice solver :
                new SolverChoice[] {SolverChoice.LBFGS, SolverChoice.NEWTON_CG, SolverChoice.NEWTON_CHOLESKY}) {
            assertThatThrownBy(() -> Fitted.of(problem.data(), problem.x(), options.withSolver(solver)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("solver " + solver.label()
                            + " needs a penalty with derivatives, l1 has none at 0; use auto or prox-newton");
        }
        Options none = options.withPenalty(PenaltyKind.NONE).withSolver(SolverChoice.PROX_NEWTON);
        assertThatThrownBy(() -> Fitted.of(problem.data(), problem.x(), none))
                .hasMessage("prox-newton measures its end by the duality gap, which exists only with a penalty;"
                        + " without one use auto, newton-cholesky or newton-cg");
    }

    private static void check(RandomProblem problem, double draw) {
        PlainProblem plain = problem.plain();
        double share = draw < 0.5 ? 1 : draw;
        Options options = problem.options()
                .withPenalty(share == 1 ? PenaltyKind.L1 : PenaltyKind.ELASTICNET)
                .withL1Ratio(share);
        String about = share + " of " + problem;
        Fitted fitted = Fitted.of(problem.data(), problem.x(), options);
        Fitted tight = Fitted.of(problem.data(), problem.x(), options.withTolerance(ASKED));
        assertThat(fitted.solution().converged())
                .as("%s %s", about, fitted.solution())
                .isTrue();
        assertThat(tight.solution().relativeGap())
                .as("%s %s", about, tight.solution())
                .isLessThanOrEqualTo(TIGHT);
        Plain net = new Plain(plain, share, tight.fit().lambda());
        double optimum = net.value(tight.theta());
        double rounding = ROUNDING.bound() * optimum + 1e-14;
        for (Fitted one : new Fitted[] {fitted, tight}) {
            Solution solution = one.solution();
            double value = net.value(one.theta());
            assertThat(Math.abs(solution.objective() - value)).as(about).isLessThanOrEqualTo(rounding);
            assertThat(solution.dual()).as("dual, %s", about).isLessThanOrEqualTo(optimum + rounding);
            assertThat(value - optimum)
                    .as("distance from the optimum, %s", about)
                    .isBetween(-TIGHT * value - rounding, solution.relativeGap() * value + rounding);
        }
        OPTIMALITY.check(net.violation(tight.theta()), about);
    }

    /** The objective and the conditions of its optimum, term by term. */
    private record Plain(PlainProblem loss, double[] absolute, double[] square) {
        Plain(PlainProblem plain, double share, double lambda) {
            this(
                    new PlainProblem(
                            plain.x(),
                            plain.y(),
                            plain.s(),
                            plain.offset(),
                            plain.classes(),
                            plain.intercept(),
                            new double[plain.features()]),
                    // Ridge factors are lambda times variances.
                    Arrays.stream(plain.ridge())
                            .map(c -> share * Math.sqrt(c * lambda))
                            .toArray(),
                    Arrays.stream(plain.ridge()).map(c -> (1 - share) * c).toArray());
        }

        double value(double[] theta) {
            double sum = loss.value(theta);
            int p = loss.features();
            for (int c = 0; c < theta.length; c++) {
                int j = c % (p + 1);
                sum += j == p ? 0 : absolute[j] * Math.abs(theta[c]) + square[j] / 2 * theta[c] * theta[c];
            }
            return sum;
        }

        /** The largest violation, each over the root mean square of its column, which no gradient of the loss exceeds. */
        double violation(double[] theta) {
            double[] g = loss.gradient(theta);
            int p = loss.features();
            double largest = 0;
            for (int c = 0; c < theta.length; c++) {
                int j = c % (p + 1);
                double slope = j == p || theta[c] == 0
                        ? Math.max(0, Math.abs(g[c]) - (j == p ? 0 : absolute[j]))
                        : Math.abs(g[c] + absolute[j] * Math.signum(theta[c]) + square[j] * theta[c]);
                double unit = j == p ? 1 : rootMeanSquare(j);
                largest = Math.max(largest, slope == 0 ? 0 : slope / unit);
            }
            return largest;
        }

        private double rootMeanSquare(int j) {
            double sum = 0;
            for (int i = 0; i < loss.y().length; i++) {
                sum += loss.s()[i] * loss.x()[i][j] * loss.x()[i][j];
            }
            return Math.sqrt(sum / loss.totalWeight());
        }
    }
}
