package io.logits.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Tolerance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The standard operator tests of ONNX, through the public functions alone. The resource names its version and origin. */
class OnnxOperatorTest {
    private static final Tolerance ONNX = new Tolerance(
            "error over 1e-7 + 1e-3 |expected|", 1, "the tolerance of ONNX's own runner, atol 1e-7 and rtol 1e-3");
    private static final Tolerance FLOAT = new Tolerance(
            "error over 5e-7 + 1e-6 |expected|",
            1,
            "a few float32 roundings of the NumPy reference that made the output");

    private record Tensor(int[] shape, float[] values) {
        int size(int from, int to) {
            int size = 1;
            for (int d = from; d < to; d++) {
                size *= shape[d];
            }
            return size;
        }
    }

    private record Case(String name, String operator, String attributes, List<Tensor> in, List<Tensor> out) {
        String attribute(String key, String otherwise) {
            return Stream.of(attributes.split(" "))
                    .filter(a -> a.startsWith(key + "="))
                    .map(a -> a.substring(key.length() + 1))
                    .findFirst()
                    .orElse(otherwise);
        }
    }

    private static Case parse(String line) {
        String[] fields = line.split(";");
        List<Tensor> in = new ArrayList<>();
        List<Tensor> out = new ArrayList<>();
        for (int f = 3; f < fields.length; f++) {
            String[] parts = fields[f].split(" ");
            int[] shape =
                    Stream.of(parts[2].split("x")).mapToInt(Integer::parseInt).toArray();
            String[] text = parts[3].split(",");
            float[] values = new float[text.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = parts[1].equals("f")
                        ? Float.intBitsToFloat(Integer.parseUnsignedInt(text[i], 16))
                        : Integer.parseInt(text[i]);
            }
            (parts[0].equals("in") ? in : out).add(new Tensor(shape, values));
        }
        return new Case(fields[0], fields[1], fields[2], in, out);
    }

    @TestFactory
    Stream<DynamicTest> everyOperatorTestPasses() throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OnnxOperatorTest.class.getResourceAsStream("onnx-operators.txt")), UTF_8))) {
            List<Case> cases = reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(OnnxOperatorTest::parse)
                    .toList();
            assertThat(cases).hasSizeGreaterThan(40);
            return cases.stream().map(c -> DynamicTest.dynamicTest(c.name, () -> run(c)));
        }
    }

    private static void run(Case c) {
        float[] x = c.in.get(0).values;
        switch (c.operator) {
            case "Sigmoid" -> {
                float[] y = new float[x.length];
                FloatLogitFunctions.sigmoid(x, y);
                near(y, c.out.get(0).values, c.name);
            }
            case "Softplus" -> {
                float[] y = new float[x.length];
                FloatLogitFunctions.softplus(x, y);
                near(y, c.out.get(0).values, c.name);
            }
            case "Softmax", "LogSoftmax" -> softmax(c);
            case "SoftmaxCrossEntropyLoss" -> crossEntropy(c);
            default -> throw new AssertionError("unknown operator " + c.operator);
        }
    }

    private static void near(float[] actual, float[] expected, String where) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs((double) actual[i] - expected[i]);
            ONNX.check(error / (1e-7 + 1e-3 * Math.abs(expected[i])), where);
            FLOAT.check(error / (5e-7 + 1e-6 * Math.abs(expected[i])), where);
        }
    }

    /** Brings the axis to the end, {@code [outer, axis, inner]} to {@code [outer, inner, axis]}, or back. */
    private static float[] transposed(float[] x, int outer, int axis, int inner) {
        float[] y = new float[x.length];
        for (int o = 0; o < outer; o++) {
            for (int a = 0; a < axis; a++) {
                for (int i = 0; i < inner; i++) {
                    y[(o * inner + i) * axis + a] = x[(o * axis + a) * inner + i];
                }
            }
        }
        return y;
    }

    private static void softmax(Case c) {
        Tensor x = c.in.get(0);
        int rank = x.shape.length;
        int axis = Math.floorMod(Integer.parseInt(c.attribute("axis", "-1")), rank);
        int cols = x.shape[axis];
        int inner = x.size(axis + 1, rank);
        int outer = x.size(0, axis);
        float[] z = transposed(x.values, outer, cols, inner);
        float[] y = new float[z.length];
        Rows rows = Rows.of(outer * inner, cols);
        if (c.operator.equals("Softmax")) {
            FloatLogitFunctions.softmax(z, rows, y, rows);
        } else {
            FloatLogitFunctions.logSoftmax(z, rows, y, rows);
        }
        near(transposed(y, outer, inner, cols), c.out.get(0).values, c.name);
    }

    private static void crossEntropy(Case c) {
        Tensor x = c.in.get(0);
        int cols = x.shape[1];
        int inner = x.size(2, x.shape.length);
        int n = x.shape[0] * inner;
        float[] z = transposed(x.values, x.shape[0], cols, inner);
        float ignored = Float.parseFloat(c.attribute("ignore_index", "NaN"));
        int[] y = new int[n];
        double[] weight = new double[n];
        for (int i = 0; i < n; i++) {
            float label = c.in.get(1).values[i];
            boolean counts = label != ignored;
            y[i] = counts ? (int) label : 0;
            weight[i] = !counts ? 0 : c.in.size() > 2 ? c.in.get(2).values[y[i]] : 1;
        }
        float[] loss = new float[n];
        FloatLogitFunctions.crossEntropy(z, n, cols, y, loss, new float[z.length]);
        for (int i = 0; i < n; i++) {
            loss[i] = (float) (loss[i] * weight[i]);
        }
        double sum = 0;
        for (float l : loss) {
            sum += l;
        }
        double total = Arrays.stream(weight).sum();
        float[] reduced = switch (c.attribute("reduction", "mean")) {
            case "none" -> loss;
            case "sum" -> new float[] {(float) sum};
            default -> new float[] {(float) (sum / total)};
        };
        near(reduced, c.out.get(0).values, c.name);
        if (c.out.size() > 1) {
            float[] log = new float[z.length];
            Rows rows = Rows.of(n, cols);
            FloatLogitFunctions.logSoftmax(z, rows, log, rows);
            near(transposed(log, x.shape[0], inner, cols), c.out.get(1).values, c.name);
        }
    }
}
