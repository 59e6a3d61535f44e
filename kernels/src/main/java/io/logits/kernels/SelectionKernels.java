package io.logits.kernels;

/**
 * Passes over rows of float32 logits: maxima, sums of exponentials, elements within bounds. Rows are cut into blocks of
 * {@link #BLOCK} elements; a call covers consecutive blocks {@code z[offset .. offset+n-1]}, of which only the last may
 * be short, and writes one number per block.
 *
 * <p>The weight of a logit is {@code 2^t}, {@code t = (z - max) * scale}, {@code max} finite and not below
 * any {@code z}, {@code 0 <= scale < infinity}: relative error at most 4.5e-15 + |t| 1.2e-16; exactly 1 at the maximum;
 * exactly 0 where {@code t < -1022} and for {@code z = -infinity}. NaN gives an unspecified number: look for it with
 * {@link #blockMaxima} first.
 *
 * <p>Sums of a block run over 8 virtual lanes (element {@code j} of the block goes to lane {@code j mod 8}, in order)
 * folded as {@code ((l0+l4)+(l2+l6)) + ((l1+l5)+(l3+l7))}. Arrays of sums must have 7 entries of room after the last
 * one written; what is in them is undefined afterwards.
 *
 * <p>Coarse sums are for what needs few digits beyond those of float32, as a draw: their weights are evaluated in
 * float32. There is one for each {@link #GROUP} of blocks, over 16 virtual lanes (element {@code j} of the group goes
 * to lane {@code j mod 16}). Of each lane the first and second, the third and fourth element and so on are added in
 * float32; the sums of these pairs are float32 numbers with what rounding left out summed beside; the lanes are folded
 * in float64, {@code i} and {@code i + 8} first, the others as above. Their relative error is at most {@link #COARSE},
 * but that weights below 2^-190 are 0.
 */
public interface SelectionKernels {
    /** Elements of a block. */
    int BLOCK = 256;

    /** Room that arrays of sums need after their last entry. */
    int ROOM = 7;

    /** Blocks that have a coarse sum together. */
    int GROUP = 8;

    /**
     * A bound of the relative error of coarse sums. A weight {@code 2^(k + f)} is off by 1.525e-7 of itself at most for what
     * is taken for f (all of them were tried), by 1.35e-7 where that is beyond 1/2. Of f, the two roundings are each half an
     * ulp: 2^-25 in all, 3 2^-26 beyond 1/2, which is .207e-7 or .310e-7 of the weight. A pair is rounded by 2^-24 of
     * itself, .597e-7. What the additions of 64 pairs a lane leave out is summed as well: after the i-th that is i 2^-24 of
     * the lane's sum and of where it starts (5.66 times the largest weight at most), and each of these is rounded by 2^-24
     * of itself, 2080 2^-48 of 16 starts and of the sum of the lanes, .007e-7. In all 2.34e-7.
     */
    double COARSE = 0x1p-22;

    /** log2(e), rounded: {@code scale = LOG2_E / temperature}. */
    double LOG2_E = 1.4426950408889634;

    /**
     * {@code maxima[at + b]} = the largest element of block {@code b}, in the order of {@link Float#compare}
     * ({@code -0.0 < 0.0}); unspecified for a block with NaN.
     *
     * @return the largest magnitude of all, 0 if there are none; NaN if NaN is among the elements
     */
    float blockMaxima(float[] z, int offset, int n, float[] maxima, int at);

    /**
     * {@code sums[at + b] = sum of weights of block b}.
     *
     * @param least not above any element; the result does not depend on it, but where {@code (least - max) * scale} is
     *     not below -1022 no weight needs to be looked at twice
     */
    void blockSums(float[] z, int offset, int n, float least, double max, double scale, double[] sums, int at);

    /**
     * {@code sums[at + g] = coarse sum of weights of group g}; of the groups, consecutive {@link #GROUP}s of blocks, only
     * the last may be short.
     *
     * @param maxima the blocks' maxima, from index {@code block} on, as {@link #blockMaxima} writes them
     * @param least not above any element; the result does not depend on it
     */
    void coarseSums(
            float[] z,
            int offset,
            int n,
            float[] maxima,
            int block,
            float least,
            double max,
            double scale,
            double[] sums,
            int at);

    /** The sums of {@link #blockSums}, with {@code above[at + b]} = the sum over the elements {@code z >= bound} only. */
    void blockSumsAbove(
            float[] z,
            int offset,
            int n,
            float least,
            double max,
            double scale,
            float bound,
            double[] sums,
            double[] above,
            int at);

    /** The same sums, with {@code moments[at + b] = sum of weight * t} over the elements of weight above 0. */
    void blockMoments(float[] z, int offset, int n, double max, double scale, double[] sums, double[] moments, int at);

    /** {@code out[at + j] = weight of z[offset + j]} for {@code 0 <= j < n}. */
    void weights(float[] z, int offset, int n, double max, double scale, double[] out, int at);

    /**
     * {@code sums[at] = sum of weights[j]} over those {@code j < n} with {@code z[j] >= bound}, as if all were one block and
     * the others weighed nothing. The bound is not NaN.
     */
    void massFrom(float[] z, double[] weights, int n, float bound, double[] sums, int at);

    /**
     * Appends the elements with {@code low <= z < high}, or {@code low <= z} if {@code high} is infinite, in order: their
     * positions {@code first + j} to {@code ids} and the elements to {@code values}, from index {@code count} on. Both
     * arrays must have room for {@code count + n + ROOM} entries; what is behind the last one appended is undefined
     * afterwards.
     *
     * @return the new count
     */
    int collect(float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count);

    /** {@code out[at + j]} = the float32 value of the IEEE binary16 number {@code half[offset + j]}; exact. */
    void widenFloat16(short[] half, int offset, int n, float[] out, int at);

    /** {@code out[at + j]} = the float32 value of the bfloat16 number {@code half[offset + j]}; exact. */
    void widenBfloat16(short[] half, int offset, int n, float[] out, int at);
}
