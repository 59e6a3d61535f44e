package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PathCommandTest {
    @TempDir
    Path folder;

    private Path table;
    private Path path;

    @BeforeEach
    void writeData() throws IOException {
        table = folder.resolve("table.csv");
        path = folder.resolve("path.safetensors");
        SplittableRandom random = new SplittableRandom(11);
        StringBuilder csv = new StringBuilder("a,b,c,who,y\n");
        for (int i = 0; i < 90; i++) {
            double a = random.nextInt(-50, 50) / 10.0;
            double b = random.nextInt(-50, 50) / 10.0;
            String label = a + random.nextInt(-40, 40) / 10.0 > 0 ? "yes" : "no";
            csv.append(a)
                    .append(',')
                    .append(b)
                    .append(',')
                    .append(i % 7)
                    .append(",w")
                    .append(i / 9)
                    .append(',');
            csv.append(label).append('\n');
        }
        Files.writeString(table, csv.toString());
    }

    private Run path(Object... more) {
        Object[] all = new Object[7 + more.length];
        System.arraycopy(new Object[] {"path", table, "--drop", "who", "--penalty", "l1", "--json"}, 0, all, 0, 7);
        System.arraycopy(more, 0, all, 7, more.length);
        return Run.of(all);
    }

    @Test
    void everyLambdaHasItsFit() {
        Run run = path("-o", path);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        JsonNode lambdas = run.json().get("lambdas");
        assertThat(lambdas).hasSize(100);
        double max = run.json().get("lambda_max").asDouble();
        assertThat(lambdas.get(0).get("lambda").asDouble()).isEqualTo(max);
        assertThat(lambdas.get(0).get("nonzero_coefficients").asInt()).isZero();
        assertThat(lambdas.get(99).get("lambda").asDouble()).isEqualTo(max * 1e-4);
        for (JsonNode one : lambdas) {
            assertThat(one.propertyNames())
                    .containsExactly(
                            "lambda",
                            "objective",
                            "relative_gap",
                            "reason",
                            "nonzero_coefficients",
                            "degrees_of_freedom",
                            "deviance_explained",
                            "passes",
                            "seconds");
            assertThat(one.get("relative_gap").asDouble()).isLessThanOrEqualTo(1e-6);
            assertThat(one.get("reason").asString()).isEqualTo("converged");
        }
    }

    @Test
    void modelsOfAPathAreChosenByLambda() {
        path("-o", path, "--lambda", "0.2,0.02,0.1");
        assertThat(Run.of("predict", path, table).err())
                .isEqualTo("logits: " + path + ": this is a path of 3 models, say --lambda X, from 0.2 to 0.02\n");
        assertThat(Run.of("predict", path, table, "--lambda", "3").err())
                .isEqualTo("logits: " + path + ": lambda is 3.0, the path goes from 0.2 to 0.02\n");
        Path alone = folder.resolve("alone.safetensors");
        Run.of("fit", table, "--drop", "who", "--penalty", "l1", "--lambda", "0.1", "--tol", "1e-12", "-o", alone);
        path("-o", path, "--lambda", "0.2,0.02,0.1", "--tol", "1e-12");
        List<String> expected = Run.of("predict", alone, table).lines();
        List<String> predicted =
                Run.of("predict", path, table, "--lambda", "0.1").lines();
        assertThat(predicted).hasSameSizeAs(expected);
        for (int i = 1; i < expected.size(); i++) {
            double p = Double.parseDouble(expected.get(i).split(",")[1]);
            assertThat(Double.parseDouble(predicted.get(i).split(",")[1])).isCloseTo(p, within(1e-5));
        }
        assertThat(Run.of("evaluate", path, table, "--lambda", "0.05", "--json")
                        .json()
                        .get("rows")
                        .asInt())
                .isEqualTo(90);
        assertThat(Run.of("inspect", path, "--lambda", "0.1", "--json")
                        .json()
                        .get("options")
                        .get("lambda")
                        .asString())
                .isEqualTo("0.1");
        assertThat(Run.of("predict", alone, table, "--lambda", "0.1").err())
                .isEqualTo("logits: " + alone
                        + ": this is no path of models, its metadata has no format \"logits-path\"\n");
    }

    @Test
    void aWholePathIsInspected() {
        path("-o", path, "--lambda", "0.2,0.1");
        assertThat(Run.of("inspect", path).out()).startsWith("path of 2 models, --lambda X chooses one\n");
        JsonNode json = Run.of("inspect", path, "--json").json();
        assertThat(json.get("lambdas")).hasSize(2);
        assertThat(json.get("lambdas").get(1).get("reason").asString()).isEqualTo("converged");
        assertThat(json.get("lambdas").get(1).has("coefficients")).isFalse();
        JsonNode entries =
                Run.of("inspect", path, "--json", "--coefficients").json().at("/lambdas/1/coefficients");
        assertThat(entries.get(0).get("feature").asString()).isEqualTo("(intercept)");
        assertThat(entries.get(1).get("class").asString()).isEqualTo("yes");
        assertThat(entries.get(1).get("coefficient").asDouble()).isNotZero();
        List<String> csv = Run.of("inspect", path, "--coefficients").lines();
        assertThat(csv.get(0)).isEqualTo("lambda,class,feature,coefficient");
        assertThat(csv).anyMatch(line -> line.startsWith("0.2,yes,(intercept),"));
        assertThat(csv).anyMatch(line -> line.startsWith("0.1,yes,a,"));
    }

    @Test
    void tableAndPictureAreWritten() throws IOException {
        Path csv = folder.resolve("path.csv");
        Path picture = folder.resolve("path.svg");
        Run run = path("--n-lambda", 5, "--min-ratio", "0.01", "--csv", csv, "--plot", picture);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readAllLines(csv))
                .hasSize(6)
                .startsWith("lambda,objective,relative_gap,reason,nonzero_coefficients,degrees_of_freedom,"
                        + "deviance_explained,passes");
        assertThat(Files.readString(picture))
                .contains("<svg")
                .contains("Coefficients of the logit of yes")
                .contains(">a<");
    }

    @Test
    void aTableForAPersonHasALineForEachLambda() {
        Run run = Run.of("path", table, "--drop", "who", "--penalty", "l1", "--n-lambda", "4");
        assertThat(run.lines()).hasSize(6);
        assertThat(run.lines().get(0)).contains("lambda").contains("explained");
        assertThat(run.lines().get(5)).startsWith("4 lambdas in ");
    }

    @Test
    void crossValidationChoosesALambdaAndRefits() {
        Path model = folder.resolve("model.safetensors");
        Path picture = folder.resolve("cv.png");
        Run run = Run.of(
                "cv",
                table,
                "--drop",
                "who",
                "--penalty",
                "elasticnet",
                "--l1-ratio",
                "0.5,1",
                "--n-lambda",
                "10",
                "--folds",
                "5",
                "--seed",
                "3",
                "--lambda-rule",
                "1se",
                "--measure",
                "auc",
                "--json",
                "-o",
                model,
                "--plot",
                picture);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("lambdas")).hasSize(20);
        assertThat(json.get("lambdas").get(3).get("mean").isNumber()).isTrue();
        assertThat(json.get("lambdas").get(3).get("standard_error").isNumber()).isTrue();
        JsonNode chosen = json.get("chosen");
        assertThat(chosen.get("mean").asDouble()).isBetween(0.5, 1.0);
        JsonNode options = Run.of("inspect", model, "--json").json().get("options");
        assertThat(options.get("chosen_by").asString()).isEqualTo("cross-validation");
        assertThat(options.get("folds").asString()).isEqualTo("5 stratified folds, seed 3");
        assertThat(options.get("lambda").asString())
                .isEqualTo(Double.toString(chosen.get("lambda").asDouble()));
        assertThat(picture).isNotEmptyFile();
        assertThat(Run.of("cv", table, "--drop", "who", "--n-lambda", "3", "--folds", "3", "-o", model)
                        .out())
                .contains("<- chosen")
                .contains("by 3 stratified folds, seed 0, rule min");
    }

    @Test
    void rowsOfAGroupAreHeldOutTogether() {
        Path model = folder.resolve("model.safetensors");
        Run run = Run.of("cv", table, "--groups", "who", "--folds", "4", "--n-lambda", "5", "-o", model);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("by 4 folds of 10 groups, seed 0");
        assertThat(Run.of("inspect", model, "--coefficients").out()).doesNotContain("who");
    }

    @Test
    void progressIsShownOnATerminal() {
        Run run = Run.with("", 90, "path", table, "--drop", "who", "--n-lambda", "5");
        assertThat(run.err()).contains("path").contains("5/5");
    }

    @Test
    void strictnessIsAnExitCode() {
        Run run = path("--n-lambda", 5, "--max-passes", 1, "--strict");
        assertThat(run.code()).isEqualTo(Logits.NOT_CONVERGED);
        assertThat(run.err()).contains("of 5 fits have not converged, the first at lambda ");
    }

    @Test
    void fitsWithAFoldHeldOutCountForStrictness() {
        Path model = folder.resolve("model.safetensors");
        Object[] args = {
            "cv", table, "--drop", "who", "--n-lambda", 5, "--folds", 3, "--max-passes", 1, "--strict", "-o", model
        };
        Run run = Run.of(args);
        assertThat(run.code()).isEqualTo(Logits.NOT_CONVERGED);
        assertThat(run.err()).contains(" of 20 fits have not converged, the first at lambda ");
        String count = run.err().replaceAll("(?s)logits: (\\d+) of 20 fits.*", "$1");
        // More than the path of all rows has.
        assertThat(Integer.parseInt(count)).isBetween(6, 20);
    }

    @Test
    void oneThreadAndThreeGiveTheSameModels() throws IOException {
        Path other = folder.resolve("other.safetensors");
        path("-o", path, "--n-lambda", 8, "--threads", 1);
        path("-o", other, "--n-lambda", 8, "--threads", 3);
        assertThat(Files.readAllBytes(other)).isEqualTo(Files.readAllBytes(path));
    }
}
