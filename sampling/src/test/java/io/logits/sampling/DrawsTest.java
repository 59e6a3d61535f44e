package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens come as often as they should, by fixed seeds: nothing here is left to chance. */
class DrawsTest {
    private static final int DRAWS = 200_000;
    /** Of one test in 30,000 a normal number lies beyond; the seeds are fixed. */
    private static final double DEVIATIONS = 4;

    private static final SamplingParameters NONE = SamplingParameters.defaults();
    private final Sampler sampler = new Sampler();

    private static Map<String, SamplingParameters> chains() {
        Map<String, SamplingParameters> chains = new TreeMap<>();
        chains.put("plain", NONE.withTemperature(.8));
        chains.put("top-k", NONE.withTopK(40));
        chains.put("top-p", NONE.withTopP(.9));
        chains.put("min-p", NONE.withMinP(.02));
        chains.put("typical", NONE.withTypicalP(.7));
        chains.put("epsilon", NONE.withEpsilonCutoff(1e-5));
        chains.put("eta", NONE.withEtaCutoff(1e-4));
        chains.put("n-sigma", NONE.withTopNSigma(2).withOrder(Order.llamaCpp()));
        chains.put(
                "xtc",
                NONE.withXtcProbability(1).withXtcThreshold(.004).withTopP(.95).withOrder(Order.llamaCpp()));
        chains.put("mirostat", NONE.withMirostat(2).withOrder(Order.of(Steps.MIROSTAT)));
        return chains;
    }

    static Stream<Arguments> chainsAndVocabularies() {
        List<Arguments> all = new ArrayList<>();
        for (int vocabulary : new int[] {50, 32_000, 128_256}) {
            chains().forEach((name, chain) -> all.add(Arguments.of(name, vocabulary, chain)));
        }
        return all.stream();
    }

