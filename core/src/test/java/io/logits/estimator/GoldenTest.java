package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.features.PlainEncoding;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Fits of other tools, by core/src/test/golden: the same objective, the same coefficients. */
class GoldenTest {
    private static final double GAP = 1e-13;
    private static final String TABLE = "logits.golden.table";

    /** Where a peer stops at 1e-14 in its own measure, what is left in the coefficients is about its square root. */
    private static final Tolerance COEFFICIENTS =
            Tolerance.relative(1e-6, "a relative error of 1e-14 in the objective moves coefficients by about 1e-7");

    private static final Tolerance ABOVE_PEER =
            Tolerance.relative(1e-9, "no more than rounding and our gap, with room");

    private static final Tolerance OBJECTIVE =
            Tolerance.relative(1e-12, "a dual bound is below every objective, but for rounding");

    private static final Map<String, String> ROWS = new TreeMap<>();

    static Stream<Path> cases() throws IOException, URISyntaxException {
        Path folder = Path.of(GoldenTest.class.getResource("/golden").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fitsWhatThePeersFit(Path file) {
        JsonNode golden = new ObjectMapper().readTree(file);
        int classes = golden.get("classes").asInt();
        Fitted ours = Fitted.of(classes, data(golden, classes), options(golden, classes));
        Solution solution = ours.solution();
        assertThat(solution.converged()).isTrue();
        for (JsonNode fit : golden.get("fits")) {
            String peer = fit.get("peer").asString() + " " + fit.get("version").asString();
            double objective = fit.get("objective").asDouble();
            ABOVE_PEER.check((solution.objective() - objective) / objective, "objective above that of " + peer);
            if (golden.get("lambda").asDouble() > 0) {
                OBJECTIVE.check((solution.dual() - objective) / objective, "dual above the objective of " + peer);
            }
            double difference = largestDifference(ours.theta(), rows(fit.get("coefficients")));
            record(golden.get("name").asString(), peer, difference, solution.objective(), objective);
            COEFFICIENTS.check(difference, "coefficients against " + peer);
        }
    }

    private static Dataset data(JsonNode golden, int classes) {
        double[][] x = rows(golden.get("x"));
        int p = x[0].length;
        Matrix features = golden.get("sparse").asBoolean() ? Rows.sparse(x, p) : Rows.dense(x, p);
        List<String> names = IntStream.range(0, classes).mapToObj(k -> "c" + k).toList();
        int[] y = IntStream.range(0, x.length)
                .map(i -> golden.get("y").get(i).asInt())
                .toArray();
        return new Dataset(
                features,
                Labels.of(names, y),
                numbers(golden.get("weights")),
                numbers(golden.get("offset")),
                PlainEncoding.numbered(p));
    }

    private static Options options(JsonNode golden, int classes) {
        JsonNode classWeights = golden.get("class_weights");
        Options options = Options.defaults()
                .withStrength(new Strength.Lambda(golden.get("lambda").asDouble()))
                .withIntercept(golden.get("intercept").asBoolean())
                .withStandardize(golden.get("standardize").asBoolean())
                .withTolerance(GAP);
        if (classWeights.isString()) {
            return options.withClassWeights(new ClassWeights.Balanced());
        }
        double[] factors = numbers(classWeights);
        if (factors == null) {
            return options;
        }
        Map<String, Double> byName = new TreeMap<>();
        for (int k = 0; k < classes; k++) {
            byName.put("c" + k, factors[k]);
        }
        return options.withClassWeights(new ClassWeights.ByName(byName));
    }

    private static double @Nullable [] numbers(JsonNode array) {
        if (array.isNull()) {
            return null;
        }
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }

    private static double[][] rows(JsonNode array) {
        double[][] rows = new double[array.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = numbers(array.get(i));
        }
        return rows;
    }

    /** The largest difference of a coefficient, relative to the largest coefficient of its feature or to 1. */
    private static double largestDifference(double[] theta, double[][] peer) {
        double largest = 0;
        for (int j = 0; j < peer[0].length; j++) {
            double size = j == peer[0].length - 1 ? 1 : 0;
            double difference = 0;
            for (int k = 0; k < peer.length; k++) {
                size = Math.max(size, Math.abs(peer[k][j]));
                difference = Math.max(difference, Math.abs(theta[k * peer[k].length + j] - peer[k][j]));
            }
            largest = Math.max(largest, difference / size);
        }
        return largest;
    }

    private static void record(String name, String peer, double difference, double ours, double theirs) {
        double relative = (ours - theirs) / theirs;
        String lower = Math.abs(relative) < 1e-13 ? "the same" : relative < 0 ? "Logits" : "peer";
        ROWS.put(
                name + peer,
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %.15f | %.1e | %.1e | %s |",
                        name,
                        peer,
                        theirs,
                        difference,
                        relative,
                        lower));
    }

    @AfterAll
    static void writeTable() {
        String path = System.getProperty(TABLE);
        if (path == null) {
            return;
        }
        List<String> lines = new ArrayList<>(List.of(
                "# Fits compared with other tools",
                "",
                "Written by `GoldenTest` with `-D" + TABLE
                        + "`; how the peers were run is in `core/src/test/golden`. Our fits"
                        + " are to a relative gap of " + GAP
                        + ". Coefficients: the largest difference, relative to the largest"
                        + " coefficient of its feature. Objective: ours less theirs, relative; below 1e-13 is rounding.",
                "",
                "| case | peer | peer's objective | coefficients | objective | lower |",
                "|---|---|---|---|---|---|"));
        lines.addAll(ROWS.values());
        try {
            Files.write(Path.of(path), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
