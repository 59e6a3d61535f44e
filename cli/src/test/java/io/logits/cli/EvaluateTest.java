package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code evaluate} says beyond its first keys: parts of the Brier score, intervals, thresholds. */
class EvaluateTest {
    @TempDir
    private Path folder = Path.of("");

    private Path two = Path.of("");
    private Path four = Path.of("");
    private Path model = Path.of("");

    @BeforeEach
    void writeTables() throws IOException {
        two = table("two.csv", 2);
        four = table("four.csv", 4);
        model = folder.resolve("model.safetensors");
    }

    private Path table(String name, int classes) throws IOException {
        SplittableRandom random = new SplittableRandom(classes);
        StringBuilder text = new StringBuilder("x,z,y\n");
        for (int i = 0; i < 200; i++) {
            int k = i % classes;
            text.append(String.format(
                    Locale.ROOT,
                    "%.3f,%.3f,class %d%n",
                    random.nextDouble(-1, 1) + k,
                    random.nextDouble(-1, 1) - k * k / 4.0,
                    k));
        }
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return file;
    }

    private JsonNode evaluated(Path table, Object... options) {
        Run.of("fit", table, "-o", model);
        Object[] args = new Object[4 + options.length];
        System.arraycopy(new Object[] {"evaluate", model, table, "--json"}, 0, args, 0, 4);
        System.arraycopy(options, 0, args, 4, options.length);
        return Run.of(args).json();
    }

    @Test
    void thePartsOfTheBrierScoreAddUpToIt() {
        for (Path table : new Path[] {two, four}) {
            JsonNode all = evaluated(table);
            JsonNode parts = all.get("brier_parts");
            double sum = parts.get("reliability").asDouble()
                    - parts.get("resolution").asDouble()
                    + parts.get("uncertainty").asDouble()
                    + parts.get("within_bins").asDouble();
            assertThat(sum).isCloseTo(all.get("brier").asDouble(), within(1e-12));
        }
        // Classes of the same size each: 4 x 1/4 x 3/4.
        assertThat(evaluated(four).at("/brier_parts/uncertainty").asDouble()).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void aCalibratedModelIsPredictedAndEvaluatedCalibrated() {
        for (Path table : new Path[] {two, four}) {
            for (String how : new String[] {"platt", "isotonic", "temperature", "vector"}) {
                if (how.equals("vector") && table.equals(two)) {
                    continue;
                }
                Run fit = Run.of("fit", table, "-o", model, "--calibrate", how, "--calibration-folds", 4, "--json");
                assertThat(fit.json().get("calibration").asString()).isEqualTo(how);
                JsonNode all = Run.of("evaluate", model, table, "--json").json();
                double loss = 0;
                JsonNode rows = Run.of("predict", model, table, "--json").json().get("predictions");
                int classes = all.get("classes").size();
                for (int i = 0; i < rows.size(); i++) {
                    loss -= Math.log(rows.get(i)
                                    .get("p(class " + i % classes + ")")
                                    .asDouble())
                            / rows.size();
                }
                assertThat(all.get("log_loss").asDouble()).isCloseTo(loss, within(1e-12));
                assertThat(all.get("log_loss").asDouble())
                        .isEqualTo(fit.json().at("/training/log_loss").asDouble());
                assertThat(loss).isNotEqualTo(evaluated(table).get("log_loss").asDouble());
            }
        }
        assertThat(Run.of("fit", two, "-o", model, "--calibrate", "vector").err())
                .isEqualTo("logits: vector scaling is for three classes or more; of two, platt has a line of the one"
                        + " logit\n");
        assertThat(Run.of("fit", two, "-o", model, "--calibration-folds", 3).code())
                .isEqualTo(2);
        assertThat(Run.of("fit", two, "-o", model, "--calibrate", "platt", "--quiet")
                        .out())
                .contains("calibrated on held-out rows: platt");
        assertThat(Run.of("inspect", model).out()).contains("calibration_folds 5 stratified folds, seed 0");
    }

    @Test
    void theReliabilityTableGivesTheCalibrationError() {
        JsonNode all = evaluated(two);
        double rows = 0;
        double distance = 0;
        for (JsonNode bin : all.get("reliability")) {
            double count = bin.get("rows").asDouble();
            rows += count;
            distance += count
                    * Math.abs(bin.get("confidence").asDouble()
                            - bin.get("accuracy").asDouble());
        }
        assertThat(rows).isEqualTo(200);
        assertThat(distance / rows)
                .isCloseTo(all.get("expected_calibration_error").asDouble(), within(1e-12));
    }

    @Test
    void manyClassesHaveMeansAndTops() {
        JsonNode all = evaluated(four, "--bootstrap", 50);
        double sum = 0;
        for (JsonNode line : all.get("per_class")) {
            sum += line.get("auc").asDouble();
            assertThat(line.get("rows").asInt()).isEqualTo(50);
        }
        assertThat(all.get("macro_auc").asDouble()).isCloseTo(sum / 4, within(1e-12));
        assertThat(all.at("/top_k_accuracy/2").asDouble())
                .isGreaterThan(all.get("accuracy").asDouble());
        assertThat(all.at("/top_k_accuracy").has("5")).isFalse();
        assertThat(all.get("intervals").propertyNames())
                .contains("macro_auc", "macro_average_precision", "top_3_accuracy");
    }

    @Test
    void intervalsHoldTheirMeasuresAndDependOnTheSeed() {
        JsonNode all = evaluated(two, "--bootstrap", 50, "--seed", 3);
        for (String name : all.get("intervals").propertyNames()) {
            JsonNode interval = all.get("intervals").get(name);
            // A calibration error is pushed up by resampling, as it is a mean of absolute values.
            if (!name.equals("expected_calibration_error")) {
                assertThat(all.get(name).asDouble())
                        .as(name)
                        .isBetween(
                                interval.get("low").asDouble(),
                                interval.get("high").asDouble());
            }
        }
        assertThat(all.at("/bootstrap/samples").asInt()).isEqualTo(50);
        assertThat(evaluated(two, "--bootstrap", 50, "--seed", 3)).isEqualTo(all);
        assertThat(evaluated(two, "--bootstrap", 50, "--seed", 4).get("intervals"))
                .isNotEqualTo(all.get("intervals"));
    }

    @Test
    void theThresholdCostsNoMoreThanTheCalibratedOne() {
        JsonNode threshold = evaluated(two, "--cost", "1,9").get("threshold");
        assertThat(threshold.get("calibrated_probability").asDouble()).isEqualTo(0.1);
        assertThat(threshold.get("mean_cost").asDouble())
                .isLessThanOrEqualTo(threshold.get("calibrated_mean_cost").asDouble())
                .isCloseTo(
                        (threshold.get("false_positives").asInt()
                                        + 9 * threshold.get("false_negatives").asInt())
                                / 200.0,
                        within(1e-12));
        assertThat(threshold.get("probability").asDouble()).isBetween(0.0, 0.5);
    }

    @Test
    void aPersonReadsIntervalsBehindTheNumbers() {
        Run.of("fit", two, "-o", model);
        String text = Run.of("evaluate", model, two, "--bootstrap", 50, "--cost", "1,9")
                .out();
        assertThat(text)
                .containsPattern("(?m)^accuracy +0\\.\\d+ \\(0\\.\\d+ to \\d[.\\d]*\\)$")
                .contains("balanced accuracy", "average precision", "cheapest threshold", "class 1 if p(class 1) > ");
        assertThat(Run.of("evaluate", model, two).out()).doesNotContain(" to ").doesNotContain("threshold");
    }
}
