package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        Object[] strict = java.util.Arrays.copyOf(fit, fit.length + 1);
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
}
