package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SeparationException;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Firth's estimates, errors, profile intervals and tests are those of their definition, worked in R. */
class FirthGoldenTest {
    private static final Tolerance SAME = Tolerance.relative(
            1e-7, "the script stops where a step promises 1e-25; ends are roots to 1e-12; in standard errors");
    private static final Options FIRTH = InferenceCase.options().withPenalty(PenaltyKind.FIRTH);

    static Stream<InferenceCase> cases() throws IOException, URISyntaxException {
        return InferenceCase.in("/inference-firth");
    }

    private static Inference firth(InferenceCase golden, boolean sparse) {
        return Inference.of(golden.data(sparse), FIRTH, WeightKind.FREQUENCY);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void estimatesAreThoseOfTheDefinition(InferenceCase golden) {
        for (boolean sparse : new boolean[] {false, true}) {
            List<Coefficient> lines = firth(golden, sparse).profiled(0.95);
            JsonNode peer = golden.peer();
            assertThat(lines).hasSameSizeAs(peer.get("coefficients"));
            for (int q = 0; q < lines.size(); q++) {
                Coefficient line = lines.get(q);
                double error = peer.get("standard_errors").get(q).asDouble();
                check(line.estimate(), peer.get("coefficients").get(q), error, "estimate of " + line.parameter());
                check(line.standardError(), peer.get("standard_errors").get(q), error, "error of " + line.parameter());
                check(line.low(), peer.get("profile_low").get(q), error, "lower end of " + line.parameter());
                check(line.high(), peer.get("profile_high").get(q), error, "upper end of " + line.parameter());
                check(line.z() * line.z(), peer.get("ratio").get(q), Math.max(1, line.z() * line.z()), "ratio");
                double p = peer.get("p").get(q).asDouble();
                check(line.p(), peer.get("p").get(q), p * (1 + line.z() * line.z()), "p of " + line.parameter());
            }
        }
    }

    private static void check(double ours, JsonNode theirs, double unit, String what) {
        SAME.check(Math.abs(ours - theirs.asDouble()) / unit, what);
    }

    @Test
    void theModelIsTheOneOfTheTable() {
        Inference ours = firth(InferenceCase.in("birthwt-separated", "/inference-firth"), false);
        assertThat(ours.fit().model().coefficient(0, 3))
                .isEqualTo(ours.coefficients(ours.covariance(), 0.95).get(4).estimate());
        assertThat(ours.fit().model().provenance().options()).containsEntry("penalty", "firth");
        assertThat(ours.fit().solution().converged()).isTrue();
    }

    @Test
    void separationNamesItsColumnAndFirthAsARemedy() {
        Dataset data = InferenceCase.in("birthwt-separated", "/inference-firth").data(false);
        assertThatThrownBy(() -> Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY))
                .isInstanceOf(SeparationException.class)
                .hasMessageContaining("by ht,")
                .hasMessageEndingWith("use a penalty, such as firth or l2");
    }

    @Test
    void theEstimatorSaysWhoFitsFirth() {
        Dataset data = InferenceCase.in("infert", "/inference-firth").data(false);
        assertThatThrownBy(() ->
                        LogisticRegression.withDefaults().withOptions(FIRTH).fit(data))
                .hasMessage("the penalty is firth, whose fits are those of io.logits.inference.Inference");
    }

    @Test
    void scoreTestsHaveNoPlaceBesideThePenalty() {
        Inference ours = firth(InferenceCase.in("infert", "/inference-firth"), false);
        List<TermTest> tests = ours.termTests(ours.covariance());
        assertThat(tests).hasSize(3).allSatisfy(test -> assertThat(test.score()).isNaN());
        double z = ours.profiled(0.95).get(1).z();
        SAME.check(Math.abs(tests.get(0).likelihoodRatio() / (z * z) - 1), "ratio of one coefficient");
    }
}
