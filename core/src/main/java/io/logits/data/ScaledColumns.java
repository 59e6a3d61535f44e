package io.logits.data;

/**
 * Columns of a matrix, each row multiplied by a factor. Arrays are not copied.
 *
 * @param column which; {@link #ONES} is one that the matrix need not have
 * @param factor for each column a factor of each row; without any, all are 1
 */
public record ScaledColumns(int[] column, double[][] factor) {
    /** The column that is 1 in every row. */
    public static final int ONES = -1;

    /** Columns as they are. */
    public static ScaledColumns of(int... columns) {
        return new ScaledColumns(columns, new double[0][]);
    }

    /** How many columns there are. */
    int count() {
        return column.length;
    }
}
