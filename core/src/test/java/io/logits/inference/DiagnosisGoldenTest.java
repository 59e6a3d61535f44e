package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Influence, variance inflation, marginal effects and intervals for probabilities are those of R and statsmodels. */
class DiagnosisGoldenTest {
    private static final Tolerance SAME =
            Tolerance.relative(1e-7, "peers stop at relative changes of the deviance of 1e-14");

    static Stream<InferenceCase> influences() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peer().has("leverage"));
    }

    @ParameterizedTest
    @MethodSource("influences")
    void influenceIsThatOfR(InferenceCase golden) {
        // R takes every weight for a precision.
        Inference ours = Inference.of(golden.data(false), InferenceCase.options(), WeightKind.PRECISION);
        int[] trials = golden.trials();
        Influence influence = trials.length == 0 ? ours.influence() : ours.influence(trials);
        check(influence.leverage(), golden.peer().get("leverage"), "leverage");
        check(influence.pearson(), golden.peer().get("pearson"), "Pearson residual");
        check(influence.deviance(), golden.peer().get("deviance_residuals"), "deviance residual");
        check(influence.cook(), golden.peer().get("cook"), "Cook's distance");
    }

    /** R says null of a weight of 0, or of a leverage of 1. */
    private static void check(double[] ours, JsonNode theirs, String what) {
        assertThat(theirs).hasSize(ours.length);
        int compared = 0;
        for (int i = 0; i < ours.length; i++) {
            if (!theirs.get(i).isNull()) {
                double expected = theirs.get(i).asDouble();
                SAME.check(Math.abs(ours[i] - expected) / Math.max(1, Math.abs(expected)), what + " of row " + i);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(ours.length / 2);
    }

    @Test
    void aFrequencyHasTheInfluenceOfOneRow() {
        InferenceCase golden = InferenceCase.named("birthwt");
        double[] twos = new double[189];
        Arrays.fill(twos, 2);
        Dataset data = golden.data(false).withWeights(twos);
        Influence ours = Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY)
                .influence();
        Influence once = golden.inference(false).influence();
        // Twice the rows: half the leverage, the same residuals.
        SAME.check(Math.abs(ours.leverage()[7] / once.leverage()[7] - 0.5), "leverage");
        SAME.check(Math.abs(ours.pearson()[7] / once.pearson()[7] - 1), "Pearson residual");
    }

    static Stream<InferenceCase> inflated() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peer().has("vif"));
    }

    @ParameterizedTest
    @MethodSource("inflated")
    void inflationIsThatOfTheFormula(InferenceCase golden) {
        Inference ours = Inference.of(
                golden.data(false).withEncoding(golden.terms()), InferenceCase.options(), golden.weightKind());
        List<Inflation> factors = ours.inflation();
        for (int t = 0; t < factors.size(); t++) {
            double expected = golden.peer().get("vif").get(t).asDouble();
            SAME.check(
                    Math.abs(factors.get(t).factor() / expected - 1),
                    "inflation of " + factors.get(t).term());
        }
        assertThat(factors).hasSameSizeAs(golden.peer().get("vif"));
    }

    static Stream<InferenceCase> effects() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peers().anyMatch(peer -> peer.has("marginal_effects")));
    }

    @ParameterizedTest
    @MethodSource("effects")
    void marginalEffectsAreThoseOfStatsmodels(InferenceCase golden) {
        JsonNode peer = golden.golden().get("peers").get(1);
        Inference ours = golden.inference(true);
        check(ours.marginalEffects(ours.covariance(), 0.95), peer, "marginal_effects", "marginal_errors");
    }

    private static void check(List<MarginalEffect> effects, JsonNode peer, String values, String errors) {
        assertThat(effects).hasSameSizeAs(peer.get(values));
        for (int q = 0; q < effects.size(); q++) {
            double error = peer.get(errors).get(q).asDouble();
            double effect = peer.get(values).get(q).asDouble();
            String what = " of " + effects.get(q).parameter();
            SAME.check(Math.abs(effects.get(q).effect() - effect) / error, "effect" + what);
            SAME.check(Math.abs(effects.get(q).standardError() / error - 1), "error" + what);
        }
    }

    static Stream<InferenceCase> cases() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.trials().length == 0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void intervalsOfProbabilitiesAreThoseOfR(InferenceCase golden) {
        Dataset data = golden.data(false);
        Inference ours = Inference.of(data, InferenceCase.options(), golden.weightKind());
        ProbabilityIntervals intervals = ours.probabilities(data.features(), data.offset(), ours.covariance(), 0.95);
        JsonNode peer = golden.peer();
        boolean two = peer.has("probability");
        int classes = golden.golden().get("classes").size();
        int rows = two ? data.features().rows() : peer.get("intervals").size();
        double[] row = new double[3 * classes];
        for (int i = 0; i < rows; i++) {
            intervals.of(i, row);
            for (int c = two ? 3 : 0; c < row.length; c++) {
                String key = List.of("probability", "probability_low", "probability_high")
                        .get(c % 3);
                double expected = two
                        ? peer.get(key).get(i).asDouble()
                        : peer.get("intervals").get(i).get(c).asDouble();
                SAME.check(Math.abs(row[c] - expected) / expected, key + " of row " + i);
            }
        }
    }

    static Stream<InferenceCase> averaged() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peer().has("average_effects"));
    }

    /** With weights and offsets, which statsmodels has not here. */
    @ParameterizedTest
    @MethodSource("averaged")
    void marginalEffectsAreThoseOfTheFormula(InferenceCase golden) {
        Inference ours = golden.inference(false);
        check(ours.marginalEffects(ours.covariance(), 0.95), golden.peer(), "average_effects", "average_errors");
    }

    @ParameterizedTest
    @MethodSource("influences")
    void leveragesAddUpToTheParameters(InferenceCase golden) {
        Inference ours = Inference.of(golden.data(true), InferenceCase.options(), WeightKind.PRECISION);
        int[] trials = golden.trials();
        Influence influence = trials.length == 0 ? ours.influence() : ours.influence(trials);
        double sum = Arrays.stream(influence.leverage()).sum();
        double parameters = golden.peer().get("coefficients").size();
        SAME.check(Math.abs(sum - parameters) / parameters, "sum of leverages");
    }

    /** The class that all others are relative to is a matter of notation. */
    @Test
    void whatRowsDoDoesNotDependOnTheReference() {
        Dataset data = InferenceCase.named("vehicle").data(false);
        List<String> classes = new ArrayList<>(data.labels().classes());
        Collections.reverse(classes);
        int last = classes.size() - 1;
        int[] y = Arrays.stream(data.labels().indices()).map(c -> last - c).toArray();
        Dataset turned = Dataset.of(data.features(), Labels.of(classes, y));
        Inference ours = Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY);
        Inference other = Inference.of(turned, InferenceCase.options(), WeightKind.FREQUENCY);
        for (int i = 0; i < y.length; i++) {
            SAME.check(
                    Math.abs(ours.influence().leverage()[i] - other.influence().leverage()[i]), "leverage of row " + i);
            SAME.check(Math.abs(ours.influence().cook()[i] - other.influence().cook()[i]), "distance of row " + i);
        }
        for (int t = 0; t < ours.inflation().size(); t++) {
            double mine = ours.inflation().get(t).factor();
            SAME.check(Math.abs(other.inflation().get(t).factor() / mine - 1), "inflation of term " + t);
        }
    }

    @Test
    void whatDoesNotFitSaysSo() {
        Inference many = InferenceCase.named("housing").inference(false);
        assertThatThrownBy(() -> many.influence(new int[72]))
                .hasMessage("trials succeed or fail, the data has 3 classes");
        assertThatThrownBy(() -> many.probabilities(
                        InferenceCase.named("titanic").data(false).features(), null, many.covariance(), 0.9))
                .hasMessage("the data has 5 features, 6 were fitted");
    }
}
