package io.logits.kernels;

import io.logits.kernels.spec.FloatPointwise;

/**
 * What turns logits into probabilities and back, and measures them: the functions of float32, with their arguments checked.
 * Errors are stated in units in the last place (ulp) of the result; they are measured against arbitrary precision. The
 * results do not depend on the machine, the width of its vectors, or the number of threads. Once compiled, calls
 * allocate nothing, but for the tasks where a batch is divided among threads, a number's array or a row's copy where a method
 * says so, each thread's working memory, some {@code 50 kB} at its first call, and vectors that HotSpot now and then fails to
 * keep in registers.
 *
 * <p>Inputs never change, unless the output is the same array with the same rows. NaN in a row gives NaN in the whole
 * row; {@code +inf} takes the row for itself, shared equally if there are several; a row of {@code -inf} has no softmax
 * and gives NaN.
 */
public final class FloatLogitFunctions {
    private static final FunctionKernels KERNELS = Kernels.best().functions();

    private FloatLogitFunctions() {}

    /** {@code 1 / (1 + exp(-z))}, error at most 1 ulp; NaN for NaN. */
    public static float sigmoid(float z) {
        return FloatPointwise.sigmoid(z);
    }

    /**
     * {@code out[i] = sigmoid(z[i])} for all {@code i}, bit for bit as {@link #sigmoid(float)} has it.
     *
     * @param out as long as {@code z}, which it may be
     */
    public static void sigmoid(float[] z, float[] out) {
        Batches.checkLength("out", out.length, z.length, "z has");
        KERNELS.sigmoid(z, 0, z.length, out, 0);
    }

    /** {@code log(sigmoid(z)) = -log(1 + exp(-z))}, error at most 1 ulp; NaN for NaN. */
    public static float logSigmoid(float z) {
        return -FloatPointwise.softplus(-z);
    }

    /**
     * {@code out[i] = logSigmoid(z[i])} for all {@code i}, bit for bit as {@link #logSigmoid(float)} has it.
     *
     * @param out as long as {@code z}, which it may be
     */
    public static void logSigmoid(float[] z, float[] out) {
        Batches.checkLength("out", out.length, z.length, "z has");
        KERNELS.logSigmoid(z, 0, z.length, out, 0);
    }

    /** {@code log(1 + exp(z))}, error at most 1 ulp; NaN for NaN. */
    public static float softplus(float z) {
        return FloatPointwise.softplus(z);
    }

    /**
     * {@code out[i] = softplus(z[i])} for all {@code i}, bit for bit as {@link #softplus(float)} has it.
     *
     * @param out as long as {@code z}, which it may be
     */
    public static void softplus(float[] z, float[] out) {
        Batches.checkLength("out", out.length, z.length, "z has");
        KERNELS.softplus(z, 0, z.length, out, 0);
    }

    /** {@code log(p / (1 - p))}, error at most 1 ulp; NaN for NaN, and outside [0, 1]. */
    public static float logit(float p) {
        return FloatPointwise.logit(p);
    }

    /**
     * {@code out[i] = logit(p[i])} for all {@code i}, bit for bit as {@link #logit(float)} has it.
     *
     * @param out as long as {@code p}, which it may be
     */
    public static void logit(float[] p, float[] out) {
        Batches.checkLength("out", out.length, p.length, "p has");
        KERNELS.logit(p, 0, p.length, out, 0);
    }

    /** {@code p[k] = exp(z[k]) / sum_l exp(z[l])} of one row, the whole array. See {@link #softmax(float[], Rows, float[], Rows)}. */
    public static void softmax(float[] z, float[] p) {
        Rows row = Rows.of(1, z.length);
        softmax(z, row, p, row);
    }

    /**
     * {@code p[i,k] = exp(z[i,k]) / sum_l exp(z[i,l])}: error at most 2 ulp, whatever the length and the spread of a row.
     *
     * @param p may be {@code z} if {@code out} is {@code in}
     * @throws IllegalArgumentException if the rows differ in shape or reach beyond their arrays
     */
    public static void softmax(float[] z, Rows in, float[] p, Rows out) {
        check(z, in, p, out);
        KERNELS.softmax(z, in.offset(), in.stride(), in.count(), in.cols(), p, out.offset(), out.stride());
    }

