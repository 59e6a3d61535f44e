package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static jdk.incubator.vector.VectorOperators.LSHL;

import io.logits.kernels.SelectionKernels;
import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.Weight;
import jdk.incubator.vector.FloatVector;

/**
 * Coarse sums of groups of blocks, several lanes at a time: sixteen lanes are one vector of 512 bits, or a slice of less. An
 * object holds the scale of one call and serves one thread.
 */
final class CoarseSums {
    private static final int COARSE_LANES = 16;
    /** What a loop does at a time: two vectors of the same lanes, the pairs. */
    private static final int STEP = 2 * COARSE_LANES;

    private static final int LANES = 8;

    private final float[] shifted = new float[SelectionKernels.GROUP * SelectionKernels.BLOCK];
    /** The sums of a group's lanes, too large by the seed. */
    private final float[] high = new float[COARSE_LANES];
    /** What the additions left out. */
    private final float[] rest = new float[COARSE_LANES];

    private float scale;
    private float scaleLow;
    private float round;
    private float shift;
    private float floor;
    private boolean near;
    private double unit;

    /** Takes up a scale; {@code least} as in {@link SelectionKernels#coarseSums}. */
    void scale(float least, double max, double factor) {
        scale = (float) factor;
        scaleLow = (float) (factor - scale);
        float exponent = Weight.exponent(max, factor);
        round = FloatExp.rounding(exponent);
        shift = Weight.shift(max, factor);
        floor = Weight.floor(exponent, factor);
        near = shift == 0 && least >= floor;
        unit = Weight.unit(max, factor);
    }

    /** {@code sums[group]} from a group of {@code n} elements, none of which is above {@code largest}. */
    void sum(float[] z, int at, int n, float largest, double[] sums, int group) {
        float seed = Weight.seed(Math.max(largest - shift, floor), scale, round);
        boolean direct = near && n % STEP == 0;
        int length = direct ? n : shift(z, at, n);
        for (int lane = 0; lane < COARSE_LANES; lane += FLOATS_LENGTH) {
            slice(direct ? z : shifted, (direct ? at : 0) + lane, length - lane, seed, lane);
        }
        fold(seed, sums, group);
    }

    /** Writes shifted logits, and some that weigh nothing up to a whole number of steps; how many. */
    private int shift(float[] z, int at, int n) {
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, shift);
        FloatVector least = FloatVector.broadcast(FLOATS, floor);
        int k = 0;
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector.fromArray(FLOATS, z, at + k).sub(subtrahend).max(least).intoArray(shifted, k);
        }
        for (; k < n; k++) {
            shifted[k] = Math.max(z[at + k] - shift, floor);
        }
        for (; k % STEP != 0; k++) {
            shifted[k] = floor;
        }
        return k;
    }

    private void slice(float[] z, int at, int n, float seed, int lane) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        FloatVector factorLow = FloatVector.broadcast(FLOATS, scaleLow);
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector p0 = FloatVector.broadcast(FLOATS, Weight.P0);
        FloatVector p1 = FloatVector.broadcast(FLOATS, Weight.P1);
        FloatVector p2 = FloatVector.broadcast(FLOATS, Weight.P2);
        FloatVector p3 = FloatVector.broadcast(FLOATS, Weight.P3);
        FloatVector p4 = FloatVector.broadcast(FLOATS, Weight.P4);
        FloatVector zero = FloatVector.broadcast(FLOATS, 0);
        FloatVector sum = FloatVector.broadcast(FLOATS, seed);
        FloatVector left = zero;
        int end = at + n;
        // By indices as they are: sums of them in the loop would cost 4% of the time.
        for (int k = at; k < end; k += STEP) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, k);
            FloatVector y = FloatVector.fromArray(FLOATS, z, k + COARSE_LANES);
            FloatVector rounded = x.fma(factor, rounding);
            FloatVector otherRounded = y.fma(factor, rounding);
            FloatVector f = x.fma(factorLow, x.fma(factor, rounding.sub(rounded)));
            FloatVector g = y.fma(factorLow, y.fma(factor, rounding.sub(otherRounded)));
            FloatVector p = p4.fma(f, p3).fma(f, p2).fma(f, p1).fma(f, p0);
            FloatVector q = p4.fma(g, p3).fma(g, p2).fma(g, p1).fma(g, p0);
            FloatVector power = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector otherPower =
                    otherRounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector weight = p.fma(power.mul(f), power);
            FloatVector pair = q.fma(otherPower.mul(g), otherPower).add(weight);
            // Receivers are what this round has made: were they the loop's own variables, whose class the compiler of
            // JDK 17 does not always know, these would be boxed in every round.
            FloatVector before = sum;
            sum = pair.add(before);
            left = pair.sub(sum.sub(before)).add(left);
        }
        zero.add(sum).intoArray(high, lane);
        zero.add(left).intoArray(rest, lane);
    }

    /** Folds the lanes of a group in float64; vectors would gain nothing, and are boxed in some runs on JDK 17. */
    private void fold(double seed, double[] sums, int group) {
        for (int lane = 0; lane < LANES; lane++) {
            sums[group + lane] = lane(lane, seed) + lane(lane + LANES, seed);
        }
        sums[group] = unit * Lanes.fold(sums, group);
    }

    private double lane(int lane, double seed) {
        return (high[lane] - seed) + rest[lane];
    }
}
