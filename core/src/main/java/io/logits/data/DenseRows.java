package io.logits.data;

/** Rows of which every entry is stored, so that single entries can be read. */
public interface DenseRows {
    /**
     * Writes some columns of rows {@code from <= i < to}, one after the other:
     * {@code out[c*stride + i-from] = X[i,columns[c]]}.
     *
     * @param stride at least {@code to - from}
     */
    void gather(int from, int to, int[] columns, int stride, double[] out);

    /**
     * Has rows {@code from <= i < to} come from memory to the caches in the order in which they lie there: products, which read
     * several rows at once, take half as long again where they wait for the memory themselves.
     *
     * @return some number that depends on all that is read; it need not be used, only kept
     */
    double readAhead(int from, int to);
}
