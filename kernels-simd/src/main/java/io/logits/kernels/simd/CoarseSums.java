package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static io.logits.kernels.simd.FloatConstants.HALF;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;

import io.logits.kernels.SelectionKernels;
import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.Weight;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * Coarse sums of blocks, several lanes at a time: the lanes {@code i} and {@code i + 16} in two vectors, which a loop has
 * side by side. An object holds the scale of one call and serves one thread.
 */
final class CoarseSums {
    /** The distance of lanes that are folded first: half as many as there are. */
    static final int HALF_LANES = 16;

    /** What blocks must be a multiple of. */
    static final int GROUP = 2 * HALF_LANES;

    private static final int LANES = 8;
    private static final int D = DoubleConstants.LENGTH;

    private final float[] shifted = new float[SelectionKernels.BLOCK];
    // The folded lanes of a block: sums of powers of two, and of what the weights are more.
    private final float[] powers = new float[HALF_LANES];
    private final float[] rests = new float[HALF_LANES];

    private float high;
    private float low;
    private float round;
    private float shift;
    private float floor;
    private boolean near;
    private double unit;

    /** Takes up a scale; {@code least} as in {@link SelectionKernels#blockSums}. */
    void scale(float least, double max, double scale) {
        high = (float) scale;
        low = (float) (scale - high);
        float exponent = Weight.exponent(max, scale);
        round = FloatExp.rounding(exponent);
        shift = Weight.shift(max, scale);
        floor = Weight.floor(exponent, scale);
        near = shift == 0 && least >= floor;
        unit = Weight.unit(max, scale);
    }

    /** {@code sums[block]} from a block of {@code n} elements. */
    void sum(float[] z, int at, int n, double[] sums, int block) {
        if (!near) {
            shift(z, at, n);
        }
        for (int lane = 0; lane < HALF_LANES; lane += FLOATS_LENGTH) {
            slice(near ? z : shifted, (near ? at : 0) + lane, n - lane, lane);
        }
        fold(sums, block);
    }

    private void shift(float[] z, int at, int n) {
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, shift);
        FloatVector least = FloatVector.broadcast(FLOATS, floor);
        for (int k = 0; k < n; k += FLOATS_LENGTH) {
            FloatVector.fromArray(FLOATS, z, at + k).sub(subtrahend).max(least).intoArray(shifted, k);
        }
    }

    private void slice(float[] z, int at, int n, int lane) {
        FloatVector scale = FloatVector.broadcast(FLOATS, high);
        FloatVector scaleLow = FloatVector.broadcast(FLOATS, low);
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector p0 = FloatVector.broadcast(FLOATS, Weight.P0);
        FloatVector p1 = FloatVector.broadcast(FLOATS, Weight.P1);
        FloatVector p2 = FloatVector.broadcast(FLOATS, Weight.P2);
        FloatVector p3 = FloatVector.broadcast(FLOATS, Weight.P3);
        FloatVector p4 = FloatVector.broadcast(FLOATS, Weight.P4);
        FloatVector power = FloatVector.broadcast(FLOATS, 0);
        FloatVector rest = power;
        FloatVector otherPower = power;
        FloatVector otherRest = power;
        for (int k = 0; k < n; k += GROUP) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            FloatVector y = FloatVector.fromArray(FLOATS, z, at + k + HALF_LANES);
            FloatVector rounded = x.fma(scale, rounding);
            FloatVector otherRounded = y.fma(scale, rounding);
            FloatVector f = x.fma(scaleLow, x.fma(scale, rounding.sub(rounded)));
            FloatVector g = y.fma(scaleLow, y.fma(scale, rounding.sub(otherRounded)));
            FloatVector minusOne =
                    p4.fma(f, p3).fma(f, p2).fma(f, p1).fma(f, p0).mul(f);
            FloatVector otherMinusOne =
                    p4.fma(g, p3).fma(g, p2).fma(g, p1).fma(g, p0).mul(g);
            FloatVector whole = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector otherWhole =
                    otherRounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
            power = whole.add(power);
            otherPower = otherWhole.add(otherPower);
            rest = minusOne.fma(whole, rest);
            otherRest = otherMinusOne.fma(otherWhole, otherRest);
        }
        power.add(otherPower).intoArray(powers, lane);
        rest.add(otherRest).intoArray(rests, lane);
    }

    /** Folds the lanes of a block in float64. */
    private void fold(double[] sums, int block) {
        for (int lane = 0; lane < LANES; lane += D) {
            lanes(lane).add(lanes(lane + LANES)).intoArray(sums, block + lane);
        }
        sums[block] = unit * Lanes.fold(sums, block);
    }

    private DoubleVector lanes(int at) {
        DoubleVector power =
                (DoubleVector) FloatVector.fromArray(HALF, powers, at).convertShape(F2D, DoubleConstants.SPECIES, 0);
        return power.add(FloatVector.fromArray(HALF, rests, at).convertShape(F2D, DoubleConstants.SPECIES, 0));
    }
}
