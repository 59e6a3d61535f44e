package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DegenerateRowsTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final SamplingParameters NONE = SamplingParameters.defaults();
    private static final SamplingParameters REPORT =
            NONE.withReportDistribution(true).withReportKept(true).withLogprobs(2);

    private final Sampler sampler = new Sampler();

    private Sampled sample(SamplingParameters parameters, float... row) {
        return sampler.sample(Logits.of(row), 0, new Sequence(parameters));
    }

    private void failed(Sampled sampled, Status status) {
        assertThat(sampled.status()).isEqualTo(status);
        assertThat(sampled.token()).isEqualTo(-1);
        assertThat(sampled.draws()).isZero();
        assertThat(sampled.top().size()).isZero();
        assertThat(sampled.distribution().size()).isZero();
    }

    @Test
    void notANumberAnywhereIsAStatusAndNoToken() {
        float[] row = new float[1000];
        for (int at : new int[] {0, 500, 999}) {
            Arrays.fill(row, 1);
            row[at] = Float.NaN;
            failed(sample(REPORT, row), Status.NAN);
            failed(sample(NONE.withTemperature(0), row), Status.NAN);
            failed(sample(NONE.withBanned(at), row), Status.NAN);
        }
    }

    @Test
    void notANumberMadeByAStepIsAStatus() {
        Step breaking = new Step() {
            @Override
            public String label() {
                return "breaking";
            }

            @Override
            public void apply(Candidates candidates, Sequence sequence) {
                candidates.update((id, logit) -> id == 2 ? Double.NaN : logit);
            }
        };
        failed(sample(NONE.withTopK(2).withOrder(Order.of(breaking, Steps.TOP_K)), 1, 2, 3, 4), Status.NAN);
    }

    @Test
    void nothingLeftIsAStatusAndNoToken() {
        failed(sample(REPORT, -INFINITY, -INFINITY), Status.EMPTY);
        failed(sample(REPORT.withTopK(1).withTopP(.5).withTypicalP(.5).withMinP(.1), -INFINITY), Status.EMPTY);
        failed(sample(REPORT.withBanned(0, 1).withTemperature(0), 1, 2), Status.EMPTY);
        failed(sample(REPORT.withAllowed(), 1, 2), Status.EMPTY);
        for (Steps step : Steps.values()) {
            SamplingParameters all = NONE.withTopK(1)
                    .withTopP(.5)
                    .withMinP(.1)
                    .withTypicalP(.5)
                    .withTopNSigma(1)
                    .withEpsilonCutoff(.1)
                    .withEtaCutoff(.1)
                    .withXtcProbability(1)
                    .withMirostat(2)
                    .withDynatempRange(.5);
            failed(sample(all.withOrder(Order.of(step)), -INFINITY, -INFINITY), Status.EMPTY);
        }
    }

    @Test
    void infinityTakesAll() {
        Sampled sampled = sample(REPORT.withTopP(.9), 1, INFINITY, 2);
        assertThat(sampled.token()).isEqualTo(1);
        assertThat(sampled.kept()).isEqualTo(1);
        assertThat(sampled.logProbability(0)).isZero();
        assertThat(sampled.rawLogProbability(0)).isZero();
    }

    @Test
    void severalInfinitiesShare() {
        Sampled sampled = sample(REPORT, INFINITY, 5, INFINITY, -INFINITY);
        assertThat(sampled.kept()).isEqualTo(2);
        assertThat(sampled.distribution().probabilityOf(0)).isEqualTo(.5);
        assertThat(sampled.distribution().probabilityOf(2)).isEqualTo(.5);
        assertThat(sampled.rawLogProbability(0)).isEqualTo(-Math.log(2));
        assertThat(sampled.rawTop().size()).isEqualTo(2);
        assertThat(sample(NONE.withTemperature(0), 5, INFINITY, INFINITY).token())
                .isEqualTo(1);
    }

    @Test
    void aBannedInfinityTakesNothing() {
        assertThat(sample(NONE.withBanned(1).withTemperature(0), 1, INFINITY, 2).token())
                .isEqualTo(2);
        assertThat(sample(NONE.withAllowed(0, 2).withTemperature(0), 1, INFINITY, 2)
                        .token())
                .isEqualTo(2);
    }

    @Test
    void probabilitiesTooSmallForADoubleAreNotReported() {
        Sampled sampled = sample(REPORT, 1000, 0, 999);
        assertThat(sampled.kept()).isEqualTo(2);
        assertThat(sampled.distribution().size()).isEqualTo(2);
        assertThat(sampled.distribution().id(1)).isEqualTo(2);
    }

    @Test
    void oneTokenIsCertain() {
        Sampled sampled = sample(REPORT.withTopP(.3).withTypicalP(.2).withTopK(5), -7);
        assertThat(sampled.token()).isZero();
        assertThat(sampled.logProbability(0)).isZero();
    }

    @Test
    void rowsOutsideTheMemoryAreErrors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampler.sample(Logits.of(new float[10], 2, 4, 4), 2, new Sequence(NONE)))
                .withMessage("row 2 covers elements 10 to 13, there are 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Logits.of(new float[10], 0, 4, 0))
                .withMessage("vocabulary is 0, at least 1 is needed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Logits.of(new float[10], -1, 4, 4))
                .withMessage("offset is -1 and stride 4, 0 or more is allowed");
    }
}
