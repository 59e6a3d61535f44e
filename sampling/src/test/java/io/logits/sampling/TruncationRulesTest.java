package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.Kernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Each truncation against its rule by sorting, on rows small and large, peaked and flat, with ties and without. */
class TruncationRulesTest {
    private static final int REPEATS = 60;
    /** Sums of a row of this size in different orders differ by less. */
    private static final double ROUNDING = 1e-11;

    private final long seed = Long.getLong("logits.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final SelectionKernels kernels =
            random.nextBoolean() ? Kernels.best().selection() : new ScalarKernels("tested").selection();
    private final Candidates candidates = new Candidates(kernels);
    private final float[] row = randomRow();
    private final double temperature = random.nextInt(3) == 0 ? .3 + 2 * random.nextDouble() : 1;
    private final NaiveTruncation naive = new NaiveTruncation(row, temperature);
    private final int minKeep = random.nextInt(3) == 0 ? random.nextInt(40) : 1;

    private float[] randomRow() {
        int n = random.nextInt(2) == 0 ? 1 + random.nextInt(300) : 4000 + random.nextInt(30_000);
        double deviation = Math.pow(2, random.nextInt(6) - 2);
        boolean ties = random.nextInt(3) == 0;
        double impossible = random.nextInt(3) == 0 ? .3 : 0;
        int peaks = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 0;
        float[] logits = new float[n];
        for (int i = 0; i < n; i++) {
            double normal = deviation * random.nextGaussian();
            logits[i] = random.nextDouble() < impossible
                    ? Float.NEGATIVE_INFINITY
                    : (float) (ties ? Math.round(normal * 4) / 4.0 : normal);
        }
        for (int i = 0; i < peaks; i++) {
            logits[random.nextInt(n)] = (float) (5 * deviation + 10 + random.nextDouble());
        }
        logits[random.nextInt(n)] = (float) deviation;
        return logits;
    }

    private int[] kept() {
        return IntStream.range(0, row.length)
                .filter(id -> candidates.logit(id) > Double.NEGATIVE_INFINITY)
                .toArray();
    }

    private void open() {
        assertThat(candidates.open(Logits.of(row), 0)).isTrue();
        candidates.temper(temperature);
    }

    private void agrees(int[] expected) {
        assertThat(kept()).as("seed %d", seed).containsExactly(expected);
        assertThat(candidates.count()).isEqualTo(expected.length);
    }

    @RepeatedTest(REPEATS)
    void topK() {
        open();
        int k = 1 + random.nextInt(random.nextBoolean() ? 60 : row.length + 10);
        boolean ties = random.nextBoolean();
        candidates.keepTop(k, ties);
        agrees(naive.topK(k, ties));
    }

    @RepeatedTest(REPEATS)
    void topP() {
        open();
        double p = random.nextInt(4) == 0 ? 1 - Math.pow(10, -6 * random.nextDouble()) : random.nextDouble();
        if (naive.nearestBoundary(p) > ROUNDING) {
            candidates.keepNucleus(p, minKeep);
            agrees(naive.nucleus(p, minKeep));
        }
    }

    @RepeatedTest(REPEATS)
    void topPAfterTopK() {
        open();
        int k = 1 + random.nextInt(row.length);
        candidates.keepTop(k, false);
        double p = random.nextDouble();
        float[] list = new float[row.length];
        Arrays.fill(list, Float.NEGATIVE_INFINITY);
        for (int id : naive.topK(k, false)) {
            list[id] = row[id];
        }
        NaiveTruncation ofList = new NaiveTruncation(list, temperature);
        if (ofList.nearestBoundary(p) > ROUNDING) {
            candidates.keepNucleus(p, minKeep);
            agrees(ofList.nucleus(p, minKeep));
        }
    }

    @RepeatedTest(REPEATS)
    void minP() {
        open();
        double p = Math.pow(10, -3 * random.nextDouble());
        candidates.keepAtLeast((naive.max() / temperature) + Math.log(p), minKeep);
        agrees(naive.fromLogit((naive.max() / temperature + Math.log(p)) * temperature, minKeep));
    }

    @RepeatedTest(REPEATS)
    void typical() {
        Sequence sequence = new Sequence(SamplingParameters.defaults()
                .withTypicalP(.01 + .98 * random.nextDouble())
                .withMinKeep(minKeep));
        open();
        Steps.TYPICAL.apply(candidates, sequence);
        agrees(naive.typical(sequence.parameters().typicalP(), minKeep));
    }

    @RepeatedTest(REPEATS)
    void entropyAndLogSumExp() {
        open();
        assertThat(Math.abs(candidates.entropy() - naive.entropy())).isLessThan(ROUNDING * 100);
        double top = naive.max() / temperature;
        int first = naive.topK(1, false)[0];
        assertThat(Math.abs(candidates.logSumExp() - (top - Math.log(naive.p(first)))))
                .isLessThan(ROUNDING);
    }

    @RepeatedTest(REPEATS)
    void epsilonAndEta() {
        double cutoff = Math.pow(10, -4 * random.nextDouble());
        Sequence sequence = new Sequence(
                SamplingParameters.defaults().withEpsilonCutoff(cutoff).withEtaCutoff(cutoff));
        open();
        Steps.EPSILON.apply(candidates, sequence);
        agrees(fromProbability(cutoff));
        open();
        Steps.ETA.apply(candidates, sequence);
        agrees(fromProbability(Math.min(cutoff, Math.sqrt(cutoff) * Math.exp(-naive.entropy()))));
    }

    private int[] fromProbability(double least) {
        int[] above = IntStream.range(0, row.length)
                .filter(id -> naive.p(id) >= least)
                .toArray();
        return above.length > 0 ? above : naive.topK(1, false);
    }

    @RepeatedTest(REPEATS)
    void topNSigma() {
        double n = 3 * random.nextDouble() + .01;
        double mean = 0;
        double count = 0;
        for (float logit : row) {
            if (logit > Float.NEGATIVE_INFINITY) {
                mean += logit;
                count++;
            }
        }
        mean /= count;
        double square = 0;
        for (float logit : row) {
            square += logit > Float.NEGATIVE_INFINITY ? (logit - mean) * (logit - mean) : 0;
        }
        open();
        Steps.TOP_N_SIGMA.apply(
                candidates, new Sequence(SamplingParameters.defaults().withTopNSigma(n)));
        agrees(naive.fromLogit(naive.max() - n * Math.sqrt(square / count), 1));
    }

    @RepeatedTest(REPEATS)
    void xtcLeavesOfTheMostProbableTheLast() {
        double threshold = .01 + .3 * random.nextDouble();
        Sequence sequence =
                new Sequence(SamplingParameters.defaults().withXtcProbability(1).withXtcThreshold(threshold));
        open();
        Steps.XTC.apply(candidates, sequence);
        int probable = (int) IntStream.range(0, row.length)
                .filter(id -> naive.p(id) >= threshold)
                .count();
        int[] excluded = probable < 2 ? new int[0] : naive.topK(probable - 1, false);
        int[] all = naive.topK(row.length, false);
        agrees(IntStream.of(all)
                .filter(id -> IntStream.of(excluded).noneMatch(other -> other == id))
                .toArray());
    }

    @Test
    void aFlatRowIsCutById() {
        float[] flat = new float[100_000];
        candidates.open(Logits.of(flat), 0);
        candidates.keepNucleus(.25, 1);
        assertThat(candidates.count()).isEqualTo(25_000);
        assertThat(candidates.logit(24_999)).isZero();
        candidates.open(Logits.of(flat), 0);
        candidates.keepTop(70, false);
        assertThat(candidates.count()).isEqualTo(70);
        assertThat(candidates.logit(69)).isZero();
    }

    @Test
    void zerosOfBothSignsAreTies() {
        candidates.open(Logits.of(-0f, 0f, -0f, 0f), 0);
        candidates.keepTop(2, false);
        assertThat(candidates.logit(0)).isZero();
        assertThat(candidates.logit(1)).isZero();
        assertThat(candidates.count()).isEqualTo(2);
    }
}
