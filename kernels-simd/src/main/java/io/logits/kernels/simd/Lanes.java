package io.logits.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector width of this process: the widest the processor has, or what {@code -Dlogits.kernels.bits} asks for. */
final class Lanes {
    static final VectorShape SHAPE = shape();
    static final int BITS = SHAPE.vectorBitSize();
    static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SHAPE);
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);

    /** The virtual lanes of a float64 sum, see {@link io.logits.kernels.MatrixKernels}. */
    static final int VIRTUAL = 8;

    private static final int WORTHWHILE = 3;

    private Lanes() {}

    private static VectorShape shape() {
        String asked = System.getProperty("logits.kernels.bits");
        if (asked == null) {
            // 64-bit shapes exist but hold one double; the processors we serve have 128 bits and more.
            return VectorShape.forBitSize(
                    Math.max(128, Math.min(512, VectorShape.preferredShape().vectorBitSize())));
        }
        return switch (asked) {
            case "128" -> VectorShape.S_128_BIT;
            case "256" -> VectorShape.S_256_BIT;
            case "512" -> VectorShape.S_512_BIT;
            default ->
                throw new IllegalArgumentException(
                        "-Dlogits.kernels.bits is " + asked + ", 128, 256 or 512 is allowed");
        };
    }

    /** The sum of 8 virtual lanes, in the order that {@link io.logits.kernels.MatrixKernels} states. */
    static double fold(double[] l, int at) {
        return ((l[at] + l[at + 4]) + (l[at + 2] + l[at + 6])) + ((l[at + 1] + l[at + 5]) + (l[at + 3] + l[at + 7]));
    }

    /**
     * The coefficients after each logit's last full vector, 0 beyond them, for products by as many lanes as there are virtual
     * ones; none where vectors are shorter, or so few are left that they are as fast one by one.
     *
     * @param w {@code cols} of each logit
     */
    static double[] lastCoefficients(double[] w, int cols, int logits) {
        int left = cols % VIRTUAL;
        if (DOUBLES.length() < VIRTUAL || left < WORTHWHILE) {
            return new double[0];
        }
        double[] last = new double[logits * VIRTUAL];
        for (int k = 0; k < logits; k++) {
            System.arraycopy(w, (k + 1) * cols - left, last, k * VIRTUAL, left);
        }
        return last;
    }

    /**
     * All bits of the lanes that a row's last columns have, none of the others: what follows a row may be NaN. Masks of
     * vectors cost some processes as much as they save.
     */
    static long[] lastBits(int cols) {
        long[] bits = new long[VIRTUAL];
        Arrays.fill(bits, 0, cols % VIRTUAL, -1);
        return bits;
    }

    /**
     * How many of {@code left} logits are done together: sums for 5 x 2, 4 x 2, 2 x 4 or 1 x 4 vectors and what feeds them
     * fit into the 16 registers that a processor has at least.
     */
    static int group(int left) {
        if (left >= 4) {
            return left == 4 || left == 6 || left == 8 ? 4 : 5;
        }
        return left >= 2 ? 2 : 1;
    }
}
