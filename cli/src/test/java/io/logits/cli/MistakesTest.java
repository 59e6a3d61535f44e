package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MistakesTest {
    @TempDir
    Path folder;

    private static void assertMistake(String message, Object... args) {
        assertThat(Run.of(args)).isEqualTo(new Run(2, "", "logits: " + message + "\n"));
    }

    @Test
    void nearOptionsAndCommandsAreSuggested() {
        assertMistake("unknown option --lamda, did you mean --lambda?", "fit", "x.svm", "--lamda", "3");
        assertMistake("unknown command fti, did you mean fit?", "fti", "x.svm");
        assertMistake("unknown command elephant; see logits --help", "elephant");
        assertMistake("unknown option --elephant; see logits fit --help", "fit", "x.svm", "--elephant");
        assertMistake("unexpected argument y.svm; see logits fit --help", "fit", "x.svm", "y.svm");
    }

    @Test
    void optionsOfOtherCommandsAreNoSlips() {
        String help = "; see logits fit --help";
        assertMistake("fit has no option --groups, cv has it" + help, "fit", "x.svm", "--groups", "g");
        assertMistake("fit has no option --groups, cv has it" + help, "fit", "x.svm", "--groups=g");
        assertMistake("fit has no option --csv, path and cv have it" + help, "fit", "x.svm", "--csv", "x.csv");
        assertMistake(
                "compute has no option --target, fit, path, cv, summary, evaluate and report have it; see logits compute --help",
                "compute",
                "softmax",
                "--target=y");
        assertMistake("unknown option --lamda, did you mean --lambda?", "fit", "x.svm", "--lamda=3");
        assertMistake("unknown option --elephant" + help, "fit", "x.svm", "--elephant=3");
    }

    @Test
    void aCommandAndItsDataAreNeeded() {
        assertMistake(
                "a command is needed: fit, path, cv, summary, predict, evaluate, inspect, report, sample, generate, compute, plot, completion;"
                        + " see logits --help");
        assertMistake("missing required parameter: 'DATA'; see logits fit --help", "fit");
    }

    @Test
    void valuesOutOfRangeSayWhatIsAllowed() throws IOException {
        Path rows = folder.resolve("rows.svm");
        Files.writeString(rows, "1 1:1\n0 1:2\n");
        assertMistake("C is -1.0, a finite number > 0 is needed", "fit", rows, "--C=-1");
        assertMistake("lambda is NaN, a finite number >= 0 is needed", "fit", rows, "--lambda", "NaN");
        assertMistake("tolerance is 0.0, a finite number > 0 is needed", "fit", rows, "--tol", "0");
        assertMistake("--threads is 0, at least 1 is needed", "fit", rows, "--threads", "0");
        assertMistake(
                "invalid value for option '--tol': 'x' is not a double; see logits fit --help",
                "fit",
                rows,
                "--tol",
                "x");
        assertMistake(
                "invalid value for option '--penalty': 'l0' is not one of l2, l1, elasticnet, none, firth; see logits fit --help",
                "fit",
                rows,
                "--penalty",
                "l0");
        assertMistake(
                "--lambda and --C say the same on two scales, give one of them",
                "fit",
                rows,
                "--C",
                "1",
                "--lambda",
                "1");
        assertMistake("--penalty none has no strength, leave out --C", "fit", rows, "--C", "1", "--penalty", "none");
        assertMistake(rows + ": --target is for tables, this is svmlight", "fit", rows, "--target", "y");
        assertMistake(rows + ": --sql is for tables, this is svmlight", "fit", rows, "--sql", "select 1");
    }

    @Test
    void badFilesAreNamedWithThePlace() throws IOException {
        Path rows = folder.resolve("rows.svm");
        Files.writeString(rows, "1 1:1\n0 3:2 2:1\n");
        Run run = Run.of("fit", rows);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("logits: " + rows + ":2:").hasLineCount(1);
        assertMistake(folder.resolve("no.svm") + ": there is no such file", "fit", folder.resolve("no.svm"));
        assertThat(Run.of("fit", folder.resolve("x.doc")).err())
                .startsWith("logits: " + folder.resolve("x.doc") + ": the name ends in none of .csv,");
    }

    @Test
    void theModelsFolderIsLookedForBeforeTheFit() throws IOException {
        Path rows = folder.resolve("rows.svm");
        Files.writeString(rows, "1 1:1\n0 1:2\n");
        Path model = folder.resolve("none").resolve("m.safetensors");
        assertMistake(model + ": there is no folder " + model.getParent(), "fit", rows, "-o", model);
    }

    @Test
    void aStackTraceComesOnlyWithDebug() {
        Run run = Run.of("fit", "no.svm", "--debug");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("\tat io.logits.").endsWith("logits: no.svm: there is no such file\n");
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoMistake() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThat(Logits.run(console(closed, err), "completion")).isZero();
        assertThat(err.size()).isZero();
        assertThat(Logits.run(console(full, err), "completion")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("logits: No space left on device\n");
    }

    private static Console console(OutputStream out, OutputStream err) {
        return new Console(
                new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, StandardCharsets.UTF_8), 0);
    }

    @Test
    void versionNamesTheJdkAndTheKernels() {
        Run run = Run.of("--version");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).hasSize(3);
        assertThat(run.lines().get(0)).matches("logits \\d+\\.\\d+\\.\\d+.*");
        assertThat(run.lines().get(1)).startsWith("java " + Runtime.version().feature());
        assertThat(run.lines().get(2)).matches("kernels (simd, \\d+ bits|scalar, 64 bits: .+)");
        assertThat(Run.of("fit", "--version").out()).isEqualTo(run.out());
    }

    @Test
    void completionKnowsCommandsAndOptions() {
        assertThat(Run.of("completion").out()).contains("evaluate").contains("--class-weight");
    }

    /** Descriptions are formats, in which picocli warns of a sign that is not doubled. */
    @Test
    void helpIsAllOfHelp() {
        PrintStream err = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try {
            for (String command : Logits.COMMANDS) {
                assertThat(Run.of(command, "--help").out()).contains("Usage: logits " + command);
            }
        } finally {
            System.setErr(err);
        }
        assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(Run.of("evaluate", "--help").out()).contains("Also 95 % intervals");
    }

    @Test
    void helpNamesEveryOptionOnce() {
        String help = Run.of("fit", "--help").out();
        assertThat(help.split("--lambda=", -1)).hasSize(2);
        assertThat(help.split("--json", -1)).hasSize(2);
    }
}
