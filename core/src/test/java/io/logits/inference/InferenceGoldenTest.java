package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Tables of coefficients, covariances and likelihoods are those of R and statsmodels. */
class InferenceGoldenTest {
    static final Tolerance SAME = Tolerance.relative(
            1e-7,
            "peers stop at relative changes of the deviance of 1e-14; differences in estimates are in standard errors");

    static Stream<InferenceCase> cases() throws IOException, URISyntaxException {
        return InferenceCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void coefficientsAreThoseOfThePeers(InferenceCase golden) {
        for (boolean sparse : new boolean[] {false, true}) {
            Inference ours = golden.inference(sparse);
            List<Coefficient> lines = ours.coefficients(ours.covariance(), 0.95);
            golden.peers().forEach(peer -> {
                String name = peer.get("peer").asString();
                double[] errors = InferenceCase.numbers(peer.get("standard_errors"));
                assertThat(lines).hasSameSizeAs(peer.get("coefficients"));
                check(lines, Coefficient::estimate, peer.get("coefficients"), errors, name);
                check(lines, Coefficient::standardError, peer.get("standard_errors"), errors, name);
                check(lines, Coefficient::low, peer.get("ci_low"), errors, name);
                check(lines, Coefficient::high, peer.get("ci_high"), errors, name);
                for (int q = 0; q < lines.size(); q++) {
                    double z = peer.get("z").get(q).asDouble();
                    double p = peer.get("p").get(q).asDouble();
                    SAME.check(Math.abs(lines.get(q).z() - z) / Math.max(1, Math.abs(z)), "z of " + q + " by " + name);
                    // A tail falls by its own size times z for each unit of z, and z is right relative to itself.
                    SAME.check(Math.abs(lines.get(q).p() - p) / (p * (1 + z * z)), "p of " + q + " by " + name);
                }
            });
        }
    }

    /** Compares a column in units of the standard errors. */
    private static void check(
            List<Coefficient> lines, ToDoubleFunction<Coefficient> ours, JsonNode peer, double[] errors, String name) {
        for (int q = 0; q < errors.length; q++) {
            double difference = ours.applyAsDouble(lines.get(q)) - peer.get(q).asDouble();
            SAME.check(Math.abs(difference) / errors[q], lines.get(q).parameter() + " by " + name);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void covariancesAreThoseOfThePeers(InferenceCase golden) {
        Covariance ours = golden.inference(false).covariance();
        golden.peers()
                .forEach(peer -> checkMatrix(
                        ours, peer.get("covariance"), peer.get("peer").asString()));
    }

    /** Compares entries in units of the standard errors of row and column. */
    static void checkMatrix(Covariance ours, JsonNode theirs, String name) {
        int order = ours.parameters().size();
        assertThat(theirs).hasSize(order);
        for (int a = 0; a < order; a++) {
            for (int b = 0; b < order; b++) {
                double unit = ours.standardError(a) * ours.standardError(b);
                double difference = ours.get(a, b) - theirs.get(a).get(b).asDouble();
                SAME.check(Math.abs(difference) / unit, "covariance " + a + ", " + b + " by " + name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void likelihoodsAreThoseOfR(InferenceCase golden) {
        Inference inference = golden.inference(false);
        int[] trials = golden.trials();
        GoodnessOfFit ours = trials.length == 0 ? inference.goodness() : inference.goodness(trials);
        JsonNode peer = golden.peer();
        check(ours.logLikelihood(), peer, "log_likelihood");
        check(ours.nullLogLikelihood(), peer, "null_log_likelihood");
        check(ours.deviance(), peer, "deviance");
        check(ours.nullDeviance(), peer, "null_deviance");
        check(ours.aic(), peer, "aic");
        check(ours.bic(), peer, "bic");
    }

    private static void check(double ours, JsonNode peer, String key) {
        double theirs = peer.get(key).asDouble();
        SAME.check(Math.abs((ours - theirs) / theirs), key);
    }
}
