package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.Kernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows so long that log-probabilities come from coarse sums: how far they are off, and that nothing else tells. */
class LongRowsTest {
    private static final int VOCABULARY = 128_256;
    /** What a sum of so many float64 numbers, and a logarithm of it, are off by, and more. */
    private static final double ROUNDING = 1e-11;

    private static final SamplingParameters NONE = SamplingParameters.defaults();

    private final long seed = Long.getLong("logits.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    private static float[] row(int n, java.util.function.IntToDoubleFunction logit) {
        float[] row = new float[n];
        for (int i = 0; i < n; i++) {
            row[i] = (float) logit.applyAsDouble(i);
        }
        return row;
    }

    private static double logSumExp(float[] row, double temperature) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : row) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : row) {
            sum += StrictMath.exp((logit - max) / temperature);
        }
        return max / temperature + StrictMath.log(sum);
    }

    static Stream<float[]> rows() {
        SplittableRandom random = new SplittableRandom(8);
        return Stream.of(
                // The logit at which a coarse weight is farthest off, beside a larger one that makes it so.
                row(VOCABULARY, i -> i == 0 ? 0 : (0x1.b1ea9ap-2 - 1) * Math.log(2)),
                row(VOCABULARY, i -> 3.7),
                row(VOCABULARY, i -> -1e4),
                row(VOCABULARY, i -> 3 * random.nextGaussian()),
                row(VOCABULARY, i -> 1e4 * random.nextGaussian()),
                row(VOCABULARY, i -> 700 + random.nextGaussian()),
                // One token has nearly all, and the others are lost or halved beside it in float32.
                row(VOCABULARY, i -> i == 1000 ? 0 : -16.3 - random.nextDouble()),
                row(VOCABULARY, i -> i == 1000 ? 0 : -24 * 0.69314 + .01 * random.nextGaussian()),
                row(VOCABULARY + 7, i -> i % 3 == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian()),
                row(Candidates.LONG_ROW, i -> i == 5 ? 0 : Double.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void logProbabilitiesAreWithinTheirBound(float[] row) {
        for (double temperature : new double[] {1, .8, .07, 20}) {
            SamplingParameters parameters =
                    NONE.withTemperature(temperature).withLogprobs(1).withSeed(3);
            Sampled sampled = new Sampler().sample(Logits.of(row), 0, new Sequence(parameters));
            int token = sampled.token();
            double raw = row[token] - logSumExp(row, 1);
            double processed = row[token] / temperature - logSumExp(row, temperature);
            assertThat(Math.abs(sampled.rawLogProbability(0) - raw)).isLessThan(bound(row[token]));
            assertThat(Math.abs(sampled.logProbability(0) - processed)).isLessThan(bound(row[token] / temperature));
            assertThat(sampled.top().logProbability(0)).isGreaterThanOrEqualTo(sampled.logProbability(0));
        }
    }

    @Test
    void noLogProbabilityIsAboveZero() {
        SplittableRandom normal = new SplittableRandom(4);
        for (int trial = 0; trial < 20; trial++) {
            float[] row = row(9000, i -> i == 1000 ? 30 : normal.nextGaussian());
            Sampled sampled = new Sampler().sample(Logits.of(row), 0, new Sequence(NONE.withLogprobs(1)));
            assertThat(sampled.logProbability(0)).isLessThanOrEqualTo(0);
            assertThat(sampled.rawLogProbability(0)).isLessThanOrEqualTo(0);
            assertThat(sampled.top().logProbability(0)).isLessThanOrEqualTo(0);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aTokenHasOneLogProbability(float[] row) {
        for (boolean distribution : new boolean[] {false, true}) {
            SamplingParameters parameters = NONE.withTemperature(0.07)
                    .withLogprobs(20)
                    .withReportDistribution(distribution)
                    .withDraws(20);
            Sampled sampled = new Sampler().sample(Logits.of(row), 0, new Sequence(parameters));
            for (int draw = 0; draw < sampled.draws(); draw++) {
                for (int i = 0; i < sampled.top().size(); i++) {
                    if (row[sampled.top().id(i)] == row[sampled.token(draw)]) {
                        assertThat(sampled.logProbability(draw))
                                .isEqualTo(sampled.top().logProbability(i));
                    }
                }
            }
        }
    }

    private static double bound(double logit) {
        return SelectionKernels.COARSE + ROUNDING + Math.abs(logit) * 1e-15;
    }

    @Test
    void logProbabilitiesOfShorterRowsAreThoseOfFloat64() {
        float[] row = row(Candidates.LONG_ROW - 1, i -> (0x1.b1ea9ap-2 - 1) * Math.log(2) * (i % 2));
        Sampled sampled = new Sampler().sample(Logits.of(row), 0, new Sequence(NONE.withLogprobs(0)));
        double truth = row[sampled.token()] - logSumExp(row, 1);
        assertThat(Math.abs(sampled.rawLogProbability(0) - truth)).isLessThan(ROUNDING);
        assertThat(Math.abs(sampled.logProbability(0) - truth)).isLessThan(ROUNDING);
    }

    @Test
    void sumsForOnesOwnStepsAreThoseOfFloat64() {
        float[] row = rows().findFirst().orElseThrow();
        Candidates candidates = new Candidates(Kernels.best().selection());
        candidates.open(Logits.of(row), 0);
        assertThat(Math.abs(candidates.logSumExp() - logSumExp(row, 1))).isLessThan(ROUNDING);
        assertThat(Math.abs(candidates.coarseLogSumExp() - candidates.logSumExp()))
                .isZero();
        candidates.open(Logits.of(row), 0);
        assertThat(Math.abs(candidates.coarseLogSumExp() - logSumExp(row, 1)))
                .isGreaterThan(SelectionKernels.COARSE / 4);
    }

    /** Where the row lies, who wrote which page of it, and which kernels read it. */
    @RepeatedTest(20)
    void coarseSumsAreThoseOfTheNumbersAlone() {
        int n = random.nextInt(Candidates.LONG_ROW, 30_000);
        float[] row = row(n, i -> 2 * random.nextGaussian());
        int[] changed = random.ints(random.nextInt(40), 0, n).distinct().toArray();
        float[] written = row.clone();
        for (int id : changed) {
            written[id] = random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : (float) random.nextGaussian();
        }
        double expected = total(new ScalarKernels("tested").selection(), Logits.of(written), written, new int[0]);
        float[] moved = new float[n + 5];
        System.arraycopy(row, 0, moved, 5, n);
        SelectionKernels best = Kernels.best().selection();
        Stream.of(
                        total(best, Logits.of(written), written, new int[0]),
                        total(best, Logits.of(row), written, changed),
                        total(best, Logits.of(moved, 5, n, n), written, changed),
                        total(best, Logits.of(FloatBuffer.wrap(row), 0, n, n), written, changed))
                .forEach(total -> assertThat(total).as("seed %d", seed).isEqualTo(expected));
        assertThat(Math.abs(StrictMath.log(expected) + max(written) - logSumExp(written, 1)))
                .isLessThan(SelectionKernels.COARSE);
    }

    private static double total(SelectionKernels kernels, Logits logits, float[] written, int[] changed) {
        Candidates candidates = new Candidates(kernels);
        candidates.open(logits, 0);
        for (int id : changed) {
            candidates.setLogit(id, written[id]);
        }
        return candidates.total();
    }

    private static double max(float[] row) {
        return IntStream.range(0, row.length).mapToDouble(i -> row[i]).max().orElseThrow();
    }

    /** Draws go through sums of groups of pages; each token must have its share, the last group's, a short one's, too. */
    @Test
    void everyTokenOfALongRowCanBeDrawn() {
        float[] row = new float[9000];
        Arrays.fill(row, Float.NEGATIVE_INFINITY);
        int[] possible = {0, 255, 256, 1023, 1024, 5000, 8191, 8192, 8999};
        for (int id : possible) {
            row[id] = 1;
        }
        Sampled sampled = new Sampler()
                .sample(Logits.of(row), 0, new Sequence(NONE.withDraws(9000).withLogprobs(0)));
        int[] counts = new int[row.length];
        for (int draw = 0; draw < sampled.draws(); draw++) {
            counts[sampled.token(draw)]++;
            assertThat(Math.abs(sampled.logProbability(draw) + Math.log(possible.length)))
                    .isLessThan(SelectionKernels.COARSE);
        }
        double[] expected = new double[possible.length];
        Arrays.fill(expected, 1000);
        assertThat(ChiSquared.deviations(
                        IntStream.of(possible).map(id -> counts[id]).toArray(), expected))
                .isLessThan(4);
    }
}
