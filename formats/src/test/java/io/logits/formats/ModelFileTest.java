package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.InputException;
import io.logits.features.Encoding;
import io.logits.features.ImageEncoding;
import io.logits.features.IndexedEncoding;
import io.logits.features.PlainEncoding;
import io.logits.model.Calibrator;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    @TempDir
    Path folder;

    static void assertSame(Model found, Model expected) {
        assertThat(found.getClass()).isEqualTo(expected.getClass());
        assertThat(found.classes()).isEqualTo(expected.classes());
        assertThat(found.encoding()).isEqualTo(expected.encoding());
        assertThat(found.provenance()).isEqualTo(expected.provenance());
        assertThat(List.copyOf(found.provenance().options().entrySet()))
                .isEqualTo(List.copyOf(expected.provenance().options().entrySet()));
        assertThat(found.hasMeans()).isEqualTo(expected.hasMeans());
        assertThat(found.calibrator()).isEqualTo(expected.calibrator());
        for (int j = 0; j < expected.features(); j++) {
            assertThat(found.mean(j)).isEqualTo(expected.mean(j));
        }
        for (int k = 0; k < expected.logits(); k++) {
            assertThat(found.intercept(k)).isEqualTo(expected.intercept(k));
            for (int j = 0; j < expected.features(); j++) {
                assertThat(Double.doubleToRawLongBits(found.coefficient(k, j)))
                        .isEqualTo(Double.doubleToRawLongBits(expected.coefficient(k, j)));
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aModelComesBackTheSame() throws IOException {
        Path file = folder.resolve("model.safetensors");
        List<Encoding> encodings = List.of(
                new IndexedEncoding(7, 0),
                new IndexedEncoding(0, 1),
                new ImageEncoding(2, 3),
                PlainEncoding.numbered(11));
        for (Encoding encoding : encodings) {
            for (int k : new int[] {2, 3, 10}) {
                Model model = Models.random(k, k, encoding);
                ModelFile.write(file, model);
                assertSame(ModelFile.read(file), model);
            }
        }
        ModelFile.write(file, Models.binomial());
        assertSame(ModelFile.read(file), Models.binomial());
        ModelFile.write(file, Models.multinomial());
        assertSame(ModelFile.read(file), Models.multinomial());
        assertThat(files()).containsExactly(file);
    }

    @Test
    void tensorsLongerThanTheBufferComeBackTheSame() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Model model = Models.random(1, 3, new IndexedEncoding(20_011, 1));
        ModelFile.write(file, model);
        assertSame(ModelFile.read(file), model);
    }

    @Test
    void anotherReaderFindsWhatTheFormatPromises() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(file, Models.multinomial());
        Safetensors found = Safetensors.read(file);
        assertThat(found.headerBytes() % 8).isZero();
        assertThat(Files.size(file)).isEqualTo(8 + found.headerBytes() + 8 * 6 + 8 * 3);
        assertThat(found.tensors().get("coefficients")).containsExactly(1, 2, 3, 4, 5, -0.0);
        assertThat(found.tensors().get("intercepts")).containsExactly(-1, Double.MIN_VALUE, Double.MAX_VALUE);
        assertThat(found.header().get("coefficients"))
                .hasToString("{\"dtype\":\"F64\",\"shape\":[3,2],\"data_offsets\":[0,48]}");
        assertThat(found.header().get("intercepts"))
                .hasToString("{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[48,72]}");
        assertThat(found.header().get("__metadata__").get("format").stringValue())
                .isEqualTo("logits");
        assertThat(found.header().get("__metadata__").get("format_version").stringValue())
                .isEqualTo("1");
        assertThat(found.header().get("__metadata__").get("family").stringValue())
                .isEqualTo("multinomial");
        assertThat(found.header().get("__metadata__").get("classes").stringValue())
                .isEqualTo("[\"rot\",\"grün\",\"a \\\"b\\\"\\n\\\\\"]");
        ModelFile.write(file, Models.binomial());
        found = Safetensors.read(file);
        assertThat(found.header().get("coefficients").get("shape")).hasToString("[1,3]");
        assertThat(found.header().get("intercepts").get("shape")).hasToString("[1]");
        assertThat(found.header().get("__metadata__").get("family").stringValue())
                .isEqualTo("binomial");
        assertThat(found.tensors().get("coefficients")).containsExactly(0.5, -2, 1e-300);
    }

    @Test
    void theMeanRowIsATensorBehindTheOthers() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Model binomial = Models.binomial().withMeans(new double[] {0.1, -3, 1e300});
        Model multinomial = Models.multinomial().withMeans(new double[] {7, 0});
        for (Model model : List.of(binomial, multinomial)) {
            ModelFile.write(file, model);
            assertSame(ModelFile.read(file), model);
        }
        Safetensors found = Safetensors.read(file);
        assertThat(found.header().get("means"))
                .hasToString("{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[72,88]}");
        assertThat(found.tensors().get("means")).containsExactly(7, 0);
        Model infinite = Models.multinomial().withMeans(new double[] {7, Double.NaN});
        assertThatThrownBy(() -> ModelFile.write(file, infinite))
                .hasMessage("the mean of feature 1 is NaN, a finite number is needed");
    }

    @Test
    void calibrationComesBackTheSame() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Calibrator.Line line = new Calibrator.Line(0.1, -1e-300);
        Calibrator.Steps steps = new Calibrator.Steps(new double[] {-3.3, 1e17}, new double[] {1e-9, 1 - 1e-16});
        Model binomial = Models.binomial().withCalibrator(new Calibrator("isotonic", false, List.of(steps)));
        Model multinomial = Models.multinomial()
                .withMeans(new double[] {1, 2})
                .withCalibrator(new Calibrator("mixed", true, List.of(line, steps, line)));
        for (Model model : List.of(binomial, multinomial)) {
            ModelFile.write(file, model);
            assertSame(ModelFile.read(file), model);
        }
        byte[] bytes = Files.readAllBytes(file);
        for (String[] change : new String[][] {
            {"\\\"against_rest\\\":true", "\\\"against_rest\\\":null", "the calibration has no method"},
            {"[-3.3,", "[3e19,", "the calibration does not fit: the points of a curve of probabilities must rise"},
        }) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(text).contains(change[0]);
            Files.write(file, text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1));
            assertThatThrownBy(() -> ModelFile.read(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(change[2]);
        }
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Path a = folder.resolve("a.safetensors");
        Path b = folder.resolve("b.safetensors");
        ModelFile.write(a, Models.multinomial());
        ModelFile.write(b, ModelFile.read(a));
        assertThat(b).hasSameBinaryContentAs(a);
    }

    /** Written by version 1 of the format; they must be readable as long as there is a version. */
    @Test
    void filesOfVersionOneStayReadable() throws Exception {
        Path stored = Path.of(
                ModelFileTest.class.getResource("v1-binomial.safetensors").toURI());
        assertSame(ModelFile.read(stored), Models.binomial());
        Path many = Path.of(
                ModelFileTest.class.getResource("v1-multinomial.safetensors").toURI());
        assertSame(ModelFile.read(many), Models.multinomial());
    }

    @Test
    void aModelThatCannotBeWrittenLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(file, Models.binomial());
        Model infinite = new LogisticModel(
                List.of("a", "b"), new IndexedEncoding(2, 1), new double[] {1, Double.NaN}, 0, Provenance.unknown());
        assertThatThrownBy(() -> ModelFile.write(file, infinite))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the coefficient of logit 0 and feature 1 is NaN, a finite number is needed");
        Model intercept = new SoftmaxModel(
                List.of("a", "b", "c"),
                new IndexedEncoding(0, 1),
                new double[0],
                new double[] {0, Double.POSITIVE_INFINITY, 0},
                Provenance.unknown());
        assertThatThrownBy(() -> ModelFile.write(file, intercept))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the intercept of logit 1 is Infinity, a finite number is needed");
        Model noText = new LogisticModel(
                List.of("a\ud800", "b"), new IndexedEncoding(1, 1), new double[] {1}, 0, Provenance.unknown());
        assertThatThrownBy(() -> ModelFile.write(file, noText))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a name of the model is no Unicode text: it has half a surrogate pair");
        assertThat(files()).containsExactly(file);
        assertSame(ModelFile.read(file), Models.binomial());
    }

    @Test
    void aFailureWhileWritingLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(StandardCharsets.UTF_8.encode("ne"));
                    throw new IOException("the disk is full");
                }))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThat(files()).containsExactly(file);
        assertThat(file).hasContent("old");
    }

    @Test
    void aTemporaryFileOfAnotherWriterIsLeftAlone() throws IOException {
        Path file = folder.resolve("file");
        Path other = Files.writeString(
                folder.resolve(".file." + ProcessHandle.current().pid() + "-0.tmp"), "theirs");
        AtomicFile.write(file, out -> out.write(StandardCharsets.UTF_8.encode("new")));
        assertThat(file).hasContent("new");
        assertThat(other).hasContent("theirs");
        assertThat(files()).containsExactlyInAnyOrder(file, other);
    }

    @Test
    void aSymbolicLinkIsFollowed() throws IOException {
        Path file = folder.resolve("real.safetensors");
        ModelFile.write(file, Models.binomial());
        Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), file);
        ModelFile.write(link, Models.multinomial());
        assertThat(link).isSymbolicLink();
        assertSame(ModelFile.read(file), Models.multinomial());
    }

    @Test
    void placesThatCannotBeWrittenToAreNamed() {
        Path lost = folder.resolve("no").resolve("model.safetensors");
        assertThatThrownBy(() -> ModelFile.write(lost, Models.binomial()))
                .isInstanceOf(InputException.class)
                .hasMessage(lost + ": there is no folder " + lost.getParent());
        assertThatThrownBy(() -> ModelFile.write(folder, Models.binomial()))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": this is a folder, a file is needed");
    }

    @Test
    void provenanceWithoutAnythingComesBack() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Model model = new LogisticModel(
                List.of("0", "1"),
                new IndexedEncoding(1, 1),
                new double[] {1},
                0,
                new Provenance("", "", Map.of(), Map.of(), Map.of("", "")));
        ModelFile.write(file, model);
        assertSame(ModelFile.read(file), model);
    }
}
