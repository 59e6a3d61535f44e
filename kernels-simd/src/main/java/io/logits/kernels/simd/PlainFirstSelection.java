package io.logits.kernels.simd;

import io.logits.kernels.SelectionKernels;

/**
 * The plain loops for the first hundred million elements of each kind of pass, a thousand rows of a large vocabulary, and
 * vectors from then on: both give the same bits. Vectors of one row that are not compiled yet take a second or two.
 */
final class PlainFirstSelection implements SelectionKernels {
    private static final long ELEMENTS = 1L << 27;
    /** Of what a step does to a few thousand candidates or less. */
    private static final long OF_CANDIDATES = 1L << 22;
    /** Of moments: a step with them takes milliseconds whatever they take, so that rows are few. */
    private static final long OF_MOMENTS = 1L << 23;

    private final SelectionKernels plain;
    private final SelectionKernels simd;
    private final PlainFirst maxima = new PlainFirst(ELEMENTS);
    private final PlainFirst sums = new PlainFirst(ELEMENTS);
    private final PlainFirst coarse = new PlainFirst(ELEMENTS);
    private final PlainFirst sumsAbove = new PlainFirst(ELEMENTS);
    private final PlainFirst moments = new PlainFirst(OF_MOMENTS);
    private final PlainFirst weights = new PlainFirst(OF_CANDIDATES);
    private final PlainFirst masses = new PlainFirst(OF_CANDIDATES);
    private final PlainFirst collections = new PlainFirst(ELEMENTS);
    private final PlainFirst halves = new PlainFirst(ELEMENTS);

    PlainFirstSelection(SelectionKernels plain, SelectionKernels simd) {
        this.plain = plain;
        this.simd = simd;
    }

    private SelectionKernels kernels(PlainFirst kind, int n) {
        return kind.takes(n) ? plain : simd;
    }

    @Override
    public float blockMaxima(float[] z, int offset, int n, float[] out, int at) {
        return kernels(maxima, n).blockMaxima(z, offset, n, out, at);
    }

    @Override
    public void blockSums(float[] z, int offset, int n, float least, double max, double scale, double[] out, int at) {
        kernels(sums, n).blockSums(z, offset, n, least, max, scale, out, at);
    }

    @Override
    public void coarseSums(
            float[] z,
            int offset,
            int n,
            float[] blockMaxima,
            int block,
            float least,
            double max,
            double scale,
            double[] out,
            int at) {
        kernels(coarse, n).coarseSums(z, offset, n, blockMaxima, block, least, max, scale, out, at);
    }

    @Override
    public void blockSumsAbove(
            float[] z,
            int offset,
            int n,
            float least,
            double max,
            double scale,
            float bound,
            double[] out,
            double[] above,
            int at) {
        kernels(sumsAbove, n).blockSumsAbove(z, offset, n, least, max, scale, bound, out, above, at);
    }

    @Override
    public void blockMoments(
            float[] z, int offset, int n, double max, double scale, double[] out, double[] outMoments, int at) {
        kernels(moments, n).blockMoments(z, offset, n, max, scale, out, outMoments, at);
    }

    @Override
    public void weights(float[] z, int offset, int n, double max, double scale, double[] out, int at) {
        kernels(weights, n).weights(z, offset, n, max, scale, out, at);
    }

    @Override
    public void massFrom(float[] z, double[] weightsOfZ, int n, float bound, double[] out, int at) {
        kernels(masses, n).massFrom(z, weightsOfZ, n, bound, out, at);
    }

    @Override
    public int collect(
            float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        return kernels(collections, n).collect(z, offset, n, low, high, first, ids, values, count);
    }

    @Override
    public void widenFloat16(short[] half, int offset, int n, float[] out, int at) {
        kernels(halves, n).widenFloat16(half, offset, n, out, at);
    }

    @Override
    public void widenBfloat16(short[] half, int offset, int n, float[] out, int at) {
        kernels(halves, n).widenBfloat16(half, offset, n, out, at);
    }
}
