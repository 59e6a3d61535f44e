package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.RandomProblem;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            "violation of an optimality condition", 1e-6, "what is promised where the gap is 1e-8 or less");

    private static final Tolerance BOTH_AT_MINIMUM =
            new Tolerance("relative difference of objectives", 1e-10, "two fits with a gap of 1e-10 or less");

    private static final int GROUPED_PROBLEMS = 60;
    private static final Tolerance GROUP_OPTIMALITY = new Tolerance(
            "violation of an optimality condition", 1e-5, "with second derivatives the gap, 1e-9, is as its square");

    /** What is asked for, and what columns of very different scales leave of it, at the worst. */
    private static final double ASKED = 1e-12;

    private static final double TIGHT = 1e-8;

    private static final int FEW_PASSES = 20;
    private static final int TIGHT_PASSES = 30;

    @Test
    void optimalityConditionsHoldAndTheCertificateTellsTheTruth() {
        for (long seed = FIRST; seed < FIRST + PROBLEMS; seed++) {
            check(RandomProblem.of(seed, MOST_FEATURES), new SplittableRandom(seed), false);
        }
    }

    @Test
    void theSameWithPenaltyFactorsAndBounds() {
        for (long seed = FIRST; seed < FIRST + PROBLEMS; seed++) {
            check(RandomProblem.of(seed, MOST_FEATURES), new SplittableRandom(seed), true);
        }
    }

    /** Factors on some features, bounds on others, and now and then one feature without a penalty. */
    private static FeatureRules rules(SplittableRandom random, int features, int rows) {
        Map<String, Double> factors = new HashMap<>();
        Map<String, Double> lower = new HashMap<>();
        Map<String, Double> upper = new HashMap<>();
        for (int j = 1; j <= features; j++) {
            if (random.nextInt(3) == 0) {
                factors.put("x" + j, random.nextDouble(0.1, 3));
            }
            if (random.nextInt(3) == 0) {
                lower.put("x" + j, random.nextInt(2) * random.nextDouble(-0.5, 0));
            }
            if (random.nextInt(3) == 0) {
                upper.put("x" + j, random.nextInt(2) * random.nextDouble(0, 0.5));
            }
        }
        if (rows > 40 && features > 2 && random.nextInt(3) == 0) {
            factors.put("x3", 0.0);
        }
        if (random.nextInt(4) == 0) {
            lower.put("*", 0.0);
        }
        return new FeatureRules(factors, lower, upper);
    }

    @Test
    void groupsAreInForAllClassesOrForNone() {
        for (long seed = FIRST; seed < FIRST + GROUPED_PROBLEMS; seed++) {
            RandomProblem problem = RandomProblem.of(seed, 20);
            PlainProblem plain = problem.plain();
            if (plain.classes() == 2) {
                continue;
            }
            double share = seed % 2 == 0 ? 1 : 0.6;
            Options options = problem.options()
                    .withPenalty(PenaltyKind.ELASTICNET)
                    .withL1Ratio(share)
                    .withGrouped(true);
            Fitted fitted = Fitted.of(problem.data(), problem.x(), options.withTolerance(1e-9));
            String about = share + " of " + problem;
            assertThat(fitted.solution().converged())
                    .as("%s %s", about, fitted.solution())
                    .isTrue();
            Plain net = Plain.of(plain, share, fitted.fit().lambda(), FeatureRules.none());
            double value = net.groupedValue(fitted.theta());
            assertThat(Math.abs(fitted.solution().objective() - value))
                    .as(about)
                    .isLessThanOrEqualTo(ROUNDING.bound() * value + 1e-14);
            GROUP_OPTIMALITY.check(net.groupedViolation(fitted.theta()), about);
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

    /** Words of one class or of several, two that are nearly always together, and one that is there twice. */
    @Test
    void manyClassesOfManyRowsComeToTheMinimumInFewPasses() {
        SplittableRandom random = new SplittableRandom(FIRST + 1);
        int classes = 60;
        int features = 180;
        double[][] x = new double[20_000][features];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = random.nextInt(classes);
            for (int word = 0; word < 6; word++) {
                x[i][random.nextInt(3) > 0 ? y[i] : random.nextInt(features)] += 0.5;
                x[i][(y[i] / 6 + 60 + random.nextInt(30)) % features] = 1;
            }
            x[i][3] = random.nextInt(500) > 0 ? x[i][2] : 1;
            x[i][5] = x[i][4];
        }
        checkFewPasses(unweighted(x, y, classes), Rows.sparse(x, features), 2e-5, 1e-9);
    }

    private static void checkFewPasses(PlainProblem plain, Matrix rows, double lambda, double tolerance) {
        Options options = Options.defaults()
                .withPenalty(PenaltyKind.L1)
                .withStrength(new Strength.Lambda(lambda))
                .withTolerance(tolerance);
        Fitted one = Fitted.of(plain, rows, options.withThreads(1));
        assertThat(one.solution().converged()).as("%s", one.solution()).isTrue();
        assertThat(one.solution().passes()).isLessThan(FEW_PASSES);
        assertThat(Fitted.of(plain, rows, options.withThreads(2)).theta()).isEqualTo(one.theta());
    }

    /** Each row has one word of each group: such columns add up to that of the intercept. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void oneWordOfEachGroup(int classes) {
        SplittableRandom random = new SplittableRandom(FIRST + 6);
        int[] words = {5, 16, 7, 14, 2, 25, 10};
        int features = Arrays.stream(words).sum();
        double[][] x = new double[6000][features];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            int before = 0;
            int votes = random.nextInt(40);
            for (int some : words) {
                int word = (int) (some * random.nextDouble() * random.nextDouble());
                x[i][before + word] = 1;
                votes += word * some % 7;
                before += some;
            }
            y[i] = votes % classes;
        }
        PlainProblem plain = unweighted(x, y, classes);
        for (double lambda : new double[] {1e-3, 1e-5}) {
            checkFewPasses(plain, Rows.sparse(x, features), lambda, 1e-8);
            Options options = Options.defaults()
                    .withPenalty(PenaltyKind.L1)
                    .withStrength(new Strength.Lambda(lambda))
                    .withTolerance(1e-10);
            double dense = Fitted.of(plain, Rows.dense(x, features), options)
                    .solution()
                    .objective();
            double sparse = Fitted.of(plain, Rows.sparse(x, features), options)
                    .solution()
                    .objective();
            BOTH_AT_MINIMUM.check(Math.abs(sparse - dense) / dense, classes + " classes, lambda " + lambda);
        }
    }

    /** Pairs of words that only the other class of their few rows tells apart: Newton's steps grow them by about 1 each time. */
    @Test
    void rareWordsThatGrowTogetherDoNotAskForPassesOfTheirOwn() {
        SplittableRandom random = new SplittableRandom(FIRST + 5);
        int classes = 30;
        int pairs = 60;
        int features = 90 + 2 * pairs;
        double[][] x = new double[12_000][features];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = random.nextInt(classes);
            for (int word = 0; word < 5; word++) {
                x[i][random.nextInt(2) > 0 ? 3 * y[i] + random.nextInt(3) : random.nextInt(90)] = 1;
            }
            int pair = i / 8;
            if (pair < pairs) {
                y[i] = (pair + i % 2) % classes;
                x[i][90 + 2 * pair] = i % 8 == 7 ? 0 : 1;
                x[i][91 + 2 * pair] = i % 8 == 6 ? 0 : 1;
            }
        }
        checkFewPasses(unweighted(x, y, classes), Rows.sparse(x, features), 1e-5, 1e-8);
    }

    /** Where values cannot be told apart cautious models must be solved as well as Newton's own. */
    @ParameterizedTest
    @ValueSource(longs = {8, 10, 34})
    void countsOfWordsComeAsNearAsAsked(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int classes = 30;
        int features = 1000;
        double[][] x = new double[5000][features];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = i < 2 * classes ? i % classes : random.nextInt(classes);
            int words = 3 + random.nextInt(4);
            for (int word = 0; word < words; word++) {
                int j = (int) (Math.pow(features + 1, random.nextDouble()) - 1);
                if (random.nextInt(3) == 0) {
                    j = (int) ((y[i] * 7919L + random.nextInt(20) * 104729L) % features);
                }
                x[i][Math.min(features - 1, j)] = 1 + random.nextInt(3);
            }
        }
        PlainProblem plain = unweighted(x, y, classes);
        Options options = Options.defaults()
                .withPenalty(PenaltyKind.L1)
                .withStrength(new Strength.Lambda(9e-5))
                .withTolerance(1e-10);
        Solution solution = Fitted.of(plain, Rows.sparse(x, features), options).solution();
        assertThat(solution.converged()).as("%s", solution).isTrue();
        assertThat(solution.passes()).isLessThan(TIGHT_PASSES);
    }

    /** With a feature that has no penalty, an elastic net and bounds. */
    @Test
    void manyMarginsComeToTheMinimumUnderEveryPenaltyWhateverTheThreads() {
        SplittableRandom random = new SplittableRandom(FIRST + 3);
        int classes = 40;
        int features = 60;
        double[][] x = new double[30_000][features];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = random.nextInt(classes);
            for (int word = 0; word < 4; word++) {
                x[i][random.nextInt(3) > 0 ? y[i] : random.nextInt(features)] = 1;
            }
            x[i][41] = x[i][40];
        }
        PlainProblem plain = unweighted(x, y, classes);
        Options options =
                Options.defaults().withStrength(new Strength.Lambda(1e-4)).withTolerance(1e-8);
        Options net = options.withPenalty(PenaltyKind.ELASTICNET).withL1Ratio(0.9);
        Options free = options.withPenalty(PenaltyKind.L1)
                .withFeatures(new FeatureRules(Map.of("x3", 0.0), Map.of("x7", -0.5), Map.of("x7", 0.5, "x8", 0.1)));
        for (Options each : new Options[] {net, free}) {
            Fitted one = Fitted.of(plain, Rows.sparse(x, features), each.withThreads(1));
            assertThat(one.solution().converged()).as("%s", one.solution()).isTrue();
            assertThat(Fitted.of(plain, Rows.sparse(x, features), each.withThreads(3))
                            .theta())
                    .isEqualTo(one.theta());
        }
    }

    /** Blocks of dense columns are sums over parts of the rows. */
    @Test
    void manyClassesOfDenseRowsAreFittedByTwoThreadsAsByOne() {
        SplittableRandom random = new SplittableRandom(FIRST + 2);
        int classes = 50;
        double[][] x = new double[21_000][12];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = random.nextInt(classes);
            for (int j = 0; j < x[i].length; j++) {
                x[i][j] = random.nextDouble(-1, 1) + ((y[i] >> j % 6 & 1) == 0 ? 0 : 0.5);
            }
        }
        PlainProblem plain = unweighted(x, y, classes);
        Options options = Options.defaults().withPenalty(PenaltyKind.L1).withStrength(new Strength.Lambda(1e-4));
        Matrix dense = Rows.dense(x, x[0].length);
        Fitted one = Fitted.of(plain, dense, options.withThreads(1));
        assertThat(one.solution().converged()).as("%s", one.solution()).isTrue();
        assertTimeoutPreemptively(
                Duration.ofMinutes(2),
                () -> assertThat(Fitted.of(plain, dense, options.withThreads(2)).theta())
                        .isEqualTo(one.theta()));
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

    private static PlainProblem unweighted(double[][] x, int[] y, int classes) {
        double[] ones = new double[x.length];
        Arrays.fill(ones, 1);
        return new PlainProblem(x, y, ones, new double[0], classes, true, new double[x[0].length]);
    }

    private static void check(RandomProblem problem, SplittableRandom random, boolean ruled) {
        PlainProblem plain = problem.plain();
        double draw = random.nextDouble();
        // With bounds, L2 alone too.
        double share = draw < 0.5 ? 1 : ruled && draw < 0.6 ? 0 : draw;
        FeatureRules rules = ruled ? rules(random, plain.features(), plain.y().length) : FeatureRules.none();
        Options options = problem.options()
                .withPenalty(share == 1 ? PenaltyKind.L1 : PenaltyKind.ELASTICNET)
                .withL1Ratio(share)
                .withFeatures(rules);
        String about = share + " of " + problem;
        Fitted fitted = Fitted.of(problem.data(), problem.x(), options);
        Fitted tight = Fitted.of(problem.data(), problem.x(), options.withTolerance(ASKED));
        assertThat(fitted.solution().converged())
                .as("%s %s", about, fitted.solution())
                .isTrue();
        assertThat(tight.solution().relativeGap())
                .as("%s %s", about, tight.solution())
                .isLessThanOrEqualTo(TIGHT);
        Plain net = Plain.of(plain, share, tight.fit().lambda(), rules);
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
    private record Plain(PlainProblem loss, double[] absolute, double[] square, double[] lower, double[] upper) {
        static Plain of(PlainProblem plain, double share, double lambda, FeatureRules rules) {
            int p = plain.features();
            PlainProblem loss = new PlainProblem(
                    plain.x(), plain.y(), plain.s(), plain.offset(), plain.classes(), plain.intercept(), new double[p]);
            Plain net = new Plain(loss, new double[p], new double[p], new double[p], new double[p]);
            for (int j = 0; j < p; j++) {
                String name = "x" + (j + 1);
                double factor = rules.factors().getOrDefault(name, 1.0);
                // Ridge factors are lambda times variances.
                net.absolute[j] = factor * share * Math.sqrt(plain.ridge()[j] * lambda);
                net.square[j] = factor * (1 - share) * plain.ridge()[j];
                double others = rules.lower().getOrDefault("*", Double.NEGATIVE_INFINITY);
                net.lower[j] = rules.lower().getOrDefault(name, others);
                net.upper[j] = rules.upper().getOrDefault(name, Double.POSITIVE_INFINITY);
            }
            return net;
        }

        private double norm(double[] v, int j) {
            double sum = 0;
            for (int c = j; c < v.length; c += loss.features() + 1) {
                sum += v[c] * v[c];
            }
            return Math.sqrt(sum);
        }

        double groupedValue(double[] theta) {
            double sum = loss.value(theta);
            for (int j = 0; j < loss.features(); j++) {
                double size = norm(theta, j);
                sum += absolute[j] * size + square[j] / 2 * size * size;
            }
            return sum;
        }

        /** The largest violation of a group, over the root mean square of its column. */
        double groupedViolation(double[] theta) {
            double[] g = loss.gradient(theta);
            int p = loss.features();
            double largest = 0;
            for (int j = 0; j < p; j++) {
                double size = norm(theta, j);
                double[] slope = g.clone();
                for (int c = j; c < theta.length && size > 0; c += p + 1) {
                    slope[c] += (absolute[j] / size + square[j]) * theta[c];
                }
                double violation = size > 0 ? norm(slope, j) : Math.max(0, norm(g, j) - absolute[j]);
                largest = Math.max(largest, violation == 0 ? 0 : violation / rootMeanSquare(j));
            }
            return largest;
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
                double slope = j == p ? Math.abs(g[c]) : slope(j, theta[c], g[c]);
                double unit = j == p ? 1 : rootMeanSquare(j);
                largest = Math.max(largest, slope == 0 ? 0 : slope / unit);
            }
            return largest;
        }

        /** How steeply the objective falls to the one side or the other, as far as the bounds allow. */
        private double slope(int j, double w, double g) {
            assertThat(w).isBetween(lower[j], upper[j]);
            double smooth = g + square[j] * w;
            double toRight = w == upper[j] ? 0 : -smooth - (w >= 0 ? absolute[j] : -absolute[j]);
            double toLeft = w == lower[j] ? 0 : smooth - (w <= 0 ? absolute[j] : -absolute[j]);
            return Math.max(0, Math.max(toRight, toLeft));
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
