package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.formats.ModelFile;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code fit --calibrate}: what it refuses, and when. */
class CalibrateTest {
    @TempDir
    private Path folder = Path.of("");

    private Path rows(String text) throws IOException {
        Path rows = folder.resolve("rows.csv");
        Files.writeString(rows, text);
        return rows;
    }

    private Path model() {
        return folder.resolve("model.safetensors");
    }

    @Test
    void whatCannotBeCalibratedIsRefusedBeforeTheFit() throws IOException {
        Path separable = rows("x,y\n1,a\n2,a\n3,b\n4,b\n");
        Run fit = Run.of("fit", separable, "--penalty", "none", "-o", model());
        assertThat(fit.err()).contains("separation");
        assertThat(Run.of("fit", separable, "--penalty", "none", "--calibrate", "vector", "-o", model())
                        .err())
                .isEqualTo("logits: vector scaling is for three classes or more; of two, platt has a line of the one"
                        + " logit\n");
        Path single = rows("x,y\n1,a\n2,a\n4,b\n");
        assertThat(Run.of("fit", single, "--penalty", "none", "--calibrate", "platt", "-o", model())
                        .err())
                .startsWith("logits: 5 folds of 3 rows");
        assertThat(Run.of(
                                "fit",
                                single,
                                "--penalty",
                                "none",
                                "--calibrate",
                                "platt",
                                "--calibration-folds",
                                "2",
                                "-o",
                                model())
                        .err())
                .startsWith("logits: class b has 1 row");
        assertThat(model()).doesNotExist();
    }

    /** What scikit-learn does too: the rows of each fold, by a fit of the others with what was chosen, calibrate the model. */
    @Test
    void theModelThatCvChoosesIsCalibratedOnItsFolds() throws IOException {
        Path rows = ReportTest.table(folder, 2);
        Object[] cv = {"cv", rows, "--penalty", "l1", "--n-lambda", "8", "--folds", "4", "--json", "-o", model()};
        Object[] calibrated = Arrays.copyOf(cv, cv.length + 2);
        calibrated[cv.length] = "--calibrate";
        calibrated[cv.length + 1] = "platt";
        JsonNode plain = Run.of(cv).json();
        Model before = ModelFile.read(model());
        JsonNode json = Run.of(calibrated).json();
        Model after = ModelFile.read(model());
        assertThat(plain.has("calibration")).isFalse();
        assertThat(json.get("calibration").asString()).isEqualTo("platt");
        assertThat(json.get("chosen").get("lambda"))
                .isEqualTo(plain.get("chosen").get("lambda"));
        assertThat(after.coefficient(0, 0)).isEqualTo(before.coefficient(0, 0));
        assertThat(after.provenance().options())
                .containsEntry("calibration_folds", "4 stratified folds, seed 0")
                .containsEntry("chosen_by", "cross-validation");
        // The same folds and lambda by hand.
        Path own = folder.resolve("own.safetensors");
        Object[] fit = {
            "fit",
            rows,
            "--penalty",
            "l1",
            "--lambda",
            json.get("chosen").get("lambda"),
            "--calibrate",
            "platt",
            "--calibration-folds",
            "4",
            "-o",
            own
        };
        assertThat(Run.of(fit).code()).isZero();
        double[] z = {1};
        after.calibrateInPlace(z, 1);
        double[] expected = {1};
        ModelFile.read(own).calibrateInPlace(expected, 1);
        assertThat(z[0]).isCloseTo(expected[0], within(1e-3)).isNotEqualTo(1);
        assertThat(Run.of("cv", rows, "--calibrate", "vector").err()).startsWith("logits: vector scaling is for three");
    }

    /** Which of its models would be calibrated is not known when a path is fitted. */
    @Test
    void aPathSaysWhoCalibrates() throws IOException {
        assertThat(Run.of("path", ReportTest.table(folder, 2), "--calibrate", "platt")
                        .err())
                .isEqualTo("logits: path has no option --calibrate, fit and cv have it; see logits path --help\n");
    }

    @Test
    void fitsOfFoldsThatHaveNotConvergedCount() throws IOException {
        Path rows = ReportTest.table(folder, 2);
        Path start = folder.resolve("start.safetensors");
        assertThat(Run.of("fit", rows, "--tol", "1e-9", "-o", start).code()).isZero();
        Object[] fit = {
            "fit",
            rows,
            "--solver",
            "lbfgs",
            "--warm-start",
            start,
            "--max-passes",
            "3",
            "--calibrate",
            "platt",
            "-o",
            model()
        };
        Object[] strict = Arrays.copyOf(fit, fit.length + 1);
        strict[fit.length] = "--strict";
        Run lax = Run.of(fit);
        assertThat(lax.code()).isZero();
        assertThat(lax.out()).contains("converged: the gap is within the tolerance");
        assertThat(lax.err())
                .isEqualTo("logits: 5 of 5 fits for the calibration have not converged: the allowed passes are used up,"
                        + " the goal is 0.000001\n");
        Run run = Run.of(strict);
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).isEqualTo(lax.err());
    }

    @Test
    void cvCountsTheFitsForTheCalibrationAndTellsOnceWhatIsOpen() throws IOException {
        Path rows = ReportTest.table(folder, 2);
        Object[] cv = {"cv", rows, "--n-lambda", "3", "--folds", "4", "--calibrate", "platt", "-o", model()};
        assertThat(Run.with("", 90, cv).err()).contains("19/19");
        Object[] few = Arrays.copyOf(cv, cv.length + 3);
        few[cv.length] = "--max-passes";
        few[cv.length + 1] = "1";
        few[cv.length + 2] = "--strict";
        Run run = Run.of(few);
        assertThat(run.code()).isEqualTo(Logits.NOT_CONVERGED);
        assertThat(run.err()).contains(" of 15 fits have not converged").hasLineCount(1);
    }

    /** On all rows x1 does not separate, so the message must say whose absence makes it do. */
    @Test
    void theFoldWithoutWhichFeaturesSeparateIsNamed() throws IOException {
        Path rows = rows("x1,x2,y\n1,0,a\n1.5,2,a\n2,1,a\n3.5,1,a\n3,0.5,b\n4,1.5,b\n5,0,b\n6,1,b\n");
        for (Object[] command : new Object[][] {
            {"cv", rows, "--folds", "4"},
            {"fit", rows, "--calibrate", "platt", "--calibration-folds", "4"}
        }) {
            Object[] args = Arrays.copyOf(command, command.length + 4);
            System.arraycopy(new Object[] {"--penalty-factor", "x1=0", "-o", model()}, 0, args, command.length, 4);
            Run run = Run.of(args);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).matches("logits: while fold \\d of 4 is held out: separation: .* x1, whose .*\n");
        }
    }
}
