package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.Kernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The nucleus found by coarse sums is the one of float64 sums, at its boundaries too. */
class NucleusTest {
    /** Scale 1: weights of integers are powers of two, and sums of few of them exact. */
    private static final double BINARY = SelectionKernels.LOG2_E;

    private static final int ROWS = 200;

    private final long seed = Long.getLong("logits.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final SelectionKernels scalar = new ScalarKernels("tested").selection();
    /** How often a row was summed in float64. */
    private int precise;

    private final Candidates coarse = new Candidates(watched(Kernels.best().selection(), false));
    private final Candidates coarseByLoops = new Candidates(watched(scalar, false));
    /** Coarse sums that are zero never decide. */
    private final Candidates exact = new Candidates(watched(Kernels.best().selection(), true));

    private SelectionKernels watched(SelectionKernels kernels, boolean blind) {
        return (SelectionKernels) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SelectionKernels.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(kernels, arguments);
                        precise += method.getName().startsWith("blockSums") ? 1 : 0;
                        if (blind && method.getName().equals("coarseSums")) {
                            Arrays.fill((double[]) arguments[8], 0);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private int[] kept(Candidates candidates, float[] row, double temperature, double p, int minKeep) {
        candidates.open(Logits.of(row), 0);
        candidates.temper(temperature);
        candidates.keepNucleus(p, minKeep);
        return IntStream.range(0, row.length)
                .filter(id -> candidates.logit(id) > Double.NEGATIVE_INFINITY)
                .toArray();
    }

    /** Checks one nucleus; says whether the coarse sum was enough. */
    private boolean agrees(float[] row, double temperature, double p, int minKeep) {
        int[] expected = kept(exact, row, temperature, p, minKeep);
        precise = 0;
        int[] actual = kept(coarse, row, temperature, p, minKeep);
        boolean decided = precise == 0;
        assertThat(actual).as("seed %d, p %s", seed, p).containsExactly(expected);
        assertThat(kept(coarseByLoops, row, temperature, p, minKeep)).containsExactly(expected);
        return decided;
    }

    private float[] randomRow() {
        int n = 5000 + random.nextInt(20_000);
        double deviation = Math.pow(2, random.nextInt(6) - 2);
        int rounding = random.nextInt(3);
        int peaks = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 0;
        double impossible = random.nextInt(3) == 0 ? .3 : 0;
        float[] row = new float[n];
        for (int i = 0; i < n; i++) {
            double normal = deviation * random.nextGaussian();
            double rounded = rounding == 0 ? normal : Math.round(normal * 2 * rounding) / (2.0 * rounding);
            row[i] = random.nextDouble() < impossible ? Float.NEGATIVE_INFINITY : (float) rounded;
        }
        for (int i = 0; i < peaks; i++) {
            row[random.nextInt(n)] = (float) (5 * deviation + 10 + random.nextDouble());
        }
        return row;
    }

    @Test
    void randomRows() {
        int decided = 0;
        for (int i = 0; i < ROWS; i++) {
            double p = random.nextInt(4) == 0 ? 1 - Math.pow(10, -6 * random.nextDouble()) : random.nextDouble();
            int minKeep = random.nextInt(3) == 0 ? random.nextInt(3000) : 1;
            double temperature = random.nextBoolean() ? 1 : .3 + 2 * random.nextDouble();
            decided += agrees(randomRow(), temperature, p, minKeep) ? 1 : 0;
        }
        // All of short nuclei, but for those that end too near to a boundary.
        assertThat(decided).isGreaterThan(ROWS / 4);
    }

    /** p is a mass at which the nucleus grows, or beside one by less and by more than the coarse sum is off. */
    @Test
    void masses() {
        int undecided = 0;
        int decided = 0;
        for (int i = 0; i < ROWS / 8; i++) {
            float[] row = randomRow();
            double[] weights = new double[row.length];
            kept(exact, row, 1, .5, 1);
            scalar.weights(row, 0, row.length, exact.maximum(), BINARY, weights, 0);
            Arrays.sort(weights);
            double total = Arrays.stream(weights).sum();
            double mass = 0;
            int tokens = 1 + random.nextInt(random.nextBoolean() ? 5 : 500);
            for (int k = 1; k <= tokens; k++) {
                mass += weights[weights.length - k];
            }
            for (double off : new double[] {0, 1e-16, -1e-16, 1e-12, -1e-12, 1e-9, -1e-9, 1e-7, -1e-7, 1e-6, -1e-6}) {
                if (mass < total) {
                    boolean enough = agrees(row, 1, mass / total * (1 + off), 1);
                    decided += enough ? 1 : 0;
                    undecided += enough ? 0 : 1;
                }
            }
        }
        assertThat(undecided).isGreaterThan(ROWS / 4);
        assertThat(decided).isPositive();
    }

    /** Weights are powers of two and sums exact: p of the sum is met exactly, and the token that meets it is the last. */
    @Test
    void exactMasses() {
        float[] row = new float[1 << 14];
        Arrays.fill(row, Float.NEGATIVE_INFINITY);
        // One half, a quarter, two eighths, spread over the row.
        int[] ids = {9000, 77, 5000, 12_000};
        float[] logits = {10, 9, 8, 8};
        for (int i = 0; i < ids.length; i++) {
            row[ids[i]] = logits[i];
        }
        double[] p = {.5, Math.nextUp(.5), .75, Math.nextUp(.75), .875, Math.nextUp(.875)};
        int[] sizes = {1, 2, 2, 3, 3, 4};
        for (int i = 0; i < p.length; i++) {
            assertThat(agrees(row, BINARY, p[i], 1)).isFalse();
            assertThat(kept(coarse, row, BINARY, p[i], 1)).hasSize(sizes[i]);
        }
        assertThat(agrees(row, BINARY, .6, 1)).isTrue();
        assertThat(agrees(row, BINARY, .6, 3)).isTrue();
        assertThat(kept(coarse, row, BINARY, .6, 3)).containsExactly(77, 5000, 9000);
    }

    @Test
    void tiesAtTheBoundaryStayByTheirIds() {
        float[] flat = new float[8192];
        Arrays.fill(flat, 3.7f);
        // A share of a hundredth of a token lies between: more than the coarse sum is off.
        assertThat(agrees(flat, 1, (1000.01) / flat.length, 1)).isTrue();
        assertThat(kept(coarse, flat, 1, 1000.01 / flat.length, 1))
                .containsExactly(IntStream.range(0, 1001).toArray());
        assertThat(agrees(flat, 1, 1000.0 / flat.length, 1)).isFalse();
        assertThat(kept(coarse, flat, 1, 1000.0 / flat.length, 1))
                .containsExactly(IntStream.range(0, 1000).toArray());
    }

    /** Two levels, ties at either, as far apart as float32 numbers can be near or far; one token beside that dominates. */
    @Test
    void twoLevels() {
        float[] steps = {Float.MIN_VALUE, Math.ulp(1f), 1e-3f, 1, 5, 40, 1e30f};
        for (float step : steps) {
            for (float base : new float[] {0, -1, 300}) {
                float[] row = new float[6000];
                for (int i = 0; i < row.length; i++) {
                    row[i] = random.nextInt(3) == 0 ? base + step : base;
                }
                for (double p : new double[] {.1, 1 / 3.0, .5, .9, .999}) {
                    agrees(row, 1, p, 1);
                }
                row[random.nextInt(row.length)] = base + step + 12;
                agrees(row, 1, .9, 1);
            }
        }
    }

    /** All logits are within some subnormal numbers, told apart by a temperature as small. */
    @Test
    void subnormalSpreads() {
        float[] row = new float[6000];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (300 * random.nextGaussian()) * Float.MIN_VALUE;
        }
        for (double temperature : new double[] {1, 100 * Float.MIN_VALUE, Float.MIN_VALUE}) {
            for (double p : new double[] {.1, .5, .9}) {
                agrees(row, temperature, p, 1);
            }
        }
    }

    @Test
    void zerosOfEitherSignAreTies() {
        float[] zeros = new float[8192];
        for (int i = 0; i < zeros.length; i += 3) {
            zeros[i] = -0f;
        }
        assertThat(agrees(zeros, 1, 1000.01 / zeros.length, 1)).isTrue();
        assertThat(kept(coarse, zeros, 1, 1000.01 / zeros.length, 1))
                .containsExactly(IntStream.range(0, 1001).toArray());
    }

    /** Every logit is possible, and next to nothing apart. */
    @Test
    void temperaturesAsLargeAsNumbersGo() {
        for (double temperature : new double[] {1e6, 1e38, 1e39, 1e300}) {
            agrees(randomRow(), temperature, .9, 1);
            float[] flat = new float[5000];
            agrees(flat, temperature, .9, 1);
            assertThat(kept(coarse, flat, temperature, .9, 1))
                    .containsExactly(IntStream.range(0, 4500).toArray());
        }
    }

    /** So many are alike that none can be told from the sample to be out; it was cut without a look at min_keep. */
    @Test
    void minKeepHoldsOfFlatRows() {
        float[] flat = new float[20_000];
        assertThat(kept(coarse, flat, 1, 700.5 / flat.length, 861))
                .containsExactly(IntStream.range(0, 861).toArray());
        assertThat(kept(coarse, flat, 1, 700.5 / flat.length, 700))
                .containsExactly(IntStream.range(0, 701).toArray());
    }

    @Test
    void weightsOfTheListAreThoseThatASumWouldFind() {
        float[] row = randomRow();
        kept(coarse, row, 1, .4, 1);
        double total = coarse.total();
        double[] weights = new double[coarse.size];
        scalar.weights(coarse.logits, 0, coarse.size, coarse.maximum(), coarse.scale(), weights, 0);
        if (coarse.list) {
            assertThat(Arrays.copyOf(coarse.weights, coarse.size)).containsExactly(weights);
            assertThat(total).isEqualTo(Candidates.sum(weights, weights.length));
        }
    }
}
