package io.logits.loss;

/**
 * A loss of the logits of each row, convex, with the curvature that Newton's method asks for. Rows of logits are
 * {@code stride} apart; entries of a row beyond {@link #logits()} are padding, left as they are.
 */
public sealed interface Loss permits LogisticLoss, SoftmaxLoss {
    /** Logits of a row: 1 for two classes, K for more. */
    int logits();

    /** The class index of a row. */
    int label(int row);

    /** The loss of these rows, in this order. */
    Loss select(int[] rows);

    /**
     * Value and gradient of rows {@code firstRow .. firstRow+rows-1}.
     *
     * @param z the rows' logits from index 0 on; replaced by the derivatives of each row's loss by its logits
     * @param loss receives the loss of each row
     */
    void evaluateInPlace(double[] z, int stride, int firstRow, int rows, double[] loss);

    /**
     * What {@link #curvatureProductInPlace} needs to know of a row: recovered from the gradients that
     * {@link #evaluateInPlace} left.
     *
     * @param gradient as left by {@link #evaluateInPlace}
     * @param state receives {@code stride} numbers a row from {@code stateOffset} on
     */
    void curvatureState(double[] gradient, int stride, int firstRow, int rows, double[] state, int stateOffset);

    /** {@code v[i,:] <- H_i v[i,:]} with {@code H_i} the second derivatives of row i's loss by its logits. */
    void curvatureProductInPlace(double[] state, int stateOffset, int stride, int rows, double[] v);

    /**
     * One entry of the second derivatives for each row: {@code out[i] = d2 loss_i / dz_k dz_l}.
     *
     * @param k {@code 0 <= k < logits()}
     * @param l {@code 0 <= l < logits()}
     */
    void curvature(double[] state, int stateOffset, int stride, int rows, int k, int l, double[] out);

    /**
     * Second derivatives by the logits, summed over rows: {@code h[k*stride + l] += sum_i weights[i] d2 loss_i / dz_k dz_l} for
     * {@code l <= k}. What lies elsewhere in the {@code stride x stride} numbers may be written too.
     */
    void curvatureSumAdd(double[] state, int stateOffset, int stride, int rows, double[] weights, double[] h);

    /**
     * By how much the logit of a row's own class rises above the highest of the others, when its logits change along
     * {@code v}: {@code min_{k != y} (v_y - v_k)}, and {@code 2y-1} times {@code v} for two classes.
     */
    double marginChange(double[] v, int vOffset, int row);

    /** The same above the lowest of the others: {@code max_{k != y} (v_y - v_k)}. */
    double largestMarginChange(double[] v, int vOffset, int row);
}
