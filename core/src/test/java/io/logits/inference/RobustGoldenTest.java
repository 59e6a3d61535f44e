package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Robust covariances are those of sandwich, of many classes those of their formulas. */
class RobustGoldenTest {
    static Stream<InferenceCase> cases() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peer().has("HC0"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void robustCovariancesAreThoseOfSandwich(InferenceCase golden) {
        for (boolean sparse : new boolean[] {false, true}) {
            Inference ours = golden.inference(sparse);
            for (Robust kind : Robust.values()) {
                JsonNode theirs = golden.peer().get(kind.name());
                InferenceGoldenTest.checkMatrix(ours.covariance(kind), theirs, kind.name());
            }
        }
    }

    static Stream<InferenceCase> clustered() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peer().has("cluster"));
    }

    @ParameterizedTest
    @MethodSource("clustered")
    void clusteredCovariancesAreThoseOfSandwich(InferenceCase golden) {
        Covariance ours = golden.inference(true).clustered(clusters(golden));
        InferenceGoldenTest.checkMatrix(ours, golden.peer().get("cluster"), "clusters");
    }

    private static int[] clusters(InferenceCase golden) {
        return Arrays.stream(InferenceCase.numbers(golden.golden().get("clusters")))
                .mapToInt(c -> (int) c)
                .toArray();
    }

    /** Sandwich does not know frequencies: the rows are repeated for it here. */
    @ParameterizedTest
    @ValueSource(strings = {"birthwt", "infert-education"})
    void aFrequencyOfThreeIsThreeRows(String name) {
        InferenceCase golden = InferenceCase.named(name);
        Dataset once = golden.data(false);
        int n = once.features().rows();
        int[] frequency = IntStream.range(0, n).map(i -> i % 3).toArray();
        int[] repeated = IntStream.range(0, n)
                .flatMap(i -> IntStream.range(0, frequency[i]).map(copy -> i))
                .toArray();
        Inference ours = Inference.of(
                once.withWeights(Arrays.stream(frequency).asDoubleStream().toArray()),
                InferenceCase.options(),
                WeightKind.FREQUENCY);
        Inference expected = Inference.of(golden.rows(repeated), InferenceCase.options(), WeightKind.FREQUENCY);
        for (Robust kind : Robust.values()) {
            for (int q = 0; q < 5; q++) {
                InferenceGoldenTest.SAME.check(
                        Math.abs(ours.covariance(kind).standardError(q)
                                        / expected.covariance(kind).standardError(q)
                                - 1),
                        kind + " of " + q);
            }
        }
    }

    @Test
    void clustersFitTheRows() {
        Inference ours = InferenceCase.named("birthwt").inference(false);
        assertThatThrownBy(() -> ours.clustered(new int[3])).hasMessage("cluster has 3 entries, the data has 189 rows");
        assertThatThrownBy(() -> ours.clustered(new int[189]))
                .hasMessage("all rows of positive weight are in one cluster, 2 at least are needed");
    }
}
