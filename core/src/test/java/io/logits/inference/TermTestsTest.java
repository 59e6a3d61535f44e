package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Likelihood-ratio, Wald and score tests of terms are those of R's drop1 and of its formula. */
class TermTestsTest {
    private static final Tolerance STATISTIC = Tolerance.relative(
            1e-7,
            "R's score test takes weights from before its last step; statistics below 1 are compared as they are");

    static Stream<InferenceCase> cases() throws IOException, URISyntaxException {
        return InferenceCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void termsAreTestedAsInR(InferenceCase golden) {
        Dataset data = golden.data(false).withEncoding(golden.terms());
        Inference ours = Inference.of(data, InferenceCase.options(), golden.weightKind());
        List<TermTest> tests = ours.termTests(ours.covariance());
        assertThat(tests.stream().map(TermTest::term))
                .containsExactlyElementsOf(golden.golden().get("terms").propertyNames());
        check(tests, golden.peer(), "lr", TermTest::likelihoodRatio, TermTest::likelihoodRatioP);
        if (golden.peer().has("score")) {
            check(tests, golden.peer(), "score", TermTest::score, TermTest::scoreP);
            check(tests, golden.peer(), "wald", TermTest::wald, TermTest::waldP);
        }
    }

    private static void check(
            List<TermTest> tests,
            JsonNode peer,
            String key,
            ToDoubleFunction<TermTest> statistic,
            ToDoubleFunction<TermTest> tail) {
        for (int t = 0; t < tests.size(); t++) {
            double theirs = peer.get(key).get(t).asDouble();
            double p = peer.get(key + "_p").get(t).asDouble();
            double size = Math.max(1, theirs);
            String what = key + " of " + tests.get(t).term();
            STATISTIC.check(Math.abs(statistic.applyAsDouble(tests.get(t)) - theirs) / size, what);
            if (p < Double.MIN_NORMAL) {
                assertThat(tail.applyAsDouble(tests.get(t))).isLessThan(Double.MIN_NORMAL);
                continue;
            }
            // A tail falls by about half its size for each unit of the statistic, more where that is small.
            STATISTIC.check(Math.abs(tail.applyAsDouble(tests.get(t)) - p) / p / size, "tail of " + what);
        }
    }
}
