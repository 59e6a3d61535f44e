package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.InputException;
import io.logits.features.PlainEncoding;
import io.logits.model.Model;
import io.logits.model.PathModel;
import io.logits.model.Provenance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathFileTest {
    @TempDir
    private Path folder;

    private static PathModel path() {
        Provenance provenance = new Provenance("1", "scalar", Map.of("rows", "9"), Map.of("penalty", "l1"), Map.of());
        return new PathModel(
                List.of("a", "b", "c"),
                new PlainEncoding(List.of("x", "y")),
                provenance,
                new double[] {0.5, -1},
                List.of(
                        new PathModel.Point(
                                0.5, Map.of("reason", "converged"), new int[0], new double[0], new double[] {1, 2, 3}),
                        new PathModel.Point(
                                0.25,
                                Map.of("reason", "max_passes"),
                                new int[] {1, 4},
                                new double[] {-2.5, 1e-300},
                                new double[] {0, -1, 1})));
    }

    private Path written() throws IOException {
        Path file = folder.resolve("path.safetensors");
        PathFile.write(file, path());
        return file;
    }

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        Path file = written();
        PathModel read = PathFile.read(file);
        assertThat(read.classes()).containsExactly("a", "b", "c");
        assertThat(read.provenance()).isEqualTo(path().provenance());
        assertThat(read.means()).containsExactly(0.5, -1);
        Model second = read.at(1);
        assertThat(second.coefficient(0, 1)).isEqualTo(-2.5);
        assertThat(second.coefficient(2, 0)).isEqualTo(1e-300);
        assertThat(second.coefficient(1, 1)).isZero();
        assertThat(second.intercept(2)).isEqualTo(1);
        assertThat(second.provenance().solution()).containsEntry("reason", "max_passes");
        assertThat(second.provenance().options()).containsEntry("lambda", "0.25");
        Path again = folder.resolve("again.safetensors");
        PathFile.write(again, read);
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void aPathAndAModelAreToldApart() throws IOException {
        Path model = folder.resolve("model.safetensors");
        ModelFile.write(model, path().at(0));
        assertThat(PathFile.isPath(written())).isTrue();
        assertThat(PathFile.isPath(model)).isFalse();
        assertThatThrownBy(() -> ModelFile.read(written()))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("path.safetensors: this is a path of models, one for each lambda, not one model");
        assertThatThrownBy(() -> PathFile.read(model))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(
                        "model.safetensors: this is no path of models, its metadata has no format \"logits-path\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"shape\":[2] | \"shape\":[3] | shape of lambdas is [3], [2] is needed",
                "\"I32\" | \"F32\" | dtype of coefficient_indices is F32, I32 is needed",
                "\"means\" | \"moans\" | dtype of means is not there, F64 is needed",
                "format_version\":\"1 | format_version\":\"2 | the path's format version is \"2\", \"1\" is known",
            })
    void aHeaderThatDoesNotFitIsRefused(String from, String to, String message) throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        Path file = folder.resolve("changed.safetensors");
        Files.write(
                file, text.replaceFirst(java.util.regex.Pattern.quote(from), to).getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PathFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void aTensorHasNoOtherKeys() throws IOException {
        ByteBuffer old = ByteBuffer.wrap(Files.readAllBytes(written())).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) old.getLong()];
        old.get(header);
        byte[] data = new byte[old.remaining()];
        old.get(data);
        String text = new String(header, StandardCharsets.UTF_8).replace("\"means\":{", "\"means\":{\"more\":1,");
        byte[] changed = (text + " ".repeat((8 - text.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + changed.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(changed.length).put(changed).put(data);
        assertThatThrownBy(() -> PathFile.read(file(file.array())))
                .hasMessageEndingWith("means has other keys than dtype, shape and data_offsets");
    }

    @Test
    void numbersThatDoNotFitAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int data = 8 + (int) buffer.getLong(0);
        // 2 lambdas, 2 x 3 intercepts, 2 means, 3 starts, 2 values, 2 indices
        buffer.putDouble(data + 8, 0.75);
        assertThatThrownBy(() -> PathFile.read(file(bytes)))
                .hasMessageEndingWith("lambda 0.75 follows 0.5, finite lambdas >= 0 that decrease are needed");
        buffer.putDouble(data + 8, 0.25);
        buffer.putLong(data + 80 + 8, 5);
        assertThatThrownBy(() -> PathFile.read(file(bytes)))
                .hasMessageEndingWith("coefficient_starts has 5 after 0, they must not decrease and end at 2");
        buffer.putLong(data + 80 + 8, 0);
        buffer.putInt(data + 80 + 24 + 16 + 4, 6);
        assertThatThrownBy(() -> PathFile.read(file(bytes)))
                .hasMessageEndingWith("coefficient 6 follows 1, they increase and are below 6");
        buffer.putInt(data + 80 + 24 + 16 + 4, 4);
        buffer.putDouble(data + 80 + 24, Double.NaN);
        assertThatThrownBy(() -> PathFile.read(file(bytes)))
                .hasMessageEndingWith("entry 0 of coefficient_values is NaN, finite numbers are needed");
    }

    private Path file(byte[] bytes) throws IOException {
        Path file = folder.resolve("changed.safetensors");
        Files.write(file, bytes);
        return file;
    }

    @Test
    void whateverIsChangedInAFileThereIsNoExceptionButOurs() throws IOException {
        byte[] good = Files.readAllBytes(written());
        Random random = new Random(3);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++) {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int change = random.nextInt(3); change >= 0 && bytes.length > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                PathFile.read(file(bytes)).at(0);
            } catch (InputException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(200, 1999);
    }

    @Test
    void numbersThatAreNotFiniteAreNotWritten() {
        PathModel.Point infinite = new PathModel.Point(
                0.1, Map.of(), new int[] {0}, new double[] {Double.POSITIVE_INFINITY}, new double[3]);
        PathModel path = new PathModel(
                List.of("a", "b", "c"),
                new PlainEncoding(List.of("x")),
                Provenance.unknown(),
                new double[1],
                List.of(infinite));
        Path file = folder.resolve("none.safetensors");
        assertThatThrownBy(() -> PathFile.write(file, path))
                .hasMessage("at lambda 0.1 a coefficient is Infinity, a finite number is needed");
        assertThat(file).doesNotExist();
    }
}