    private static float[] normal(int n, double deviation) {
        SplittableRandom random = new SplittableRandom(n);
        float[] row = new float[n];
        for (int i = 0; i < n; i++) {
            row[i] = (float) (deviation * random.nextGaussian());
        }
        return row;
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("chainsAndVocabularies")
    void drawsFollowTheDistributionReported(String name, int vocabulary, SamplingParameters chain) {
        float[] row = normal(vocabulary, 3);
        Sampled sampled = sampler.sample(
                Logits.of(row),
                0,
                new Sequence(chain.withSeed(7).withDraws(DRAWS).withReportDistribution(true)));
        assertThat(follows(sampled)).isLessThan(DEVIATIONS);
    }

    /** The distance of the draws from the distribution; no draw may lie outside of it. */
    private static double follows(Sampled sampled) {
        Distribution distribution = sampled.distribution();
        double[] expected = new double[distribution.size()];
        int[] index = new int[distribution.id(distribution.size() - 1) + 1];
        double total = 0;
        for (int i = 0; i < expected.length; i++) {
            expected[i] = distribution.p(i) * sampled.draws();
            index[distribution.id(i)] = i + 1;
            total += distribution.p(i);
        }
        assertThat(Math.abs(total - 1)).isLessThan(1e-11);
        int[] counts = new int[expected.length];
        for (int draw = 0; draw < sampled.draws(); draw++) {
            int at = index[sampled.token(draw)];
            assertThat(at).isPositive();
            counts[at - 1]++;
        }
        return ChiSquared.deviations(counts, expected);
    }

    @Test
    void theTestSeesAWrongDistribution() {
        int[] counts = {10_000, 10_000, 10_500};
        double[] expected = {10_166, 10_166, 10_168};
        assertThat(ChiSquared.deviations(counts, expected)).isGreaterThan(3);
    }

    @Test
    void gumbelNoiseDrawsTheSameDistribution() {
        SamplingParameters gumbel =
                NONE.withGumbel(true).withTemperature(.8).withDraws(50_000).withReportDistribution(true);
        assertThat(follows(sampler.sample(Logits.of(normal(40, 1)), 0, new Sequence(gumbel))))
                .isLessThan(DEVIATIONS);
    }

    @Test
    void gumbelNoiseBelongsToTheToken() {
        // Of what a truncation leaves, the winner is the one it was, if it is still there.
        float[] row = normal(200, 1);
        for (int seed = 0; seed < 200; seed++) {
            Sequence all = new Sequence(NONE.withGumbel(true).withSeed(seed));
            int winner = sampler.sample(Logits.of(row), 0, all).token();
            Sequence few = new Sequence(NONE.withGumbel(true).withSeed(seed).withAllowed(winner, 3, 50, 111));
            assertThat(sampler.sample(Logits.of(row), 0, few).token()).isEqualTo(winner);
        }
    }

    @Test
    void gumbelNoiseDrawsFromAsManyTokensAsOneNumberDoes() {
        float[] row = normal(20_000, .3);
        for (double p : new double[] {.3, .99}) {
            SamplingParameters parameters = NONE.withTopP(p).withReportKept(true);
            int kept = new Sampler()
                    .sample(Logits.of(row), 0, new Sequence(parameters))
                    .kept();
            Sequence gumbel = new Sequence(parameters.withGumbel(true));
            assertThat(new Sampler().sample(Logits.of(row), 0, gumbel).kept()).isEqualTo(kept);
        }
    }

    @Test
    void positionsDrawIndependently() {
        float[] row = normal(50, 1);
        Sequence sequence = new Sequence(NONE.withReportDistribution(true));
        Distribution distribution =
                sampler.sample(Logits.of(row), 0, sequence).distribution().copy();
        int[] counts = new int[50];
        double[] expected = new double[50];
        for (int position = 0; position < DRAWS; position++) {
            counts[
                    sampler.sample(Logits.of(row), 0, sequence.position(position))
                            .token()]++;
        }
        for (int id = 0; id < 50; id++) {
            expected[id] = DRAWS * distribution.probabilityOf(id);
        }
        assertThat(ChiSquared.deviations(counts, expected)).isLessThan(DEVIATIONS);
    }

    @Test
    void logProbabilitiesAreThoseOfTheDistributionAndOfTheRow() {
        float[] row = normal(5000, 2);
        SamplingParameters parameters = NONE.withTopK(100)
                .withTemperature(.7)
                .withLogprobs(5)
                .withDraws(20)
                .withReportDistribution(true);
        Sampled sampled = sampler.sample(Logits.of(row), 0, new Sequence(parameters));
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit);
        }
        for (int draw = 0; draw < sampled.draws(); draw++) {
            int token = sampled.token(draw);
            double p = sampled.distribution().probabilityOf(token);
            assertThat(Math.abs(sampled.logProbability(draw) - Math.log(p))).isLessThan(1e-12);
            assertThat(Math.abs(sampled.rawLogProbability(draw) - (row[token] - Math.log(sum))))
                    .isLessThan(1e-12);
        }
        NaiveTruncation naive = new NaiveTruncation(row, 1);
        for (int rank = 0; rank < 5; rank++) {
            int id = sampled.top().id(rank);
            assertThat(sampled.rawTop().id(rank)).isEqualTo(id);
            assertThat(naive.topK(rank + 1, false)).contains(id);
            assertThat(Math.abs(sampled.top().logProbability(rank)
                            - Math.log(sampled.distribution().probabilityOf(id))))
                    .isLessThan(1e-12);
            assertThat(Math.abs(sampled.rawTop().logProbability(rank) - (row[id] - Math.log(sum))))
                    .isLessThan(1e-12);
        }
    }

    @Test
    void topLogProbabilitiesEndWithTheCandidates() {
        Sampled sampled = sampler.sample(
                Logits.of(normal(20_000, 1)), 0, new Sequence(NONE.withTopP(.9).withLogprobs(20_000)));
        assertThat(sampled.rawTop().size()).isEqualTo(20_000);
        assertThat(sampled.top().size()).isBetween(1000, 19_000);
        int last = sampled.top().size() - 1;
        assertThat(sampled.top().logProbability(last)).isLessThan(sampled.top().logProbability(0));
    }
}
