package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.logits.kernels.Kernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;
import io.logits.kernels.Workers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What comes out for a row depends on its logits, parameters, seed, position and history, and on nothing else. */
class RowIndependenceTest {
    private static final int ROWS = 64;
    private static final int VOCABULARY = 5003;
    private static final int STRIDE = 5011;
    private static final int OFFSET = 3;

    private static final float[] DATA = data();
    private static final Logits LOGITS = Logits.of(DATA, OFFSET, STRIDE, VOCABULARY);
    private static final SelectionKernels BEST = Kernels.best().selection();
    private static final List<String> EXPECTED = alone(BEST, LOGITS);

    private static float[] data() {
        SplittableRandom random = new SplittableRandom(5);
        float[] data = new float[OFFSET + ROWS * STRIDE];
        for (int i = 0; i < data.length; i++) {
            double deviation = 1 + i / STRIDE % 4;
            // Sixteen bits of a bfloat16 number are enough, so that every format holds the same rows.
            int bits = Float.floatToRawIntBits((float) (random.nextGaussian() * deviation));
            data[i] = Float.intBitsToFloat(bits & 0xffff0000);
        }
        return data;
    }

    private static Sequence sequence(int row) {
        SamplingParameters p = SamplingParameters.defaults()
                .withSeed(row / 2)
                .withLogprobs(3)
                .withDraws(2)
                .withReportDistribution(true);
        SamplingParameters own = switch (row % 8) {
            case 0 -> p;
            case 1 -> p.withTopK(50).withTopP(.9).withTemperature(.8);
            case 2 -> p.withTopP(.9);
            case 3 -> p.withTypicalP(.5).withRepetitionPenalty(1.3);
            case 4 -> p.withMinP(.05).withBanned(1, 2, 3);
            case 5 -> p.withTemperature(0).withFrequencyPenalty(1);
            case 6 -> p.withTopNSigma(1.5).withXtcProbability(.5).withOrder(Order.llamaCpp());
            default -> p.withMirostat(2).withOrder(Order.parse(List.of("dry", "mirostat")));
        };
        SplittableRandom random = new SplittableRandom(row);
        Sequence sequence = new Sequence(own).position(row * 3L);
        for (int i = 0; i < row; i++) {
            sequence.append(random.nextInt(VOCABULARY));
        }
        return sequence;
    }

    /** Everything that is reported, in words. */
    private static String describe(Sampled sampled) {
        StringBuilder text = new StringBuilder();
        text.append(sampled.status()).append(Arrays.toString(sampled.tokens()));
        for (int draw = 0; draw < sampled.draws(); draw++) {
            text.append(' ').append(sampled.logProbability(draw));
            text.append(' ').append(sampled.rawLogProbability(draw));
        }
        for (int i = 0; i < sampled.top().size(); i++) {
            text.append(' ').append(sampled.top().id(i));
            text.append(' ').append(sampled.top().logProbability(i));
        }
        long hash = 0;
        for (int i = 0; i < sampled.distribution().size(); i++) {
            hash = 31 * hash + Double.doubleToLongBits(sampled.distribution().p(i));
            hash = 31 * hash + sampled.distribution().id(i);
        }
        return text.append(' ')
                .append(hash)
                .append(' ')
                .append(sampled.mirostatMu())
                .toString();
    }

