package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Paths against those of glmnet, by core/src/test/golden/paths.R, and what holds of every path. */
class PathFitTest {
    private static final Tolerance LAMBDA =
            Tolerance.relative(1e-9, "glmnet finds the null model of an offset by an iteration of its own");
    private static final Tolerance DEVIANCE = Tolerance.absolute(
            1e-7,
            "with a gap of 1e-14 the loss alone is off by |W| sqrt(2 gap F lambda), less than this on these paths");
    private static final Tolerance COEFFICIENTS =
            Tolerance.absolute(1e-5, "a gap of 1e-12 leaves coefficients off by its root over their curvature");

    private static final Tolerance OPTIMALITY = Tolerance.absolute(
            1e-5, "a gap of 1e-9 allows derivatives as much more than lambda, over the share of L1 in F");

    private final double[][] x = {{1, 0.5}, {2, -1}, {0.3, 1}, {-1, 0.7}, {0.1, -0.2}, {1.5, 2}};
    private final Dataset binary =
            Dataset.of(Rows.dense(x, 2), Labels.of(List.of("no", "yes", "yes", "no", "yes", "no")));

    static Stream<Path> cases() throws IOException, URISyntaxException {
        Path folder = Path.of(PathFitTest.class.getResource("/golden-paths").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesThePathOfGlmnet(Path file) {
        JsonNode golden = new ObjectMapper().readTree(file);
        double l1Ratio = golden.get("l1_ratio").asDouble();
        Options options = Options.defaults()
                .withPenalty(l1Ratio == 0 ? PenaltyKind.L2 : PenaltyKind.ELASTICNET)
                .withL1Ratio(l1Ratio)
                .withGrouped(golden.has("grouped"))
                .withFeatures(rules(golden))
                .withIntercept(golden.get("intercept").asBoolean())
                .withStandardize(golden.get("standardize").asBoolean())
                .withTolerance(l1Ratio == 0 ? 1e-14 : 1e-12);
        Dataset data = data(golden);
        PathFit<?> path = path(data, options);
        double[] lambdas = numbers(golden.get("lambdas"));
        double[] explained = numbers(golden.get("deviance_explained"));
        LAMBDA.check(Math.abs(path.lambdaMax() - lambdas[0]) / lambdas[0], "lambda_max");
        // The first fit of glmnet's path is at an infinite lambda for ridge, else what its lambda_max rounds to.
        for (int l = 1; l < lambdas.length; l++) {
            Fit<? extends Model> fit = path.fit(lambdas[l]);
            assertThat(fit.solution().converged()).isTrue();
            assertThat(fit.lambda()).isEqualTo(lambdas[l]);
            DEVIANCE.check(Math.abs(1 - fit.meanLoss() / path.nullLoss() - explained[l]), "deviance explained at " + l);
            double[] theta = Fitted.theta(fit.model());
            double[] theirs = Stream.of(rows(golden.get("coefficients").get(l)))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            for (int c = 0; c < theta.length; c++) {
                COEFFICIENTS.check(Math.abs(theta[c] - theirs[c]), "coefficient " + c + " at lambda " + l);
            }
        }
    }

    private static FeatureRules rules(JsonNode golden) {
        return new FeatureRules(byName(golden, "factors"), byName(golden, "lower"), byName(golden, "upper"));
    }

    private static Map<String, Double> byName(JsonNode golden, String key) {
        Map<String, Double> numbers = new HashMap<>();
        for (int j = 0; golden.has(key) && j < golden.get(key).size(); j++) {
            numbers.put("x" + (j + 1), golden.get(key).get(j).asDouble());
        }
        return numbers;
    }

    private static PathFit<?> path(Dataset data, Options options) {
        return data.labels().classes().size() == 2
                ? LogisticRegression.withDefaults().withOptions(options).path(data)
                : SoftmaxRegression.withDefaults().withOptions(options).path(data);
    }

    private static Dataset data(JsonNode golden) {
        double[][] x = rows(golden.get("x"));
        int classes = golden.get("classes").asInt();
        int[] y = IntStream.range(0, x.length)
                .map(i -> golden.get("y").get(i).asInt())
                .toArray();
        List<String> names = IntStream.range(0, classes).mapToObj(k -> "c" + k).toList();
        return new Dataset(
                Rows.dense(x, x[0].length),
                Labels.of(names, y),
                numbers(golden.get("weights")),
                numbers(golden.get("offset")),
                PlainEncoding.numbered(x[0].length));
    }

    private static double @Nullable [] numbers(JsonNode array) {
        return array.isNull()
                ? null
                : IntStream.range(0, array.size())
                        .mapToDouble(i -> array.get(i).asDouble())
                        .toArray();
    }

    private static double[][] rows(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToObj(i -> numbers(array.get(i)))
                .toArray(double[][]::new);
    }

    @Test
    void lambdaMaxOfAnInterceptAndAnOffsetIsThatOfTheSharesWhereTheOffsetIsConstant() {
        double[] offset = new double[6];
        Arrays.fill(offset, 2.5);
        double plain = path(binary, Options.defaults()).lambdaMax();
        double shifted = path(binary.withOffset(offset), Options.defaults()).lambdaMax();
        LAMBDA.check(Math.abs(shifted - plain) / plain, "an intercept takes up a constant offset");
    }

    @Test
    void aPathEndsAtLambdaZeroWithTheFitThatHasNoPenalty() {
        Options tight = Options.defaults().withTolerance(1e-14);
        PathFit<LogisticModel> path =
                LogisticRegression.withDefaults().withOptions(tight).path(binary);
        path.fit(1);
        Fit<LogisticModel> end = path.fit(0);
        Fit<LogisticModel> alone = LogisticRegression.withDefaults()
                .withOptions(tight.withPenalty(PenaltyKind.NONE))
                .fit(binary);
        assertThat(end.solution().dual()).isNaN();
        COEFFICIENTS.check(
                Math.abs(end.model().coefficient(0, 1) - alone.model().coefficient(0, 1)), "coefficient");
    }

    @Test
    void lambdaMaxOfAnL1PenaltyIsTheLeastThatLeavesNothing() {
        for (Dataset data : List.of(binary, three())) {
            for (double share : new double[] {1, 0.3}) {
                PathFit<?> path = path(
                        data,
                        Options.defaults()
                                .withPenalty(PenaltyKind.ELASTICNET)
                                .withL1Ratio(share)
                                .withTolerance(1e-12));
                double max = path.lambdaMax();
                for (double lambda : new double[] {2 * max, max}) {
                    Fit<?> none = path.fit(lambda);
                    assertThat(nonzero(none.model())).isZero();
                    assertThat(none.solution().converged()).isTrue();
                    LAMBDA.check(Math.abs(none.meanLoss() / path.nullLoss() - 1), "the loss of the null model");
                }
                Fit<?> some = path.fit(0.999 * max);
                assertThat(nonzero(some.model())).as("%s", some.solution()).isPositive();
            }
        }
    }

    private static Dataset three() {
        return Dataset.of(
                Rows.dense(new double[][] {{1, 0}, {2, 1}, {3, 0}, {1.5, 2}, {2.5, 0}, {0.5, -1}, {2, 0}}, 2),
                Labels.of(List.of("a", "b", "c", "b", "a", "c", "c")));
    }

    private static long nonzero(Model model) {
        return IntStream.range(0, model.logits())
                .mapToLong(k -> IntStream.range(0, model.features())
                        .filter(j -> model.coefficient(k, j) != 0)
                        .count())
                .sum();
    }

    @Test
    void anL1PathEndsAtLambdaZeroWithTheFitThatHasNoPenalty() {
        Options tight = Options.defaults().withTolerance(1e-13).withPenalty(PenaltyKind.L1);
        PathFit<LogisticModel> path =
                LogisticRegression.withDefaults().withOptions(tight).path(binary);
        path.fit(path.lambdaMax());
        Fit<LogisticModel> end = path.fit(0);
        Fit<LogisticModel> alone = LogisticRegression.withDefaults()
                .withOptions(tight.withPenalty(PenaltyKind.NONE))
                .fit(binary);
        COEFFICIENTS.check(
                Math.abs(end.model().coefficient(0, 1) - alone.model().coefficient(0, 1)), "coefficient");
    }

    /** Of most features derivatives are only bounded; whichever lambda follows, none may be larger than lambda. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1000})
    void whereFeaturesAreManyNoneIsOverlooked(double shift) {
        int n = 40;
        int p = 600;
        SplittableRandom random = new SplittableRandom(11);
        double[][] rows = new double[n][p];
        double[] weights = new double[n];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            double common = random.nextDouble();
            Arrays.setAll(rows[i], j -> shift + common + random.nextDouble() * (1 + j % 3));
            weights[i] = 1 + random.nextInt(3);
            y[i] = rows[i][0] - rows[i][1] + random.nextDouble() > 0.5 ? 1 : 0;
        }
        Dataset data =
                Dataset.of(Rows.dense(rows, p), Labels.of(List.of("0", "1"), y)).withWeights(weights);
        Options options = Options.defaults().withPenalty(PenaltyKind.L1).withTolerance(1e-9);
        PathFit<?> path = path(data, options);
        double lambda = path.lambdaMax();
        for (double share :
                new double[] {1, 0.97, 0.9, 0.88, 0.6, 0.55, 0.5, 0.2, 0.19, 0.18, 0.05, 0.3, 0.29, 0.95, 0.01}) {
            Fit<? extends Model> fit = path.fit(share * lambda);
            assertThat(fit.solution().converged()).isTrue();
            OPTIMALITY.check(steepest(rows, weights, y, fit.model()) / (share * lambda) - 1, "at " + share);
        }
    }

    private static double steepest(double[][] rows, double[] weights, int[] y, Model model) {
        double[] gradient = new double[rows[0].length];
        double total = Arrays.stream(weights).sum();
        for (int i = 0; i < rows.length; i++) {
            double z = model.intercept(0);
            for (int j = 0; j < rows[i].length; j++) {
                z += model.coefficient(0, j) * rows[i][j];
            }
            double residual = weights[i] / total * (1 / (1 + Math.exp(-z)) - y[i]);
            for (int j = 0; j < rows[i].length; j++) {
                gradient[j] += residual * rows[i][j];
            }
        }
        return Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    }

    @Test
    void separableClassesAreRefusedAtTheEndOfAnL1Path() {
        Dataset separable =
                Dataset.of(Rows.dense(new double[][] {{1}, {2}, {3}, {4}}, 1), Labels.of(List.of("a", "a", "b", "b")));
        PathFit<?> path = path(separable, Options.defaults().withPenalty(PenaltyKind.L1));
        assertThat(path.fit(1e-4).solution().converged()).isTrue();
        assertThatThrownBy(() -> path.fit(0))
                .isInstanceOf(SeparationException.class)
                .hasMessageContaining("x1");
    }

    @Test
    void softmaxGoesFromThePenaltyToNoneAndBack() {
        Dataset many = Dataset.of(
                Rows.dense(new double[][] {{1}, {2}, {3}, {1.5}, {2.5}, {0.5}, {2}}, 1),
                Labels.of(List.of("a", "b", "c", "b", "a", "c", "c")));
        PathFit<?> path = SoftmaxRegression.withDefaults().withTolerance(1e-10).path(many);
        double before = path.fit(0.1).model().coefficient(1, 0);
        assertThat(path.fit(0).model().coefficient(0, 0)).isZero();
        COEFFICIENTS.check(Math.abs(path.fit(0.1).model().coefficient(1, 0) - before), "the same fit again");
    }

    @Test
    void aPathWithoutAPenaltyIsRefused() {
        LogisticRegression none = LogisticRegression.withDefaults().withPenalty(PenaltyKind.NONE);
        assertThatThrownBy(() -> none.path(binary))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a path has a penalty of several strengths, the penalty is none");
    }

    @Test
    void aLambdaOutOfRangeIsRefused() {
        PathFit<?> path = path(binary, Options.defaults());
        assertThatThrownBy(() -> path.fit(Double.NaN)).hasMessage("lambda is NaN, a finite number >= 0 is needed");
    }

    @Test
    void aFeatureThatIsNotFiniteIsNamed() {
        double[][] bad = {{1, 0.5}, {2, Double.NaN}, {0.3, 1}, {-1, 0.7}, {0.1, -0.2}, {1.5, 2}};
        Dataset data = Dataset.of(Rows.dense(bad, 2), binary.labels());
        assertThatThrownBy(() -> path(data, Options.defaults()))
                .hasMessage("feature x2 of row 1 is NaN, a finite number is needed");
    }
}
