package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.logits.kernels.spec.Exp;
import io.logits.kernels.spec.Pointwise;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The lanewise twin of {@link Pointwise}, each method for the multiple of {@link DoubleConstants#LENGTH} at the start of its
 * range: it returns how many it did. One loop body a method, without calls: see {@link DoubleConstants}.
 */
final class DoublePointwise {
    private static final DoubleVector LIFT_BELOW = all(0x1p-512);
    private static final DoubleVector LIFTED_EXPONENT = all(Pointwise.UP);
    private static final DoubleVector INTEGER = all(0x1p52);
    private static final DoubleVector INTEGER_BIAS = all(0x1p52 + Exp.BIAS);
    private static final LongVector TO_NEAREST = LongVector.broadcast(LONGS, 0x3ff0000000000000L - 0x3fe6a09e667f3bcdL);
    private static final LongVector TWICE_BIAS = LongVector.broadcast(LONGS, 2 * Exp.BIAS);

    private DoublePointwise() {}

    static int sigmoid(double[] z, int zOffset, int n, double[] out, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            DoubleVector logit = DoubleVector.fromArray(SPECIES, z, zOffset + i);
            DoubleVector x = logit.abs().neg();
            x = x.blend(MINUS_CUT, x.compare(LT, MINUS_CUT));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector k = rounded.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_HIGH, x);
            DoubleVector c = DoubleExp.rest(r, k.mul(MINUS_LN2_LOW));
            DoubleVector up = rounded.reinterpretAsLongs()
                    .add(BIAS_UP)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector h = ONE.add(r);
            DoubleVector l = r.sub(h.sub(ONE)).add(c);
            DoubleVector p = h.add(l);
            DoubleVector pLow = l.sub(p.sub(h));
            DoubleVector e = p.mul(up).mul(DOWN);
            DoubleVector eLow = pLow.mul(up).mul(DOWN);
            DoubleVector d = ONE.add(e);
            DoubleVector dLow = e.sub(d.sub(ONE)).add(eLow);
            VectorMask<Double> negative = logit.compare(LT, ZERO);
            DoubleVector nHigh = ONE.blend(p, negative);
            DoubleVector nLow = ZERO.blend(pLow, negative);
            DoubleVector scale = UP.blend(up, negative);
            DoubleVector inverse = ONE.div(d);
            DoubleVector y = nHigh.mul(inverse);
            DoubleVector minus = y.neg();
            DoubleVector correction = minus.fma(d, nHigh).add(minus.fma(dLow, nLow));
            correction.fma(inverse, y).mul(scale).mul(DOWN).intoArray(out, outOffset + i);
        }
        return i;
    }

    /** {@code out[i] = sign * softplus(sign * z[i])}, {@code sign} being 1 or -1. */
    static int softplus(double sign, double[] z, int zOffset, int n, double[] out, int outOffset) {
        DoubleVector signs = DoubleVector.broadcast(SPECIES, sign);
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            DoubleVector logit = DoubleVector.fromArray(SPECIES, z, zOffset + i).mul(signs);
            DoubleVector x = logit.abs().neg();
            x = x.blend(MINUS_CUT, x.compare(LT, MINUS_CUT));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector k = rounded.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_HIGH, x);
            DoubleVector c = DoubleExp.rest(r, k.mul(MINUS_LN2_LOW));
            DoubleVector up = rounded.reinterpretAsLongs()
                    .add(BIAS_UP)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector h = ONE.add(r);
            DoubleVector l = r.sub(h.sub(ONE)).add(c);
            DoubleVector p = h.add(l);
            DoubleVector pLow = l.sub(p.sub(h));
            DoubleVector e = p.mul(up).mul(DOWN);
            DoubleVector eLow = pLow.mul(up).mul(DOWN);
            // log(1 + e), halved beyond sqrt(2)
            DoubleVector halvings = ZERO.blend(ONE, e.compare(GT, HALVING));
            DoubleVector nHigh = e.sub(halvings);
            DoubleVector nLow = e.sub(nHigh.add(halvings)).add(eLow);
            DoubleVector given = TWO.add(halvings);
            DoubleVector d = given.add(e);
            DoubleVector dLow = e.sub(d.sub(given)).add(eLow);
            DoubleVector inverse = ONE.div(d);
            DoubleVector s = nHigh.mul(inverse);
            DoubleVector minus = s.neg();
            DoubleVector low = minus.fma(d, nHigh).add(minus.fma(dLow, nLow)).mul(inverse);
            DoubleVector square = s.mul(s);
            DoubleVector fourth = square.mul(square);
            DoubleVector even = R6.fma(fourth, R4).fma(fourth, R2).fma(fourth, R0);
            DoubleVector odd = R5.fma(fourth, R3).fma(fourth, R1);
            DoubleVector rest = halvings.fma(LN2_TAIL, odd.fma(square, even).fma(s.mul(square), low.add(low)));
            DoubleVector base = ZERO.blend(logit, logit.compare(GT, ZERO));
            DoubleVector twos = halvings.mul(LN2_HEAD);
            DoubleVector w = twos.add(base);
            DoubleVector part = w.sub(twos);
            DoubleVector wLow = twos.sub(w.sub(part)).add(base.sub(part));
            DoubleVector twice = s.add(s);
            DoubleVector v = w.add(twice);
            DoubleVector vLow = twice.sub(v.sub(w));
            DoubleVector value = v.add(vLow.add(wLow.add(rest)));
            value.blend(e, k.compare(LT, TINY_EXPONENT))
                    .blend(logit, logit.compare(GT, LINEAR))
                    .mul(signs)
                    .intoArray(out, outOffset + i);
        }
        return i;
    }

    static int logit(double[] p, int pOffset, int n, double[] out, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, p, pOffset + i);
            VectorMask<Double> small = x.compare(LT, LIFT_BELOW);
            DoubleVector lifted = x.mul(ONE.blend(UP, small));
            DoubleVector q = ONE.sub(x);
            DoubleVector qLow = ONE.sub(q).sub(x);
            LongVector field =
                    lifted.div(q).reinterpretAsLongs().add(TO_NEAREST).lanewise(VectorOperators.LSHR, 52);
            DoubleVector down =
                    TWICE_BIAS.sub(field).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector count = field.lanewise(VectorOperators.OR, INTEGER.reinterpretAsLongs())
                    .reinterpretAsDoubles()
                    .sub(INTEGER_BIAS)
                    .sub(ZERO.blend(LIFTED_EXPONENT, small));
            DoubleVector near = lifted.mul(down);
            DoubleVector nHigh = near.sub(q);
            DoubleVector twiceQ = q.add(q);
            DoubleVector d = twiceQ.add(nHigh);
            DoubleVector dLow = nHigh.sub(d.sub(twiceQ)).add(qLow);
            DoubleVector inverse = ONE.div(d);
            DoubleVector s = nHigh.mul(inverse);
            DoubleVector minus = s.neg();
            DoubleVector low =
                    minus.fma(d, nHigh).add(minus.fma(dLow, qLow.neg())).mul(inverse);
            DoubleVector square = s.mul(s);
            DoubleVector fourth = square.mul(square);
            DoubleVector even = R6.fma(fourth, R4).fma(fourth, R2).fma(fourth, R0);
            DoubleVector odd = R5.fma(fourth, R3).fma(fourth, R1);
            DoubleVector rest = count.fma(LN2_TAIL, odd.fma(square, even).fma(s.mul(square), low.add(low)));
            DoubleVector w = count.mul(LN2_HEAD);
            DoubleVector twice = s.add(s);
            DoubleVector v = w.add(twice);
            DoubleVector vLow = twice.sub(v.sub(w));
            v.add(vLow.add(rest))
                    .blend(NEGATIVE_INFINITY, x.compare(EQ, ZERO))
                    .blend(POSITIVE_INFINITY, x.compare(EQ, ONE))
                    .blend(NAN, x.compare(LT, ZERO))
                    .blend(NAN, x.compare(GT, ONE))
                    .intoArray(out, outOffset + i);
        }
        return i;
    }

    /** The loss alone: the softplus of the logit against each label. Both in one loop is more than the compiler takes. */
    static int logLoss(double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            LongVector signs = ((LongVector)
                            IntVector.fromArray(INTS, y, yOffset + i).convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 63);
            DoubleVector logit = DoubleVector.fromArray(SPECIES, z, zOffset + i)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, signs)
                    .reinterpretAsDoubles();
            DoubleVector x = logit.abs().neg();
            x = x.blend(MINUS_CUT, x.compare(LT, MINUS_CUT));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector k = rounded.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_HIGH, x);
            DoubleVector c = DoubleExp.rest(r, k.mul(MINUS_LN2_LOW));
            DoubleVector up = rounded.reinterpretAsLongs()
                    .add(BIAS_UP)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector h = ONE.add(r);
            DoubleVector l = r.sub(h.sub(ONE)).add(c);
            DoubleVector p = h.add(l);
            DoubleVector pLow = l.sub(p.sub(h));
            DoubleVector e = p.mul(up).mul(DOWN);
            DoubleVector eLow = pLow.mul(up).mul(DOWN);

            // log(1 + e), halved beyond sqrt(2)
            DoubleVector halvings = ZERO.blend(ONE, e.compare(GT, HALVING));
            DoubleVector nHigh = e.sub(halvings);
            DoubleVector nLow = e.sub(nHigh.add(halvings)).add(eLow);
            DoubleVector given = TWO.add(halvings);
            DoubleVector d = given.add(e);
            DoubleVector dLow = e.sub(d.sub(given)).add(eLow);
            DoubleVector inverse = ONE.div(d);
            DoubleVector s = nHigh.mul(inverse);
            DoubleVector minus = s.neg();
            DoubleVector low = minus.fma(d, nHigh).add(minus.fma(dLow, nLow)).mul(inverse);
            DoubleVector square = s.mul(s);
            DoubleVector fourth = square.mul(square);
            DoubleVector even = R6.fma(fourth, R4).fma(fourth, R2).fma(fourth, R0);
            DoubleVector odd = R5.fma(fourth, R3).fma(fourth, R1);
            DoubleVector rest = halvings.fma(LN2_TAIL, odd.fma(square, even).fma(s.mul(square), low.add(low)));
            DoubleVector base = ZERO.blend(logit, logit.compare(GT, ZERO));
            DoubleVector twos = halvings.mul(LN2_HEAD);
            DoubleVector w = twos.add(base);
            DoubleVector part = w.sub(twos);
            DoubleVector wLow = twos.sub(w.sub(part)).add(base.sub(part));
            DoubleVector twice = s.add(s);
            DoubleVector v = w.add(twice);
            DoubleVector vLow = twice.sub(v.sub(w));
            DoubleVector value = v.add(vLow.add(wLow.add(rest)));
            value.blend(e, k.compare(LT, TINY_EXPONENT))
                    .blend(logit, logit.compare(GT, LINEAR))
                    .intoArray(loss, outOffset + i);
        }
        return i;
    }

    /** The gradient of the log loss: the sigmoid of the logit against each label, with the sign of the mistake. */
    static int logLossGradient(double[] z, int zOffset, int[] y, int yOffset, int n, double[] gradient, int outOffset) {
        int i = 0;
        for (; i <= n - LENGTH; i += LENGTH) {
            LongVector signs = ((LongVector)
                            IntVector.fromArray(INTS, y, yOffset + i).convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 63);
            DoubleVector logit = DoubleVector.fromArray(SPECIES, z, zOffset + i)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, signs)
                    .reinterpretAsDoubles();
            DoubleVector x = logit.abs().neg();
            x = x.blend(MINUS_CUT, x.compare(LT, MINUS_CUT));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector k = rounded.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_HIGH, x);
            DoubleVector c = DoubleExp.rest(r, k.mul(MINUS_LN2_LOW));
            DoubleVector up = rounded.reinterpretAsLongs()
                    .add(BIAS_UP)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector h = ONE.add(r);
            DoubleVector l = r.sub(h.sub(ONE)).add(c);
            DoubleVector p = h.add(l);
            DoubleVector pLow = l.sub(p.sub(h));
            DoubleVector e = p.mul(up).mul(DOWN);
            DoubleVector eLow = pLow.mul(up).mul(DOWN);

            // 1 / (1 + e) or e / (1 + e)
            DoubleVector sum = ONE.add(e);
            DoubleVector sumLow = e.sub(sum.sub(ONE)).add(eLow);
            VectorMask<Double> negative = logit.compare(LT, ZERO);
            DoubleVector shareHigh = ONE.blend(p, negative);
            DoubleVector shareLow = ZERO.blend(pLow, negative);
            DoubleVector scale = UP.blend(up, negative);
            DoubleVector inverseSum = ONE.div(sum);
            DoubleVector share = shareHigh.mul(inverseSum);
            DoubleVector minusShare = share.neg();
            DoubleVector correction = minusShare.fma(sum, shareHigh).add(minusShare.fma(sumLow, shareLow));
            correction
                    .fma(inverseSum, share)
                    .mul(scale)
                    .mul(DOWN)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, signs)
                    .reinterpretAsDoubles()
                    .intoArray(gradient, outOffset + i);
        }
        return i;
    }
}