    private static List<String> alone(SelectionKernels kernels, Logits logits) {
        List<String> all = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            all.add(describe(new Sampler(kernels).sample(logits, row, sequence(row))));
        }
        return all;
    }

    private List<String> batched(SelectionKernels kernels, int threads) {
        List<Sequence> sequences = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            sequences.add(sequence(row));
        }
        try (Workers workers = Workers.of(threads)) {
            BatchSampler sampler = new BatchSampler(workers, kernels);
            sampler.sample(LOGITS, sequences);
            List<String> all = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                all.add(describe(sampler.result(row)));
            }
            return all;
        }
    }

    @Test
    void neighboursAndThreadsDoNotMatter() {
        assertThat(batched(BEST, 1)).containsExactlyElementsOf(EXPECTED);
        assertThat(batched(BEST, 8)).containsExactlyElementsOf(EXPECTED);
    }

    @Test
    void kernelsDoNotMatter() {
        assertThat(Kernels.best().info().name()).isEqualTo("simd");
        SelectionKernels scalar = new ScalarKernels("compared").selection();
        assertThat(alone(scalar, LOGITS)).containsExactlyElementsOf(EXPECTED);
        assertThat(batched(scalar, 2)).containsExactlyElementsOf(EXPECTED);
    }

    @Test
    void whatASamplerDidBeforeDoesNotMatter() {
        Sampler used = new Sampler(BEST);
        for (int row = ROWS - 1; row >= 0; row--) {
            assertThat(describe(used.sample(LOGITS, row, sequence(row)))).isEqualTo(EXPECTED.get(row));
        }
    }

    @Test
    void theFormatOfTheRowsDoesNotMatter() {
        FloatBuffer heap = FloatBuffer.wrap(DATA);
        FloatBuffer direct = ByteBuffer.allocateDirect(4 * DATA.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(DATA);
        short[] halves = new short[DATA.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (short) (Float.floatToRawIntBits(DATA[i]) >>> 16);
        }
        ShortBuffer directHalves = ByteBuffer.allocateDirect(2 * DATA.length)
                .order(ByteOrder.nativeOrder())
                .asShortBuffer()
                .put(halves);
        assertThat(alone(BEST, Logits.of(heap, OFFSET, STRIDE, VOCABULARY))).containsExactlyElementsOf(EXPECTED);
        assertThat(alone(BEST, Logits.of(direct, OFFSET, STRIDE, VOCABULARY))).containsExactlyElementsOf(EXPECTED);
        assertThat(alone(BEST, Logits.bfloat16(halves, OFFSET, STRIDE, VOCABULARY)))
                .containsExactlyElementsOf(EXPECTED);
        assertThat(alone(BEST, Logits.bfloat16(directHalves, OFFSET, STRIDE, VOCABULARY)))
                .containsExactlyElementsOf(EXPECTED);
    }

    @Test
    void float16RowsAreReadAsTheNumbersTheyAre() {
        // 1, 2, -infinity, 65504
        short[] row = {0x3c00, 0x4000, (short) 0xfc00, 0x7bff};
        Candidates candidates = new Candidates(BEST);
        candidates.open(Logits.float16(row, 0, 4, 4), 0);
        assertThat(candidates.logit(0)).isEqualTo(1);
        assertThat(candidates.logit(1)).isEqualTo(2);
        assertThat(candidates.logit(2)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(candidates.logit(3)).isEqualTo(65504);
        assertThat(candidates.count()).isEqualTo(3);
    }

    @Test
    void theRowsAreNotWrittenTo() {
        assertThat(DATA).containsExactly(data());
    }

    @Test
    void errorsSayWhichRow() {
        List<Sequence> sequences = List.of(
                new Sequence(SamplingParameters.defaults()),
                new Sequence(SamplingParameters.defaults().withBanned(VOCABULARY)));
        try (Workers workers = Workers.of(2)) {
            BatchSampler sampler = new BatchSampler(workers);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sampler.sample(LOGITS, sequences))
                    .withMessage("row 1: banned names token 5003, the row has tokens 0 to 5002");
        }
    }

    @Test
    void noStepAllocatesOnceWarm() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        List<Sequence> sequences = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            sequences.add(sequence(row));
        }
        try (Workers workers = Workers.of(1)) {
            BatchSampler sampler = new BatchSampler(workers, new ScalarKernels("allocation").selection());
            for (int warm = 0; warm < 3; warm++) {
                sampler.sample(LOGITS, sequences);
            }
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            sampler.sample(LOGITS, sequences);
            long bytes = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(bytes).isZero();
        }
    }
}
