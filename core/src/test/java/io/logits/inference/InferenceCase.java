package io.logits.inference;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.features.Column;
import io.logits.features.Encoding;
import io.logits.features.Missing;
import io.logits.features.PlainEncoding;
import io.logits.features.TableEncoding;
import io.logits.reference.Rows;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A data set and what R and statsmodels say of it, as core/src/test/golden/inference.R and inference.py wrote it. */
record InferenceCase(String name, JsonNode golden) {
    /** Every case of maximum likelihood. */
    static Stream<InferenceCase> all() throws IOException, URISyntaxException {
        return in("/inference");
    }

    /** Every case of a folder. */
    static Stream<InferenceCase> in(String resource) throws IOException, URISyntaxException {
        Path folder = Path.of(InferenceCase.class.getResource(resource).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(InferenceCase::read).toList().stream();
        }
    }

    private static InferenceCase read(Path file) {
        JsonNode golden = new ObjectMapper().readTree(file);
        return new InferenceCase(golden.get("name").asString(), golden);
    }

    /** The case of that name. */
    static InferenceCase named(String name) {
        return in(name, "/inference");
    }

    static InferenceCase in(String name, String resource) {
        try {
            return in(resource).filter(c -> c.name.equals(name)).findFirst().orElseThrow();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The same rows with other features. */
    Dataset withFeatures(double[][] x) {
        Dataset data = data(false);
        return new Dataset(Rows.dense(x, x[0].length), data.labels(), data.weights(), data.offset(), data.encoding());
    }

    Dataset data(boolean sparse) {
        double[][] x = golden.get("x").valueStream().map(InferenceCase::numbers).toArray(double[][]::new);
        List<String> features = texts("features");
        int[] y = golden.get("y").valueStream().mapToInt(JsonNode::asInt).toArray();
        return new Dataset(
                sparse ? Rows.sparse(x, features.size()) : Rows.dense(x, features.size()),
                Labels.of(texts("classes"), y),
                orNull("weights"),
                orNull("offset"),
                new PlainEncoding(features));
    }

    /** Some of the rows, again and again if they are named so; without weights and offset. */
    Dataset rows(int[] which) {
        List<double[]> x =
                golden.get("x").valueStream().map(InferenceCase::numbers).toList();
        double[][] chosen = Arrays.stream(which).mapToObj(x::get).toArray(double[][]::new);
        int[] y = Arrays.stream(which).map(i -> golden.get("y").get(i).asInt()).toArray();
        return Dataset.of(Rows.dense(chosen, chosen[0].length), Labels.of(texts("classes"), y));
    }

    /** Without a penalty, as near the optimum as rounding allows. */
    static Options options() {
        return Options.defaults()
                .withPenalty(PenaltyKind.NONE)
                .withTolerance(1e-14)
                .withThreads(2);
    }

    Inference inference(boolean sparse) {
        return Inference.of(data(sparse), options(), weightKind());
    }

    /** The same features as the columns that they came from: a term of several is a category. */
    Encoding terms() {
        List<Column> columns = golden.get("terms")
                .propertyStream()
                .map(term -> column(term.getKey(), term.getValue().size()))
                .toList();
        return new TableEncoding(columns, List.of());
    }

    private static Column column(String name, int size) {
        if (size == 1) {
            return Column.Numeric.of(name);
        }
        List<String> levels =
                IntStream.rangeClosed(0, size).mapToObj(Integer::toString).toList();
        return new Column.Category(name, levels, "0", Missing.ERROR, null);
    }

    WeightKind weightKind() {
        return WeightKind.valueOf(golden.get("weight_kind").asString().toUpperCase(Locale.ROOT));
    }

    Stream<JsonNode> peers() {
        return golden.get("peers").valueStream();
    }

    JsonNode peer() {
        return golden.get("peers").get(0);
    }

    /** The group of each row where trials were counted together, else empty. */
    int[] trials() {
        double[] numbers = orNull("trials");
        return numbers == null
                ? new int[0]
                : Arrays.stream(numbers).mapToInt(g -> (int) g).toArray();
    }

    double @Nullable [] orNull(String key) {
        return golden.get(key).isNull() ? null : numbers(golden.get(key));
    }

    private List<String> texts(String key) {
        return golden.get(key).valueStream().map(JsonNode::asString).toList();
    }

    static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
