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
     * Has rows {@code from <= i < to}, not more than a cache holds, come from memory in the order in which they lie there. Products
     * read several rows at once, which memory is slower to give.
     *
     * @return some number that depends on all that is read: where nobody keeps it nothing need be read
     */
    double readAhead(int from, int to);
}
