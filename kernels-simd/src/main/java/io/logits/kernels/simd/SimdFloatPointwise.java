package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;
import static io.logits.kernels.simd.FloatConstants.HALF;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.logits.kernels.spec.Exp;
import io.logits.kernels.spec.FloatPointwise;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The lanewise twin of {@link FloatPointwise}, in float64 lanes, each method for the multiple of
 * {@link DoubleConstants#LENGTH} at the start of its range: it returns how many it did.
 */
final class SimdFloatPointwise {
    private static final DoubleVector MINUS_CUT_F = all(-FloatPointwise.CUT);
    private static final DoubleVector Q0_F = all(FloatPointwise.Q0);
    private static final DoubleVector Q1_F = all(FloatPointwise.Q1);
    private static final DoubleVector Q2_F = all(FloatPointwise.Q2);
    private static final DoubleVector Q3_F = all(FloatPointwise.Q3);
    private static final DoubleVector Q4_F = all(FloatPointwise.Q4);
    private static final DoubleVector Q5_F = all(FloatPointwise.Q5);
    private static final DoubleVector R0_F = all(FloatPointwise.R0);
    private static final DoubleVector R1_F = all(FloatPointwise.R1);
    private static final DoubleVector R2_F = all(FloatPointwise.R2);
    private static final DoubleVector R3_F = all(FloatPointwise.R3);
    private static final DoubleVector LN2 = all(Exp.LN2_HIGH);
    private static final LongVector INTEGER = all(0x1p52).reinterpretAsLongs();
    private static final DoubleVector MINUS_INTEGER_BIAS = all(-(0x1p52 + Exp.BIAS));
    private static final LongVector BIAS = LongVector.broadcast(LONGS, Exp.BIAS);
    private static final LongVector TWICE_BIAS = LongVector.broadcast(LONGS, 2 * Exp.BIAS);
    private static final LongVector TO_NEAREST = LongVector.broadcast(LONGS, FloatPointwise.TO_NEAREST);

    private SimdFloatPointwise() {}

    static int sigmoid(float[] z, int zOffset, int n, float[] out, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            DoubleVector logit =
                    (DoubleVector) FloatVector.fromArray(HALF, z, zOffset + i).convertShape(F2D, SPECIES, 0);
            DoubleVector x = logit.abs().neg();
            x = x.blend(MINUS_CUT_F, x.compare(LT, MINUS_CUT_F));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector r = rounded.sub(ROUND).fma(MINUS_LN2_HIGH, x);
            DoubleVector square = r.mul(r);
            DoubleVector even = Q4_F.fma(square, Q2_F).fma(square, Q0_F);
            DoubleVector odd = Q5_F.fma(square, Q3_F).fma(square, Q1_F);
            DoubleVector power = rounded.reinterpretAsLongs()
                    .add(BIAS)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector e = ONE.add(odd.fma(r, even).fma(square, r)).mul(power);
            DoubleVector value = ONE.blend(e, logit.compare(LT, ZERO)).div(ONE.add(e));
            ((FloatVector) value.convertShape(D2F, HALF, 0)).intoArray(out, outOffset + i);
        }
        return i;
    }

    /** {@code out[i] = sign * softplus(sign * z[i])}, {@code sign} being 1 or -1. */
    static int softplus(double sign, float[] z, int zOffset, int n, float[] out, int outOffset) {
        DoubleVector signs = DoubleVector.broadcast(SPECIES, sign);
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            DoubleVector logit = ((DoubleVector)
                            FloatVector.fromArray(HALF, z, zOffset + i).convertShape(F2D, SPECIES, 0))
                    .mul(signs);
            DoubleVector value = softplus(logit).mul(signs);
            ((FloatVector) value.convertShape(D2F, HALF, 0)).intoArray(out, outOffset + i);
        }
        return i;
    }

    private static DoubleVector softplus(DoubleVector logit) {
        DoubleVector x = logit.abs().neg();
        x = x.blend(MINUS_CUT_F, x.compare(LT, MINUS_CUT_F));
        DoubleVector rounded = x.fma(LOG2_E, ROUND);
        DoubleVector r = rounded.sub(ROUND).fma(MINUS_LN2_HIGH, x);
        DoubleVector square = r.mul(r);
        DoubleVector even = Q4_F.fma(square, Q2_F).fma(square, Q0_F);
        DoubleVector odd = Q5_F.fma(square, Q3_F).fma(square, Q1_F);
        DoubleVector power = rounded.reinterpretAsLongs()
                .add(BIAS)
                .lanewise(VectorOperators.LSHL, 52)
                .reinterpretAsDoubles();
        DoubleVector e = ONE.add(odd.fma(r, even).fma(square, r)).mul(power);
        DoubleVector halvings = ZERO.blend(ONE, e.compare(GT, HALVING));
        DoubleVector s = e.sub(halvings).div(e.add(TWO.add(halvings)));
        DoubleVector t = s.mul(s);
        DoubleVector rest = R3_F.fma(t, R2_F).fma(t, R1_F).fma(t, R0_F);
        DoubleVector log = halvings.fma(LN2, s.mul(t).fma(rest, s.add(s)));
        return ZERO.blend(logit, logit.compare(GT, ZERO)).add(log);
    }

    static int logit(float[] p, int pOffset, int n, float[] out, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            DoubleVector x =
                    (DoubleVector) FloatVector.fromArray(HALF, p, pOffset + i).convertShape(F2D, SPECIES, 0);
            DoubleVector q = ONE.sub(x);
            LongVector field = TO_NEAREST.add(x.div(q).reinterpretAsLongs()).lanewise(VectorOperators.LSHR, 52);
            DoubleVector near = x.mul(
                    TWICE_BIAS.sub(field).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector count = MINUS_INTEGER_BIAS.add(field.or(INTEGER).reinterpretAsDoubles());
            DoubleVector s = near.sub(q).div(near.add(q));
            DoubleVector t = s.mul(s);
            DoubleVector rest = R3_F.fma(t, R2_F).fma(t, R1_F).fma(t, R0_F);
            DoubleVector value = count.fma(LN2, s.mul(t).fma(rest, s.add(s)))
                    .blend(NEGATIVE_INFINITY, x.compare(EQ, ZERO))
                    .blend(POSITIVE_INFINITY, x.compare(EQ, ONE))
                    .blend(NAN, x.compare(LT, ZERO))
                    .blend(NAN, x.compare(GT, ONE));
            ((FloatVector) value.convertShape(D2F, HALF, 0)).intoArray(out, outOffset + i);
        }
        return i;
    }

    /** {@code out[i] = log(x[i])} for the first {@code n}, a multiple of the vectors' length; {@code x} is positive and normal. */
    static void log(double[] x, int n, double[] out) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector v = ONE.mul(DoubleVector.fromArray(SPECIES, x, i));
            LongVector field = TO_NEAREST.add(v.reinterpretAsLongs()).lanewise(VectorOperators.LSHR, 52);
            DoubleVector near = v.mul(
                    TWICE_BIAS.sub(field).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector count = MINUS_INTEGER_BIAS.add(field.or(INTEGER).reinterpretAsDoubles());
            DoubleVector s = near.sub(ONE).div(near.add(ONE));
            DoubleVector t = s.mul(s);
            DoubleVector rest = R3_F.fma(t, R2_F).fma(t, R1_F).fma(t, R0_F);
            count.fma(LN2, s.mul(t).fma(rest, s.add(s))).intoArray(out, i);
        }
    }

    /** {@code out[i] = log(1 + x[i] / d[i])} for {@code 0 <= x[i] <= d[i]}, as {@link #log}; open for others. */
    static void logOnePlusRatio(double[] x, double[] d, int n, double[] out) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector above = ONE.mul(DoubleVector.fromArray(SPECIES, x, i));
            DoubleVector below = DoubleVector.fromArray(SPECIES, d, i);
            DoubleVector halvings = ZERO.blend(ONE, HALVING.mul(below).compare(LT, above));
            DoubleVector s = above.sub(halvings.mul(below))
                    .div(above.add(TWO.add(halvings).mul(below)));
            DoubleVector t = s.mul(s);
            DoubleVector rest = R3_F.fma(t, R2_F).fma(t, R1_F).fma(t, R0_F);
            halvings.fma(LN2, s.mul(t).fma(rest, s.add(s))).intoArray(out, i);
        }
    }

    /** Softplus and sigmoid of the logit against each label, from one exponential. */
    static int logLoss(
            float[] z, int zOffset, int[] y, int yOffset, int n, float[] loss, float[] gradient, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            LongVector signs = ((LongVector) IntVector.fromArray(DoubleConstants.INTS, y, yOffset + i)
                            .convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 63);
            DoubleVector logit = ((DoubleVector)
                            FloatVector.fromArray(HALF, z, zOffset + i).convertShape(F2D, SPECIES, 0))
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, signs)
                    .reinterpretAsDoubles();
            DoubleVector x = logit.abs().neg();
            x = x.blend(MINUS_CUT_F, x.compare(LT, MINUS_CUT_F));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector r = rounded.sub(ROUND).fma(MINUS_LN2_HIGH, x);
            DoubleVector square = r.mul(r);
            DoubleVector even = Q4_F.fma(square, Q2_F).fma(square, Q0_F);
            DoubleVector odd = Q5_F.fma(square, Q3_F).fma(square, Q1_F);
            DoubleVector power = rounded.reinterpretAsLongs()
                    .add(BIAS)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector e = ONE.add(odd.fma(r, even).fma(square, r)).mul(power);
            DoubleVector share = ONE.blend(e, logit.compare(LT, ZERO)).div(ONE.add(e));
            DoubleVector signed = share.reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, signs)
                    .reinterpretAsDoubles();
            ((FloatVector) signed.convertShape(D2F, HALF, 0)).intoArray(gradient, outOffset + i);
            DoubleVector halvings = ZERO.blend(ONE, e.compare(GT, HALVING));
            DoubleVector s = e.sub(halvings).div(e.add(TWO.add(halvings)));
            DoubleVector t = s.mul(s);
            DoubleVector rest = R3_F.fma(t, R2_F).fma(t, R1_F).fma(t, R0_F);
            DoubleVector log = halvings.fma(LN2, s.mul(t).fma(rest, s.add(s)));
            DoubleVector value = ZERO.blend(logit, logit.compare(GT, ZERO)).add(log);
            ((FloatVector) value.convertShape(D2F, HALF, 0)).intoArray(loss, outOffset + i);
        }
        return i;
    }
}
