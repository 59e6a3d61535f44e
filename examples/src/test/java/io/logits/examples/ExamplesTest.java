package io.logits.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.formats.ModelFile;
import io.logits.model.Calibrator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example runs and prints what it is for. */
class ExamplesTest {
    private static final String PENGUINS = "penguins.csv";

    @TempDir
    Path folder;

    private interface Program {
        void main(String[] args) throws Exception;
    }

    private static List<String> run(Program program, Object... args) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            program.main(Stream.of(args).map(Object::toString).toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aTableIsFittedAndItsModelScoresRowsAndRecords() throws Exception {
        Path model = folder.resolve("penguins.safetensors");
        List<String> fitted = run(FitTable::main, PENGUINS, model);
        assertThat(fitted.get(0)).isEqualTo("converged: true");
        assertThat(fitted.get(2)).isEqualTo("[Adelie, Chinstrap, Gentoo]");
        assertThat(fitted.get(3)).matches(".*, 0[.]99\\d+]");
        List<String> row = run(PredictRow::main, model);
        assertThat(row.get(1)).startsWith("Chinstrap 0.9");
        List<String> records = run(ScoreRecord::main, model);
        assertThat(records.get(1)).startsWith("[0.99");
        assertThat(records.get(2)).startsWith("[0.99").endsWith("never seen: [island]");
    }

    @Test
    void aRecordIsScoredInTwoStepsAsInOneByACalibratedModel() throws Exception {
        Path file = folder.resolve("penguins.safetensors");
        run(FitTable::main, PENGUINS, file);
        Calibrator.Line half = new Calibrator.Line(0.5, 0);
        ModelFile.write(
                file,
                ModelFile.read(file).withCalibrator(new Calibrator("temperature", false, List.of(half, half, half))));
        List<String> records = run(ScoreRecord::main, file);
        double[] p = ModelFile.read(file)
                .probabilities(new ScoreRecord.Penguin("Iceland", 39.1, 18.7, 181, 3750, "male", 2007));
        assertThat(records.get(2)).startsWith(Arrays.toString(p));
    }

    @Test
    void arraysAreFitted() throws Exception {
        List<String> lines = run(args -> FitArrays.main(args));
        assertThat(lines.get(0)).isEqualTo("converged: true");
        assertThat(lines.get(1)).startsWith("P(right) at (1.5, 0): 0.89");
    }

    @Test
    void sparseRowsAreFitted() throws Exception {
        List<String> lines = run(FitSvmlight::main, "rows.svm");
        assertThat(lines.get(0)).startsWith("6 rows, 3 features, ");
        assertThat(lines.get(1)).isEqualTo("converged: true");
        assertThat(lines.get(2)).matches("log-odds of class 1 in the first rows: \\d[.]\\d+ -\\d[.]\\d+");
    }

    @Test
    void imagesAreFitted() throws Exception {
        ByteBuffer images = ByteBuffer.allocate(16 + 30 * 4)
                .putInt(0x803)
                .putInt(30)
                .putInt(2)
                .putInt(2);
        ByteBuffer labels = ByteBuffer.allocate(8 + 30).putInt(0x801).putInt(30);
        for (int i = 0; i < 30; i++) {
            for (int pixel = 0; pixel < 4; pixel++) {
                images.put((byte) (pixel == i % 3 ? 200 + i : i));
            }
            labels.put((byte) (i % 3));
        }
        Path imageFile = Files.write(folder.resolve("images-idx3-ubyte"), images.array());
        Path labelFile = Files.write(folder.resolve("labels-idx1-ubyte"), labels.array());
        List<String> lines = run(FitImages::main, imageFile, labelFile);
        assertThat(lines.get(0)).startsWith("the gap is within the tolerance, gap ");
        assertThat(lines.get(1)).isEqualTo("accuracy 1.0");
    }

    @Test
    void aFitIsWatchedAndStopped() throws Exception {
        List<String> lines = run(args -> WatchAndStop.main(args));
        assertThat(lines).hasSizeGreaterThan(3);
        assertThat(lines.get(lines.size() - 1)).startsWith("stopped after ");
    }

    @Test
    void tokensAreDrawn() throws Exception {
        List<String> lines = run(args -> SampleTokens.main(args));
        assertThat(lines).hasSize(5).allMatch(line -> line.matches("(the|a|penguin|sleeps) -\\d[.]\\d+.*"));
        assertThat(run(args -> SampleTokens.main(args))).isEqualTo(lines);
    }
}
