package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Penalties with kinks: whatever the second-order models are made of, matrices or columns, they lead to one minimum. */
class KinkedModelsTest {
    /** Gaps of 1e-12 leave so much to coefficients of order 1 where curvature is not below 1e-3. */
    private static final double SAME = 1e-5;

    private static final double[] LAMBDAS = {0.03, 0.02, 0.018, 0.01, 0.003, 0.0028, 0.0004, 0.00005, 0.05};

    private static double[][] rows(int n, int p, double density, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] x = new double[n][p];
        for (double[] row : x) {
            double common = random.nextDouble(-1, 1);
            Arrays.setAll(row, j -> random.nextDouble() < density ? common + random.nextDouble(-1, 1) : 0);
        }
        return x;
    }

    private static Labels labels(double[][] x, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String[] names = new String[x.length];
        for (int i = 0; i < x.length; i++) {
            double z = x[i][0] - x[i][x[i].length - 1] + random.nextDouble(-1, 1);
            names[i] = "c" + (int) Math.min(classes - 1, Math.max(0, Math.floor((z + 2) / 4 * classes)));
        }
        return Labels.of(Arrays.asList(names));
    }

    private static Options l1(double lambda) {
        return Options.defaults().withPenalty(PenaltyKind.L1).withStrength(new Strength.Lambda(lambda));
    }

    /** Dense rows of so few columns have a matrix for a model, sparse ones, and 700 columns, have none. */
    @ParameterizedTest
    @CsvSource({"1, true", "30, true", "30, false", "700, true"})
    void aModelAsAMatrixLeadsWhereOneByColumnsDoes(int features, boolean intercept) {
        double[][] x = rows(300, features, 0.5, 1);
        Labels y = labels(x, 2, 2);
        FeatureRules rules = new FeatureRules(Map.of("x1", 2.0), Map.of("*", -0.3), Map.of("*", 0.5));
        Options options = l1(0.01).withFeatures(rules).withIntercept(intercept).withTolerance(1e-12);
        LogisticModel dense = LogisticRegression.withDefaults()
                .withOptions(options)
                .fit(Dataset.of(Rows.dense(x, features), y))
                .model();
        LogisticModel sparse = LogisticRegression.withDefaults()
                .withOptions(options)
                .fit(Dataset.of(Rows.sparse(x, features), y))
                .model();
        for (int j = 0; j < features; j++) {
            assertThat(dense.coefficient(0, j)).as("x%d", j + 1).isCloseTo(sparse.coefficient(0, j), within(SAME));
        }
        assertThat(dense.intercept(0)).isCloseTo(sparse.intercept(0), within(SAME));
    }

    /** The same of many classes, whose coefficients of a feature bounds keep from moving alike. */
    @ParameterizedTest
    @CsvSource({"1, true, true", "12, true, false", "12, false, false", "12, true, true", "12, false, true"})
    void theSameOfManyClasses(int features, boolean intercept, boolean bounded) {
        double[][] x = rows(300, features, 0.5, 11);
        Labels y = labels(x, 5, 12);
        FeatureRules rules = bounded
                ? new FeatureRules(Map.of("x1", 2.0), Map.of("*", -0.3), Map.of("*", 0.5))
                : FeatureRules.none();
        Options options = l1(0.002).withFeatures(rules).withIntercept(intercept).withTolerance(1e-12);
        SoftmaxRegression estimator = SoftmaxRegression.withDefaults().withOptions(options);
        Fit<?> dense = estimator.fit(Dataset.of(Rows.dense(x, features), y));
        Fit<?> sparse = estimator.fit(Dataset.of(Rows.sparse(x, features), y));
        assertThat(dense.solution().converged())
                .as("%s", dense.solution().reason())
                .isTrue();
        assertThat(dense.solution().objective()).isCloseTo(sparse.solution().objective(), within(1e-11));
        for (double[] row : x) {
            assertThat(dense.model().probabilities(row))
                    .containsExactly(sparse.model().probabilities(row), within(SAME));
        }
    }

    /**
     * Columns hundreds away from 0, which no intercept takes up, are nearly alike: of the second derivatives one is a million
     * times another, and coefficients pass 0 in large numbers.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void columnsFarFromZeroTakeFewPasses(int classes) {
        int features = 12;
        double[][] x = rows(2000, features, 1, 13);
        Labels y = labels(x, classes, 14);
        for (double[] row : x) {
            for (int j = 0; j < features; j += 2) {
                row[j] += 300 * (j + 1);
            }
        }
        Options options = Options.defaults()
                .withPenalty(PenaltyKind.ELASTICNET)
                .withStrength(new Strength.Lambda(2e-5))
                .withIntercept(false);
        Dataset data = Dataset.of(Rows.dense(x, features), y);
        Solution solution = classes == 2
                ? LogisticRegression.withDefaults()
                        .withOptions(options)
                        .fit(data)
                        .solution()
                : SoftmaxRegression.withDefaults()
                        .withOptions(options)
                        .fit(data)
                        .solution();
        assertThat(solution.converged()).as("%s", solution.reason()).isTrue();
        assertThat(solution.passes()).isLessThanOrEqualTo(20);
    }

    /**
     * So many rows are read in several parts, and a path's models keep what they know from one lambda to the next, where
     * few columns matter as where most do.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachFitOfAPathEndsWhereOneFromTheStartDoes(boolean intercept) {
        int n = 9000;
        int p = 40;
        double[][] x = rows(n, p, 1, 11);
        double[] weights = new double[n];
        double[] offset = new double[n];
        Arrays.setAll(weights, i -> 1 + i % 3);
        Arrays.setAll(offset, i -> (i % 5 - 2) / 4.0);
        Dataset data = Dataset.of(Rows.dense(x, p), labels(x, 2, 12))
                .withWeights(weights)
                .withOffset(offset);
        double[][] first = path(data, intercept, 1);
        assertThat(path(data, intercept, 2)).isDeepEqualTo(first);
        for (int l = 0; l < LAMBDAS.length; l++) {
            LogisticModel alone = LogisticRegression.withDefaults()
                    .withOptions(l1(LAMBDAS[l]).withIntercept(intercept).withTolerance(1e-12))
                    .fit(data)
                    .model();
            assertThat(first[l]).containsExactly(coefficients(alone, p), within(SAME));
        }
    }

    private static double[][] path(Dataset data, boolean intercept, int threads) {
        Options options = l1(1).withIntercept(intercept).withTolerance(1e-12).withThreads(threads);
        double[][] out = new double[LAMBDAS.length][];
        try (PathFit<LogisticModel> path =
                LogisticRegression.withDefaults().withOptions(options).path(data)) {
            for (int l = 0; l < LAMBDAS.length; l++) {
                Fit<LogisticModel> fit = path.fit(LAMBDAS[l]);
                assertThat(fit.solution().converged()).isTrue();
                out[l] = coefficients(fit.model(), data.features().cols());
            }
        }
        return out;
    }

    private static double[] coefficients(LogisticModel model, int features) {
        double[] w = new double[features + 1];
        Arrays.setAll(w, j -> j < features ? model.coefficient(0, j) : model.intercept(0));
        return w;
    }

    /** With far offsets the second derivatives vanish; only the intercept can move. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theInterceptComesBackFromFarWithNoCoefficientBesideIt(boolean dense) {
        double[][] x = rows(40, 2, 1, 3);
        String[] names = new String[x.length];
        Arrays.setAll(names, i -> i % 2 == 0 ? "a" : "b");
        double[] offset = new double[x.length];
        Arrays.fill(offset, -20);
        Matrix stored = dense ? Rows.dense(x, 2) : Rows.sparse(x, 2);
        Fit<LogisticModel> fit = LogisticRegression.withDefaults()
                .withOptions(l1(1))
                .fit(Dataset.of(stored, Labels.of(Arrays.asList(names))).withOffset(offset));
        assertThat(fit.solution().converged()).as("%s", fit.solution().reason()).isTrue();
        assertThat(fit.solution().objective()).isCloseTo(Math.log(2), within(1e-5));
        assertThat(fit.model().intercept(0)).isCloseTo(20, within(0.01));
    }

    /** Few coefficients of many features are read by their columns, and a path starts from what it knows. */
    @ParameterizedTest
    @CsvSource({"2, true", "2, false", "3, true"})
    void eachPointOfAPathIsWhatAFitFromNothingFinds(int classes, boolean dense) {
        int features = 400;
        double[][] x = rows(60, features, 0.3, 5);
        Labels y = labels(x, classes, 6);
        Dataset data = Dataset.of(dense ? Rows.dense(x, features) : Rows.sparse(x, features), y);
        LinearClassifier<?, ?> estimator = classes == 2
                ? LogisticRegression.withDefaults().withOptions(l1(1).withTolerance(1e-10))
                : SoftmaxRegression.withDefaults().withOptions(l1(1).withTolerance(1e-10));
        try (PathFit<?> path = estimator.path(data)) {
            for (double lambda = path.lambdaMax(); lambda > 0.05 * path.lambdaMax(); lambda *= 0.7) {
                Fit<?> warm = path.fit(lambda);
                Fit<?> cold = estimator.withLambda(lambda).fit(data);
                assertThat(warm.solution().converged())
                        .as("%s", warm.solution().reason())
                        .isTrue();
                assertThat(warm.solution().objective())
                        .isCloseTo(
                                cold.solution().objective(),
                                within(1e-9 * cold.solution().objective()));
                assertThat(same(warm.model(), cold.model())).isTrue();
            }
        }
    }

    private static boolean same(Model a, Model b) {
        boolean same = true;
        for (int k = 0; k < a.logits(); k++) {
            for (int j = 0; j < a.features(); j++) {
                same &= Math.abs(a.coefficient(k, j) - b.coefficient(k, j)) < 1e-3;
            }
        }
        return same;
    }

    /** So many margins that all coefficients move together after every round. */
    @Test
    void theBitsOfLargeProblemsDoNotDependOnTheNumberOfThreads() {
        int features = 30;
        double[][] x = rows(30_000, features, 0.1, 7);
        Dataset data = Dataset.of(Rows.sparse(x, features), labels(x, 40, 8));
        Options options = l1(1e-3).withTolerance(1e-2);
        SoftmaxRegression estimator = SoftmaxRegression.withDefaults();
        double[] one = coefficients(
                estimator.withOptions(options.withThreads(1)).fit(data).model());
        double[] three = coefficients(
                estimator.withOptions(options.withThreads(3)).fit(data).model());
        assertThat(three).isEqualTo(one);
        assertThat(Arrays.stream(one).filter(w -> w != 0).count()).isPositive();
    }

    private static double[] coefficients(Model model) {
        double[] w = new double[model.logits() * model.features()];
        Arrays.setAll(w, i -> model.coefficient(i / model.features(), i % model.features()));
        return w;
    }
}