    /** The same by several threads, where there are enough entries; the same bits. */
    public static void softmax(float[] z, Rows in, float[] p, Rows out, Workers workers) {
        check(z, in, p, out);
        Batches.split(
                in,
                workers,
                (from, n) -> KERNELS.softmax(
                        z, in.start(from), in.stride(), n, in.cols(), p, out.start(from), out.stride()));
    }

    /** {@code out[k] = z[k] - logSumExp(z)} of one row, the whole array. See {@link #logSoftmax(float[], Rows, float[], Rows)}. */
    public static void logSoftmax(float[] z, float[] logP) {
        Rows row = Rows.of(1, z.length);
        logSoftmax(z, row, logP, row);
    }

    /**
     * {@code logP[i,k] = z[i,k] - logSumExp(z[i,:])}: error at most 2 ulp, of the largest entry too.
     *
     * @param logP may be {@code z} if {@code out} is {@code in}
     * @throws IllegalArgumentException if the rows differ in shape or reach beyond their arrays
     */
    public static void logSoftmax(float[] z, Rows in, float[] logP, Rows out) {
        check(z, in, logP, out);
        KERNELS.logSoftmax(z, in.offset(), in.stride(), in.count(), in.cols(), logP, out.offset(), out.stride());
    }

    /** The same by several threads, where there are enough entries; the same bits. */
    public static void logSoftmax(float[] z, Rows in, float[] logP, Rows out, Workers workers) {
        check(z, in, logP, out);
        Batches.split(
                in,
                workers,
                (from, n) -> KERNELS.logSoftmax(
                        z, in.start(from), in.stride(), n, in.cols(), logP, out.start(from), out.stride()));
    }

    /**
     * {@code out[i] = log sum_k exp(z[i,k])}: error at most 2 ulp, or one ulp of {@code max(1, |max z|)} where the
     * largest logit and the logarithm of the rest cancel. {@code +inf} in a row gives {@code +inf}, a row of
     * {@code -inf} gives {@code -inf}.
     *
     * @param out one number a row, at least {@code in.count()} long
     */
    public static void logSumExp(float[] z, Rows in, float[] out) {
        in.checkWithin(z.length, "z");
        Batches.checkLength("out", out.length, in.count(), "the rows are");
        KERNELS.logSumExp(z, in.offset(), in.stride(), in.count(), in.cols(), out, 0);
    }

    /** The same by several threads, where there are enough entries; the same bits. */
    public static void logSumExp(float[] z, Rows in, float[] out, Workers workers) {
        in.checkWithin(z.length, "z");
        Batches.checkLength("out", out.length, in.count(), "the rows are");
        Batches.split(
                in, workers, (from, n) -> KERNELS.logSumExp(z, in.start(from), in.stride(), n, in.cols(), out, from));
    }

    /**
     * Log loss of two classes and its derivative by the logit: {@code loss[i] = log(1 + exp(z[i])) - y[i] z[i]},
     * {@code gradient[i] = sigmoid(z[i]) - y[i]}; errors at most 1 ulp, finite for every finite logit.
     *
     * @param y 0 or 1
     * @param gradient may be {@code z}
     */
    public static void logLoss(float[] z, int[] y, float[] loss, float[] gradient) {
        checkLabelled(z, y, loss, gradient);
        KERNELS.logLoss(z, 0, y, 0, z.length, loss, gradient);
    }

    /** The same by several threads, where there are enough logits; the same bits. */
    public static void logLoss(float[] z, int[] y, float[] loss, float[] gradient, Workers workers) {
        checkLabelled(z, y, loss, gradient);
        Batches.split(
                new Rows(z.length, 1, 0, 1),
                workers,
                (from, n) -> KERNELS.logLoss(z, from, y, from, n, loss, gradient, from));
    }

    private static void checkLabelled(float[] z, int[] y, float[] loss, float[] gradient) {
        Batches.checkLength("y", y.length, z.length, "z has");
        Batches.checkLength("loss", loss.length, z.length, "z has");
        Batches.checkLength("gradient", gradient.length, z.length, "z has");
        Batches.checkLabels(y, z.length, 2);
    }

    /** Cross-entropy of rows one after the other; see {@link #crossEntropy(float[], Rows, int[], float[], float[])}. */
    public static void crossEntropy(float[] z, int rows, int cols, int[] y, float[] loss, float[] gradient) {
        crossEntropy(z, Rows.of(rows, cols), y, loss, gradient);
    }

