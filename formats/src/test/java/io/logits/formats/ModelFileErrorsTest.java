package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileErrorsTest {
    @TempDir
    Path folder;

    private Path file = Path.of("");
    private byte[] whole = new byte[0];
    private String header = "";

    @BeforeEach
    void writeModel() throws IOException {
        file = folder.resolve("model.safetensors");
        ModelFile.write(file, Models.binomial());
        whole = Files.readAllBytes(file);
        header = new String(whole, 8, whole.length - 8 - 32, StandardCharsets.UTF_8);
    }

    private void assertMessage(byte[] bytes, String message) throws IOException {
        Files.write(file, bytes);
        assertThatThrownBy(() -> ModelFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": " + message);
    }

    /** A file of this header, its length put right, and the model's data. */
    private byte[] withHeader(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + 32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(whole, whole.length - 32, 32)
                .array();
    }

    /** The message when {@code from} in the header reads {@code to}. */
    private void assertMessage(String from, String to, String message) throws IOException {
        assertThat(header).contains(from);
        assertMessage(withHeader(header.replace(from, to)), message);
    }

    @Test
    void filesCutShortOrTooLongAreRefused() throws IOException {
        assertMessage(new byte[0], "this is no model file, it has 0 bytes");
        assertMessage(Arrays.copyOf(whole, 7), "this is no model file, it has 7 bytes");
        int length = whole.length - 8 - 32;
        for (int size : new int[] {8, 9, 8 + length - 1}) {
            assertMessage(
                    Arrays.copyOf(whole, size),
                    "this is no whole model file: its first 8 bytes announce a header of " + length + " bytes, 2 to "
                            + (size - 8) + " are possible");
        }
        assertMessage(Arrays.copyOf(whole, 8 + length), "the header is followed by 0 bytes, its tensors have 32");
        assertMessage(
                Arrays.copyOf(whole, whole.length - 1), "the header is followed by 31 bytes, its tensors have 32");
        assertMessage(
                Arrays.copyOf(whole, whole.length + 1), "the header is followed by 33 bytes, its tensors have 32");
    }

    @Test
    void anImpossibleHeaderLengthIsRefusedBeforeItIsRead() throws IOException {
        for (long length : new long[] {0, 1, whole.length - 7, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
            byte[] bytes = whole.clone();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            assertMessage(
                    bytes,
                    "this is no whole model file: its first 8 bytes announce a header of "
                            + Long.toUnsignedString(length) + " bytes, 2 to " + (whole.length - 8) + " are possible");
        }
    }

    @Test
    void whatIsNoJsonIsRefused() throws IOException {
        assertMessage(withHeader("        "), "the header is not JSON: it is empty");
        assertMessage(withHeader("{} {}"), "the header is not JSON: something follows its end");
        assertMessage(
                withHeader("{\u0000}\u0000"),
                "the header is not JSON: Illegal character ((CTRL-CHAR, code 0)): only regular white space (\\r, \\n, \\t) is "
                        + "allowed between tokens");
        byte[] latin1 = withHeader("{\"a\":\"??\"}");
        latin1[14] = (byte) 0xe4;
        assertMessage(latin1, "the header is not UTF-8");
        assertMessage(
                withHeader("[]"), "this safetensors file is no model of Logits, its metadata has no format \"logits\"");
        assertMessage(
                withHeader(header.trim() + "x"),
                "the header is not JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or "
                        + "token 'null', 'true' or 'false')");
        assertMessage(withHeader("{\"a\":1,\"a\":2}"), "the header is not JSON: Duplicate Object property \"a\"");
        assertMessage(
                withHeader("[".repeat(2000)),
                "the header is not JSON: Document nesting depth (101) exceeds the maximum allowed (100, from "
                        + "`StreamReadConstraints.getMaxNestingDepth()`)");
        assertMessage(
                "\\\"base\\\":1",
                "\\\"base\\\":1,\\\"base\\\":1",
                "encoding is not JSON: Duplicate Object property \"base\"");
    }

    @Test
    void metadataOfOthersIsRefused() throws IOException {
        String noModel = "this safetensors file is no model of Logits, its metadata has no format \"logits\"";
        assertMessage("\"format\":\"logits\"", "\"format\":\"pt\"", noModel);
        assertMessage("__metadata__", "__other__", noModel);
        assertMessage(
                "\"format_version\":\"1\"",
                "\"format_version\":\"2\"",
                "the model's format version is \"2\", \"1\" is known");
        assertMessage(
                "\"format_version\":\"1\"", "\"format_version\":1", "the metadata has no text \"format_version\"");
        assertMessage("\"binomial\"", "\"poisson\"", "the family is \"poisson\", binomial or multinomial is allowed");
        assertMessage("\"binomial\"", "\"multinomial\"", "2 classes, a multinomial model has 3 or more");
        assertMessage("\\\"-1\\\",", "", "1 classes, a binomial model has 2");
        assertMessage("\\\"-1\\\",", "\\\"1\\\",", "classes must be a list of distinct strings, found \"1\"");
        assertMessage("\\\"-1\\\",", "-1,", "classes must be a list of distinct strings, found -1");
        assertMessage("\"provenance\"", "\"origin\"", "the metadata has no text \"provenance\"");
        assertMessage("\\\"options\\\"", "\\\"choices\\\"", "the metadata has no object \"options\"");
        assertMessage("\\\"l2\\\"", "2", "the metadata has no text \"penalty\"");
    }

    @Test
    void encodingsThatAreNotKnownAreRefused() throws IOException {
        assertMessage(
                "\\\"indexed\\\"",
                "\\\"hashed\\\"",
                "the encoding is of kind 'hashed', plain, indexed, image and table are known");
        assertMessage("\\\"size\\\":3", "\\\"size\\\":3.5", "'size' of the encoding is not a whole number");
        assertMessage(
                "\\\"base\\\":1",
                "\\\"base\\\":2",
                "the encoding does not fit: size 3 and base 2: size >= 0, base 0 or 1");
    }

    @Test
    void tensorsThatDoNotFillTheFileExactlyAreRefused() throws IOException {
        assertMessage(
                "\"F64\",\"shape\":[1,3]", "\"F32\",\"shape\":[1,3]", "dtype of coefficients is F32, F64 is needed");
        assertMessage("[1,3]", "[3,1]", "shape of coefficients is [3, 1], [1, 3] is needed");
        assertMessage("[1,3]", "[1,3.0]", "shape of coefficients is [1,3.0], [1, 3] is needed");
        assertMessage("[1,3]", "{}", "shape of coefficients is {}, [1, 3] is needed");
        assertMessage("\\\"size\\\":3", "\\\"size\\\":4", "shape of coefficients is [1, 3], [1, 4] is needed");
        assertMessage("[0,24]", "[0,16]", "data_offsets of coefficients is [0, 16], [0, 24] is needed");
        assertMessage("[24,32]", "[16,24]", "data_offsets of intercepts is [16, 24], [24, 32] is needed");
        assertMessage("[24,32]", "[32,40]", "data_offsets of intercepts is [32, 40], [24, 32] is needed");
        assertMessage("\"intercepts\"", "\"bias\"", "the tensor \"bias\" is not one of a model");
        assertMessage(",\"data_offsets\":[24,32]", "", "data_offsets of intercepts is not there, [24, 32] is needed");
        assertMessage(
                "\"shape\":[1],",
                "\"shape\":[1],\"x\":0,",
                "intercepts has other keys than dtype, shape and data_offsets");
        String huge = header.replace("\\\"size\\\":3", "\\\"size\\\":2147483647")
                .replace("[1,3]", "[1,2147483647]")
                .replace("[0,24]", "[0,17179869176]")
                .replace("[24,32]", "[17179869176,17179869184]");
        assertMessage(withHeader(huge), "the header is followed by 32 bytes, its tensors have 17179869184");
    }

    @Test
    void aMeanRowThatDoesNotFitIsRefused() throws IOException {
        assertMessage(
                "\"intercepts\":",
                "\"means\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[32,48]},\"intercepts\":",
                "shape of means is [2], [3] is needed");
        assertMessage(
                "\"intercepts\":",
                "\"means\":{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[32,56]},\"intercepts\":",
                "the header is followed by 32 bytes, its tensors have 56");
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() throws IOException {
        byte[] bytes = whole.clone();
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(whole.length - 24, Double.NaN);
        assertMessage(bytes, "entry 1 of coefficients is NaN, finite numbers are needed");
        data.putDouble(whole.length - 24, 1).putDouble(whole.length - 8, Double.NEGATIVE_INFINITY);
        assertMessage(bytes, "entry 0 of intercepts is -Infinity, finite numbers are needed");
    }

    @Test
    void whatIsNoFileIsNamed() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ModelFile.read(missing)).hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> ModelFile.read(folder)).hasMessage(folder + ": this is a folder, a file is needed");
    }
}
