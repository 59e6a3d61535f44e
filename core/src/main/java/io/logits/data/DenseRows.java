package io.logits.data;

/** Rows of which every entry is stored, so that single entries can be read. */
public interface DenseRows {
    /**
     * Writes some columns of rows {@code from <= i < to}, row after row:
     * {@code out[(i-from)*columns.length + c] = X[i,columns[c]]}.
     */
    void gather(int from, int to, int[] columns, double[] out);
}
