package io.logits.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.calibration.CalibrationMethod;
import io.logits.calibration.HeldOutCalibration;
import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.estimator.FeatureRules;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SeparationException;
import io.logits.estimator.SoftmaxRegression;
import io.logits.features.PlainEncoding;
import io.logits.model.Model;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Cross-validation against glmnet's with the same folds, by core/src/test/golden/cv.R. */
class CrossValidationTest {
    private static final Tolerance MEASURE =
            Tolerance.absolute(1e-6, "gaps of 1e-12 leave coefficients off by their root");

    static Stream<Path> cases() throws IOException, URISyntaxException {
        Path folder =
                Path.of(CrossValidationTest.class.getResource("/golden-cv").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsTheMeansErrorsAndChoicesOfGlmnet(Path file) {
        JsonNode golden = new ObjectMapper().readTree(file);
        golden.get("measures").forEachEntry((type, theirs) -> {
            Measure measure = switch (type) {
                case "deviance" -> Measure.LOG_LOSS;
                case "class" -> Measure.ACCURACY;
                default -> Measure.AUC;
            };
            for (LambdaRule rule : LambdaRule.values()) {
                CrossValidation.Choice choice = run(golden, measure, rule, 2, List.of());
                ValidationCurve curve = choice.curves().get(0);
                for (int l = 0; l < curve.mean().length; l++) {
                    double mean = theirs.get("mean").get(l).asDouble();
                    double error = theirs.get("standard_error").get(l).asDouble();
                    // Deviance is twice the log loss, and glmnet counts errors where we count what is right.
                    double unit = measure == Measure.LOG_LOSS ? 2 : 1;
                    double expected = measure == Measure.ACCURACY ? 1 - mean : mean / unit;
                    MEASURE.check(Math.abs(curve.mean()[l] - expected), type + " at " + l);
                    MEASURE.check(Math.abs(curve.standardError()[l] - error / unit), type + " error at " + l);
                }
                assertThat(choice.point()).isEqualTo(theirs.get(rule.label()).asInt());
            }
        });
    }

    private static CrossValidation.Choice run(
            JsonNode golden, Measure measure, LambdaRule rule, int threads, List<Double> ratios) {
        LambdaGrid grid = new LambdaGrid.Listed(numbers(golden.get("lambdas")));
        CrossValidation validation = new CrossValidation(folds(golden), grid, ratios, measure, rule);
        return validation.run(estimator(golden, threads), data(golden), (done, of) -> {});
    }

    private static LinearClassifier<?, ?> estimator(JsonNode golden, int threads) {
        Options options = Options.defaults()
                .withPenalty(PenaltyKind.ELASTICNET)
                .withL1Ratio(golden.get("l1_ratio").asDouble())
                .withTolerance(1e-12)
                .withThreads(threads);
        return golden.get("classes").asInt() == 2
                ? LogisticRegression.withDefaults().withOptions(options)
                : SoftmaxRegression.withDefaults().withOptions(options);
    }

    private static Folds folds(JsonNode golden) {
        return Folds.of(ints(golden.get("folds")));
    }

    private static Dataset data(JsonNode golden) {
        double[][] x = IntStream.range(0, golden.get("x").size())
                .mapToObj(i -> numbers(golden.get("x").get(i)))
                .toArray(double[][]::new);
        List<String> names = IntStream.range(0, golden.get("classes").asInt())
                .mapToObj(k -> "c" + k)
                .toList();
        return new Dataset(
                Rows.dense(x, x[0].length),
                Labels.of(names, ints(golden.get("y"))),
                golden.get("weights").isNull() ? null : numbers(golden.get("weights")),
                null,
                PlainEncoding.numbered(x[0].length));
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    private static JsonNode golden() throws IOException, URISyntaxException {
        return new ObjectMapper().readTree(cases().toList().get(2));
    }

    @Test
    void noBitDependsOnTheNumberOfThreads() throws IOException, URISyntaxException {
        JsonNode golden = golden();
        CrossValidation.Choice one = run(golden, Measure.LOG_LOSS, LambdaRule.MIN, 1, List.of(0.2, 1.0));
        CrossValidation.Choice three = run(golden, Measure.LOG_LOSS, LambdaRule.MIN, 3, List.of(0.2, 1.0));
        assertThat(three.curve()).isEqualTo(one.curve());
        for (int c = 0; c < 2; c++) {
            assertThat(three.curves().get(c).mean())
                    .isEqualTo(one.curves().get(c).mean());
            assertThat(three.curves().get(c).standardError())
                    .isEqualTo(one.curves().get(c).standardError());
        }
        assertThat(coefficients(three.model())).isEqualTo(coefficients(one.model()));
    }

    private static double[] coefficients(Model model) {
        return IntStream.range(0, model.logits() * model.features())
                .mapToDouble(c -> model.coefficient(c / model.features(), c % model.features()))
                .toArray();
    }

    @Test
    void theModelRemembersHowItWasChosen() throws IOException, URISyntaxException {
        CrossValidation.Choice choice = run(golden(), Measure.ACCURACY, LambdaRule.ONE_STANDARD_ERROR, 1, List.of());
        assertThat(choice.model().provenance().options())
                .containsEntry("chosen_by", "cross-validation")
                .containsEntry("folds", "4 given folds")
                .containsEntry("measure", "accuracy")
                .containsEntry("rule", "1se")
                .containsEntry("lambda", Double.toString(choice.lambda()))
                .containsEntry("mean", Double.toString(choice.curves().get(0).mean()[choice.point()]));
    }

    @Test
    void theListenerHearsOfEachFit() throws IOException, URISyntaxException {
        JsonNode golden = golden();
        List<Integer> heard = new ArrayList<>();
        int[] all = new int[1];
        CrossValidation.of(folds(golden)).run(estimator(golden, 2), data(golden), (done, of) -> {
            heard.add(done);
            all[0] = of;
        });
        assertThat(all[0]).isEqualTo(5 * 100);
        assertThat(heard)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    void aClassThatIsWholeInOneFoldIsNamed() {
        Dataset data =
                Dataset.of(Rows.dense(new double[][] {{1}, {2}, {3}, {4}}, 1), Labels.of(List.of("a", "a", "b", "b")));
        CrossValidation validation = CrossValidation.of(Folds.of(new int[] {0, 1, 1, 1}));
        assertThatThrownBy(() -> validation.run(LogisticRegression.withDefaults(), data, (done, of) -> {}))
                .hasMessage(
                        "all rows of class b are in one fold, so that none is left to learn it from while that is held"
                                + " out; fewer folds or larger classes are needed");
    }

    @Test
    void aFoldWhoseRowsCountForNothingIsLeftOut() throws IOException, URISyntaxException {
        JsonNode golden = golden();
        Folds folds = folds(golden);
        Dataset data = data(golden);
        double[] weights = data.weights() == null ? new double[folds.size()] : data.weights();
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            weights[i] = folds.of(i) == 2 ? 0 : data.weights() == null ? 1 : weights[i];
            if (folds.of(i) != 2) {
                others.add(i);
            }
        }
        int[] left = others.stream().mapToInt(i -> i).toArray();
        Folds three =
                Folds.of(Arrays.stream(left).map(i -> Math.min(folds.of(i), 2)).toArray());
        LambdaGrid grid = new LambdaGrid.Listed(0.1, 0.01);
        int[] steps = new int[2];
        CrossValidation.Choice choice = validation(folds, grid)
                .run(estimator(golden, 2), data.withWeights(weights), (done, of) -> {
                    steps[0] = done;
                    steps[1] = of;
                });
        ValidationCurve expected = validation(three, grid)
                .run(estimator(golden, 2), data.withWeights(weights).select(left), (done, of) -> {})
                .curves()
                .get(0);
        assertThat(steps).containsExactly(10, 10);
        for (int l = 0; l < 2; l++) {
            MEASURE.check(Math.abs(choice.curves().get(0).mean()[l] - expected.mean()[l]), "mean");
            MEASURE.check(Math.abs(choice.curves().get(0).standardError()[l] - expected.standardError()[l]), "error");
        }
    }

    private static CrossValidation validation(Folds folds, LambdaGrid grid) {
        return new CrossValidation(folds, grid, List.of(), Measure.LOG_LOSS, LambdaRule.MIN);
    }

    /** Row 3 of fold 1 is what keeps x1 from telling the classes apart. */
    @Test
    void theFoldWithoutWhichFeaturesSeparateIsNamed() {
        double[][] x = {{1, 0}, {1.5, 2}, {2, 1}, {3.5, 1}, {3, 0.5}, {3.2, 1.5}, {5, 0}, {6, 1}};
        Dataset data = Dataset.of(Rows.dense(x, 2), Labels.of(List.of("a", "a", "a", "a", "b", "b", "b", "b")));
        Options options = Options.defaults()
                .withFeatures(new FeatureRules(Map.of("x1", 0.0), Map.of(), Map.of()))
                .withThreads(2);
        LinearClassifier<?, ?> classifier = LogisticRegression.withDefaults().withOptions(options);
        CrossValidation validation = CrossValidation.of(Folds.of(new int[] {0, 2, 0, 1, 2, 1, 0, 2}));
        String message = "while fold 2 of 3 is held out: separation: the classes can be told apart, if only in part, by"
                + " x1, whose penalty factor is 0, so the coefficients have no finite best values; use a factor above 0";
        assertThatThrownBy(() -> validation.run(classifier, data, (done, of) -> {}))
                .isInstanceOf(SeparationException.class)
                .hasMessage(message);
        HeldOutCalibration calibration = new HeldOutCalibration(CalibrationMethod.PLATT, validation.folds());
        Model model = classifier.fit(data).model();
        assertThatThrownBy(() -> calibration.calibrate(
                        model, data, part -> classifier.fit(part).model()))
                .isInstanceOf(SeparationException.class)
                .hasMessage(message);
    }

    @Test
    void foldsOfOtherRowsAreRefused() {
        Dataset data = Dataset.of(Rows.dense(new double[][] {{1}, {2}}, 1), Labels.of(List.of("a", "b")));
        assertThatThrownBy(() -> CrossValidation.of(Folds.of(new int[] {0, 1, 0}))
                        .run(LogisticRegression.withDefaults(), data, (done, of) -> {}))
                .hasMessage("the folds are of 3 rows, the data has 2");
    }
}
