package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Profile intervals end where R's deviance, one coefficient held, has risen by a quantile. */
class ProfileGoldenTest {
    private static final Tolerance ENDS = Tolerance.relative(
            1e-7, "uniroot ends within 1e-13 of a root of deviances rounded to 1e-13; in standard errors");

    static Stream<InferenceCase> cases() throws IOException, URISyntaxException {
        return InferenceCase.all().filter(golden -> golden.peer().has("profile_low"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void intervalsEndWhereTheDevianceHasRisen(InferenceCase golden) {
        JsonNode peer = golden.peer();
        List<Coefficient> lines = golden.inference(false).profiled(0.95);
        assertThat(lines).hasSameSizeAs(peer.get("profile_low"));
        for (int q = 0; q < lines.size(); q++) {
            Coefficient line = lines.get(q);
            double low = line.low() - peer.get("profile_low").get(q).asDouble();
            double high = line.high() - peer.get("profile_high").get(q).asDouble();
            ENDS.check(Math.abs(low) / line.standardError(), "lower end of " + line.parameter());
            ENDS.check(Math.abs(high) / line.standardError(), "upper end of " + line.parameter());
        }
    }

    /** A column far from 0 is shifted inside, and the intercept's profile is along several coordinates there. */
    @Test
    void theInterceptBesideAFarColumnHasItsInterval() {
        InferenceCase golden = InferenceCase.named("menarche-grouped");
        double distance = 1 << 14;
        double[][] x = golden.golden()
                .get("x")
                .valueStream()
                .map(row -> new double[] {row.get(0).asDouble() + distance})
                .toArray(double[][]::new);
        List<Coefficient> near = golden.inference(false).profiled(0.95);
        List<Coefficient> far = Inference.of(golden.withFeatures(x), InferenceCase.options(), WeightKind.FREQUENCY)
                .profiled(0.95);
        // The slope has the same interval; that of the intercept is, but for one part in a thousand, that of -distance
        // times the slope, whose profile it is at the other end.
        ENDS.check(Math.abs(far.get(1).low() - near.get(1).low()) / near.get(1).standardError(), "slope");
        double width = far.get(0).high() - far.get(0).low();
        double slopes = distance * (near.get(1).high() - near.get(1).low());
        assertThat(width / slopes).isBetween(0.99, 1.01);
    }
}