    /**
     * Cross-entropy of many classes and its derivative by the logits:
     * {@code loss[i] = logSumExp(z[i,:]) - z[i,y[i]]}, {@code gradient[i,k] = softmax(z[i,:])[k] - (k == y[i])}; errors
     * at most 2 ulp, finite for every finite logit. A row that holds {@code +inf}, or {@code -inf} only, gives NaN.
     *
     * @param rows where the rows lie in {@code z} and in {@code gradient}
     * @param y classes, {@code 0 <= y[i] < rows.cols()}
     * @param loss one number a row
     * @param gradient may be {@code z}
     */
    public static void crossEntropy(float[] z, Rows rows, int[] y, float[] loss, float[] gradient) {
        check(z, rows, y, loss, gradient);
        KERNELS.crossEntropy(z, rows.offset(), rows.stride(), y, 0, rows.count(), rows.cols(), loss, 0, gradient);
    }

    /** The same by several threads, where there are enough entries; the same bits. */
    public static void crossEntropy(float[] z, Rows rows, int[] y, float[] loss, float[] gradient, Workers workers) {
        check(z, rows, y, loss, gradient);
        Batches.split(
                rows,
                workers,
                (from, n) -> KERNELS.crossEntropy(
                        z, rows.start(from), rows.stride(), y, from, n, rows.cols(), loss, from, gradient));
    }

    private static void check(float[] z, Rows rows, int[] y, float[] loss, float[] gradient) {
        rows.checkWithin(z.length, "z");
        rows.checkWithin(gradient.length, "gradient");
        Batches.checkLength("y", y.length, rows.count(), "the rows are");
        Batches.checkLength("loss", loss.length, rows.count(), "the rows are");
        Batches.checkLabels(y, rows.count(), rows.cols());
    }

    /**
     * Softmax of rows of 16-bit logits, which are widened exactly: {@link #softmax(float[], Rows, float[], Rows)} of them.
     */
    public static void softmax(short[] z, HalfFormat format, Rows in, float[] p, Rows out) {
        widen(z, format, in, p, out);
        softmax(p, out, p, out);
    }

    /**
     * Log-softmax of rows of 16-bit logits, which are widened exactly:
     * {@link #logSoftmax(float[], Rows, float[], Rows)} of them.
     */
    public static void logSoftmax(short[] z, HalfFormat format, Rows in, float[] logP, Rows out) {
        widen(z, format, in, logP, out);
        logSoftmax(logP, out, logP, out);
    }

    /**
     * Log-sum-exp of rows of 16-bit logits, which are widened exactly: {@link #logSumExp(float[], Rows, float[])} of them.
     * Allocates one row.
     */
    public static void logSumExp(short[] z, HalfFormat format, Rows in, float[] out) {
        in.checkWithin(z.length, "z");
        Batches.checkLength("out", out.length, in.count(), "the rows are");
        float[] row = new float[in.cols()];
        for (int i = 0; i < in.count(); i++) {
            format.widen(KERNELS, z, in.start(i), in.cols(), row, 0);
            KERNELS.logSumExp(row, 0, in.cols(), 1, in.cols(), out, i);
        }
    }

    /**
     * Cross-entropy of rows of 16-bit logits, which are widened exactly:
     * {@link #crossEntropy(float[], Rows, int[], float[], float[])} of them.
     *
     * @param rows where the rows lie in {@code z} and in {@code gradient}
     */
    public static void crossEntropy(short[] z, HalfFormat format, Rows rows, int[] y, float[] loss, float[] gradient) {
        widen(z, format, rows, gradient, rows);
        crossEntropy(gradient, rows, y, loss, gradient);
    }

    private static void widen(short[] z, HalfFormat format, Rows in, float[] wide, Rows out) {
        in.checkWithin(z.length, "z");
        out.checkWithin(wide.length, "the output");
        in.checkSameShape(out);
        for (int i = 0; i < in.count(); i++) {
            format.widen(KERNELS, z, in.start(i), in.cols(), wide, out.start(i));
        }
    }

    private static void check(float[] z, Rows in, float[] out, Rows outRows) {
        in.checkWithin(z.length, "z");
        outRows.checkWithin(out.length, "the output");
        in.checkSameShape(outRows);
    }
}
