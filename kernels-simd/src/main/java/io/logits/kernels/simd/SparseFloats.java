package io.logits.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of sparse rows with coefficients, and of their residuals with them, in float32: half of the memory, which these
 * read at random, of {@link SimdMatrices}. Logits lie side by side, a multiple of 4 of them.
 */
final class SparseFloats {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final int V = F.length();
    /** Four floats, for what is left of a row of logits after whole vectors. */
    private static final VectorSpecies<Float> QUAD = FloatVector.SPECIES_128;

    private static final int QUAD_LANES = 4;

    private SparseFloats() {}

    static void multiplyAdd(
            int[] rowStart, int[] index, float[] value, int from, int to, float[] w, int stride, float[] z, int zAt) {
        for (int i = from; i < to; i++) {
            int at = zAt + (i - from) * stride;
            int start = rowStart[i];
            int end = rowStart[i + 1];
            int k = 0;
            for (; k <= stride - 4 * V; k += 4 * V) {
                gather4(index, value, start, end, w, k, stride, z, at + k);
            }
            for (; k <= stride - V; k += V) {
                gather(F, index, value, start, end, w, k, stride, z, at + k);
            }
            for (; k < stride; k += QUAD_LANES) {
                gather(QUAD, index, value, start, end, w, k, stride, z, at + k);
            }
        }
    }

    private static void gather4(
            int[] index, float[] value, int from, int to, float[] w, int k, int stride, float[] z, int at) {
        FloatVector s0 = FloatVector.fromArray(F, z, at);
        FloatVector s1 = FloatVector.fromArray(F, z, at + V);
        FloatVector s2 = FloatVector.fromArray(F, z, at + 2 * V);
        FloatVector s3 = FloatVector.fromArray(F, z, at + 3 * V);
        for (int e = from; e < to; e++) {
            int row = index[e] * stride + k;
            FloatVector v = FloatVector.broadcast(F, value[e]);
            s0 = FloatVector.fromArray(F, w, row).fma(v, s0);
            s1 = FloatVector.fromArray(F, w, row + V).fma(v, s1);
            s2 = FloatVector.fromArray(F, w, row + 2 * V).fma(v, s2);
            s3 = FloatVector.fromArray(F, w, row + 3 * V).fma(v, s3);
        }
        s0.intoArray(z, at);
        s1.intoArray(z, at + V);
        s2.intoArray(z, at + 2 * V);
        s3.intoArray(z, at + 3 * V);
    }

    private static void gather(
            VectorSpecies<Float> species,
            int[] index,
            float[] value,
            int from,
            int to,
            float[] w,
            int k,
            int stride,
            float[] z,
            int at) {
        FloatVector s = FloatVector.fromArray(species, z, at);
        for (int e = from; e < to; e++) {
            FloatVector v = FloatVector.broadcast(species, value[e]);
            s = FloatVector.fromArray(species, w, index[e] * stride + k).fma(v, s);
        }
        s.intoArray(z, at);
    }

    static void transposeMultiplyAdd(
            int[] rowStart, int[] index, float[] value, int from, int to, float[] r, int rAt, int stride, float[] g) {
        for (int i = from; i < to; i++) {
            int at = rAt + (i - from) * stride;
            for (int e = rowStart[i]; e < rowStart[i + 1]; e++) {
                scatter(value[e], r, at, g, index[e] * stride, stride);
            }
        }
    }

    /** {@code g[k] += v r[k]}. */
    private static void scatter(float v, float[] r, int rAt, float[] g, int gAt, int n) {
        FloatVector u = FloatVector.broadcast(F, v);
        int k = 0;
        for (; k <= n - V; k += V) {
            FloatVector.fromArray(F, r, rAt + k)
                    .fma(u, FloatVector.fromArray(F, g, gAt + k))
                    .intoArray(g, gAt + k);
        }
        for (; k < n; k += QUAD_LANES) {
            FloatVector.fromArray(QUAD, r, rAt + k)
                    .fma(FloatVector.broadcast(QUAD, v), FloatVector.fromArray(QUAD, g, gAt + k))
                    .intoArray(g, gAt + k);
        }
    }
}
