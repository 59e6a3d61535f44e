package io.logits.data;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.function.Function;

/**
 * The columns of a matrix, one by one, for methods that go by coordinates. Sparse columns are a copy of the whole matrix;
 * of a dense matrix only those columns are copied that are {@link #need needed}. Values are float64. The order of a sum
 * depends on the column alone.
 */
public abstract sealed class ColumnMatrix {
    /** Rows of which a sum of their own is worth its while, and the most such sums, each of as many numbers as the result. */
    private static final int SUM_ROWS = 1 << 12;

    private static final int MOST_SUMS = 4;
    /** From so many numbers on there are half as many sums. */
    private static final int MUCH = 1 << 20;
    /** More columns than these are worth products where they serve more than one problem, or have many entries each. */
    private static final int MOST_ONCE = 600;

    private final int rows;

    private ColumnMatrix(int rows) {
        this.rows = rows;
    }

    /** The columns of a matrix. */
    public static ColumnMatrix of(Matrix x) {
        if (x instanceof CsrMatrix sparse) {
            return ofTransposed(sparse.transposed());
        }
        return x instanceof ShiftedMatrix shifted
                ? new Dense(shifted.rows(), shifted.cols(), shifted::columns)
                : new Dense(x.rows(), x.cols(), ((DenseMatrix) x)::columns);
    }

    /** The columns of sparse rows whose {@link CsrMatrix#transposed transpose} this is, of which no copy is made. */
    public static ColumnMatrix ofTransposed(CsrMatrix transposed) {
        return new Sparse(transposed);
    }

    /** The number of rows, n. */
    public final int rows() {
        return rows;
    }

    /** Makes columns ready; others must not be asked for. Not safe for several threads. */
    public abstract void need(int[] columns);

    /** {@code sum_i x[i,j] r[i]}. */
    public abstract double dot(int j, double[] r);

    /**
     * {@code out[c] = sum_i x[i,j] r[i]} with the columns {@code j = columns[c]} for {@code from <= c < to} where
     * {@code wanted[c]} is not 0.
     */
    public abstract void dots(int[] columns, int from, int to, float[] r, double[] wanted, double[] out);

    /** {@code sum_i x[i,j]^2 h[i]}. */
    public abstract double squares(int j, double[] h);

    /** How many entries of a column are stored. */
    public abstract int stored(int j);

    /** The largest {@code |x[i,j]|} of a column. */
    public abstract double largest(int j);

    private static double largestOf(double[] value, int from, int to) {
        double largest = 0;
        for (int e = from; e < to; e++) {
            largest = Math.max(largest, Math.abs(value[e]));
        }
        return largest;
    }

    /** {@code rows[i] = true} for each stored entry of a column. */
    public abstract void mark(int j, boolean[] rows);

    /** Gives every stored entry of a column to the visitor, rows in order. */
    public abstract void forEach(int j, EntryVisitor visitor);

    /**
     * Whether {@link #products} of some columns serve better than going along them again and again.
     *
     * @param columns one for each coefficient
     * @param again whether they serve one penalty after another
     */
    public abstract boolean areWorthProducts(int[] columns, int logits, boolean again);

    /**
     * {@code sum_i h[i] x[i,a] x[i,b]} for each a of some columns and each b of others, the rows in parts that depend on the
     * numbers of rows and columns alone.
     *
     * @return a row for each a
     */
    public final double[][] products(ScaledColumns a, ScaledColumns b, double[] h, Workers workers) {
        double[] sum = summed(a.count() * b.count(), workers, (from, to, part) -> addProducts(a, b, h, from, to, part));
        double[][] out = new double[a.count()][];
        Arrays.setAll(out, c -> Arrays.copyOfRange(sum, c * b.count(), (c + 1) * b.count()));
        return out;
    }

    /**
     * {@link #products} of columns with themselves, at half the cost.
     *
     * @return the lower triangle: the row for c ends with c
     */
    public final double[][] gram(ScaledColumns columns, double[] h, Workers workers) {
        int count = columns.count();
        double[] sum = summed(count * count, workers, (from, to, part) -> addGram(columns, h, from, to, part, count));
        double[][] out = new double[count][];
        Arrays.setAll(out, c -> Arrays.copyOfRange(sum, c * count, c * count + c + 1));
        return out;
    }

    /** Adds {@link #products} over rows {@code from <= i < to} to a matrix with a row for each a. */
    abstract void addProducts(ScaledColumns a, ScaledColumns b, double[] h, int from, int to, double[] sum);

    /** Adds those of columns with themselves to the lower triangle of a matrix. */
    abstract void addGram(ScaledColumns columns, double[] h, int from, int to, double[] sum, int stride);

    /**
     * The Gram matrix of some columns with weighted rows, its lower triangle: {@code out[c*stride + d] = sum_i h[i] x[i,a] x[i,b]}
     * with the columns {@code a = columns[c]} and {@code b = columns[d]}, {@code d <= c}; on the calling thread. A NaN is one in each
     * product with its column.
     *
     * @param out 0 in that triangle before; all else is left alone
     * @param stride {@code >= columns.length}
     */
    public abstract void gram(int[] columns, double[] h, double[] out, int stride);

    /** Adds what some rows add to a sum. */
    @FunctionalInterface
    private interface RowSum {
        void add(int from, int to, double[] sum);
    }

    private double[] summed(int size, Workers workers, RowSum rows) {
        int parts = Math.min((rows() + SUM_ROWS - 1) / SUM_ROWS, size < MUCH ? MOST_SUMS : MOST_SUMS / 2);
        double[][] sum = new double[parts][size];
        workers.run(parts, part -> {
            int end = (int) ((long) rows() * (part + 1) / parts);
            rows.add((int) ((long) rows() * part / parts), end, sum[part]);
        });
        for (int part = 1; part < parts; part++) {
            for (int c = 0; c < size; c++) {
                sum[0][c] += sum[part][c];
            }
        }
        return sum[0];
    }

    /** Receives the entries of a column. */
    @FunctionalInterface
    public interface EntryVisitor {
        /** The entry {@code value} at row {@code i}. */
        void visit(int i, double value);
    }

    /** {@code out[i - from] += d x[i,j]} for rows {@code from <= i < to}. */
    public abstract void add(int j, double d, int from, int to, double[] out);

    /** {@code out[i] += sum_c v[c] x[i,j]} with the columns {@code j = columns[c]} for {@code from <= c < to}. */
    public abstract void addAll(int[] columns, int from, int to, double[] v, float[] out);

    /** {@code out[i] += d h[i] x[i,j]}. */
    public abstract void addWeighted(int j, double d, double[] h, double[] out);

    /** Compressed columns. */
    private static final class Sparse extends ColumnMatrix {
        /** Factors up to this size, and not below one over it, leave room in float32 for entries of any usual size. */
        private static final double USUAL = 1e15;

        /** A pass reads at most so many times the entries of columns whose products are worth the passes that they add. */
        private static final double PASS_ENTRIES = 5;
        /** The loss of a row by a logit, in entries. */
        private static final double ROW_ENTRIES = 10;

        private static final int TILE_ROWS = 256;
        private static final double[] NONE = {};

        private final int[] start;
        private final int[] row;
        private final double[] value;

        Sparse(CsrMatrix transposed) {
            super(transposed.cols());
            CsrMatrix.Block columns = transposed.blocks().get(0);
            start = columns.rowStart();
            row = columns.index();
            value = columns.doubles();
        }

        @Override
        public void need(int[] columns) {}

        @Override
        public double dot(int j, double[] r) {
            int e = start[j];
            int end = start[j + 1];
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            for (; e + 3 < end; e += 4) {
                s0 = Math.fma(value[e], r[row[e]], s0);
                s1 = Math.fma(value[e + 1], r[row[e + 1]], s1);
                s2 = Math.fma(value[e + 2], r[row[e + 2]], s2);
                s3 = Math.fma(value[e + 3], r[row[e + 3]], s3);
            }
            for (; e < end; e++) {
                s0 = Math.fma(value[e], r[row[e]], s0);
            }
            return (s0 + s2) + (s1 + s3);
        }

        @Override
        public void dots(int[] columns, int from, int to, float[] r, double[] wanted, double[] out) {
            for (int c = from; c < to; c++) {
                if (wanted[c] != 0) {
                    out[c] = dot(start[columns[c]], start[columns[c] + 1], r);
                }
            }
        }

        private double dot(int from, int end, float[] r) {
            int e = from;
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            for (; e + 3 < end; e += 4) {
                s0 = Math.fma(value[e], r[row[e]], s0);
                s1 = Math.fma(value[e + 1], r[row[e + 1]], s1);
                s2 = Math.fma(value[e + 2], r[row[e + 2]], s2);
                s3 = Math.fma(value[e + 3], r[row[e + 3]], s3);
            }
            for (; e < end; e++) {
                s0 = Math.fma(value[e], r[row[e]], s0);
            }
            return (s0 + s2) + (s1 + s3);
        }

        @Override
        public int stored(int j) {
            return start[j + 1] - start[j];
        }

        @Override
        public double largest(int j) {
            return largestOf(value, start[j], start[j + 1]);
        }

        @Override
        public void mark(int j, boolean[] rows) {
            for (int e = start[j]; e < start[j + 1]; e++) {
                rows[row[e]] = true;
            }
        }

        @Override
        public boolean areWorthProducts(int[] columns, int logits, boolean again) {
            double entries = 0;
            for (int j : columns) {
                entries += stored(j);
            }
            double ofPass = logits * (value.length + ROW_ENTRIES * rows());
            boolean few = columns.length <= MOST_ONCE || entries >= (double) columns.length * columns.length;
            return few && entries >= ofPass / PASS_ENTRIES;
        }

        @Override
        void addProducts(ScaledColumns a, ScaledColumns b, double[] h, int from, int to, double[] sum) {
            Rows left = new Rows(a, from, TILE_ROWS);
            Rows right = new Rows(b, from, TILE_ROWS);
            for (int first = from; first < to; first += TILE_ROWS) {
                int count = Math.min(TILE_ROWS, to - first);
                left.read(first, count);
                right.read(first, count);
                left.addProducts(right, h, first, count, sum, b.count());
            }
        }

        @Override
        void addGram(ScaledColumns columns, double[] h, int from, int to, double[] sum, int stride) {
            Rows rows = new Rows(columns, from, TILE_ROWS);
            for (int first = from; first < to; first += TILE_ROWS) {
                int count = Math.min(TILE_ROWS, to - first);
                rows.read(first, count);
                rows.addGram(h, first, count, sum, stride);
            }
        }

        @Override
        public void gram(int[] columns, double[] h, double[] out, int stride) {
            Rows all = new Rows(ScaledColumns.of(columns), 0, rows());
            all.read(0, rows());
            all.addGram(h, 0, rows(), out, stride);
        }

        /** The entries of some columns, row by row, those of a row in the order of the columns; read tile by tile from a row on. */
        private final class Rows {
            private final ScaledColumns columns;
            /** The next entry of each column. */
            private final int[] next;
            /** Those of row i of the tile begin at {@code begin[i]}: which of the columns, and the entry times its factor. */
            private final int[] begin;

            private int[] of = new int[0];
            private double[] entry = new double[0];

            Rows(ScaledColumns columns, int from, int tileRows) {
                this.columns = columns;
                begin = new int[tileRows + 1];
                next = new int[columns.count()];
                for (int c = 0; c < next.length; c++) {
                    int j = columns.column()[c];
                    next[c] = j == ScaledColumns.ONES ? 0 : firstOf(j, from);
                }
            }

            /** Reads the next rows. */
            void read(int from, int count) {
                int to = from + count;
                int ones = 0;
                Arrays.fill(begin, 0);
                for (int c = 0; c < next.length; c++) {
                    int j = columns.column()[c];
                    if (j == ScaledColumns.ONES) {
                        ones++;
                    } else {
                        for (int e = next[c]; e < start[j + 1] && row[e] < to; e++) {
                            begin[row[e] - from + 1]++;
                        }
                    }
                }
                for (int i = 0; i < count; i++) {
                    begin[i + 1] += begin[i] + ones;
                }
                if (begin[count] > of.length) {
                    // The next tile may have some more.
                    of = new int[begin[count] + (of.length == 0 ? 0 : begin[count] / 2)];
                    entry = new double[of.length];
                }
                int[] place = Arrays.copyOf(begin, count);
                for (int c = 0; c < next.length; c++) {
                    double[] factor = columns.factor().length > 0 ? columns.factor()[c] : NONE;
                    if (columns.column()[c] == ScaledColumns.ONES) {
                        for (int i = 0; i < count; i++) {
                            of[place[i]] = c;
                            entry[place[i]++] = factor.length > 0 ? factor[from + i] : 1;
                        }
                    } else {
                        place(c, from, to, factor, place);
                    }
                }
            }

            private void place(int c, int from, int to, double[] factor, int[] place) {
                int end = start[columns.column()[c] + 1];
                int e = next[c];
                for (; e < end && row[e] < to; e++) {
                    int at = place[row[e] - from]++;
                    of[at] = c;
                    entry[at] = factor.length > 0 ? value[e] * factor[row[e]] : value[e];
                }
                next[c] = e;
            }

            /** Adds the products of the columns with others over the rows that both have read to a matrix with a row for each. */
            void addProducts(Rows others, double[] h, int from, int count, double[] out, int stride) {
                for (int i = 0; i < count; i++) {
                    for (int l = begin[i]; l < begin[i + 1]; l++) {
                        double scaled = h[from + i] * entry[l];
                        others.addTo(out, of[l] * stride, scaled, others.begin[i], others.begin[i + 1]);
                    }
                }
            }

            /** Adds those of the columns with themselves to a lower triangle. */
            void addGram(double[] h, int from, int count, double[] out, int stride) {
                for (int i = 0; i < count; i++) {
                    for (int l = begin[i]; l < begin[i + 1]; l++) {
                        addTo(out, of[l] * stride, h[from + i] * entry[l], begin[i], l + 1);
                    }
                }
            }

            /** {@code out[at + of[l]] += scaled entry[l]} for {@code first <= l < end}. */
            private void addTo(double[] out, int at, double scaled, int first, int end) {
                // In local variables, which the loop need not read again after it has written.
                int[] which = of;
                double[] entries = entry;
                for (int l = first; l < end; l++) {
                    out[at + which[l]] = Math.fma(scaled, entries[l], out[at + which[l]]);
                }
            }
        }

        /** The first entry of a column in or below a row. */
        private int firstOf(int j, int from) {
            int e = from == 0 ? start[j] : Arrays.binarySearch(row, start[j], start[j + 1], from);
            return e < 0 ? -1 - e : e;
        }

        @Override
        public double squares(int j, double[] h) {
            double sum = 0;
            for (int e = start[j]; e < start[j + 1]; e++) {
                sum = Math.fma(value[e] * value[e], h[row[e]], sum);
            }
            return sum;
        }

        @Override
        public void forEach(int j, EntryVisitor visitor) {
            for (int e = start[j]; e < start[j + 1]; e++) {
                visitor.visit(row[e], value[e]);
            }
        }

        @Override
        public void add(int j, double d, int from, int to, double[] out) {
            for (int e = firstOf(j, from); e < start[j + 1] && row[e] < to; e++) {
                out[row[e] - from] = Math.fma(d, value[e], out[row[e] - from]);
            }
        }

        @Override
        public void addAll(int[] columns, int from, int to, double[] v, float[] out) {
            for (int c = from; c < to; c++) {
                if (v[c] != 0) {
                    add(start[columns[c]], start[columns[c] + 1], v[c], out);
                }
            }
        }

        private void add(int from, int end, double d, float[] out) {
            // Else a product in float32 could vanish, or be infinite.
            if (Math.abs(d) > 1 / USUAL && Math.abs(d) < USUAL) {
                float narrow = (float) d;
                for (int e = from; e < end; e++) {
                    int i = row[e];
                    out[i] = Math.fma(narrow, (float) value[e], out[i]);
                }
            } else {
                for (int e = from; e < end; e++) {
                    out[row[e]] = (float) Math.fma(d, value[e], out[row[e]]);
                }
            }
        }

        @Override
        public void addWeighted(int j, double d, double[] h, double[] out) {
            for (int e = start[j]; e < start[j + 1]; e++) {
                out[row[e]] = Math.fma(d * h[row[e]], value[e], out[row[e]]);
            }
        }
    }

    /** Copied columns of a dense matrix. */
    private static final class Dense extends ColumnMatrix {
        private static final int TILE = 64;

        private final Function<int[], double[][]> copy;
        private final double[][] column;
        private final MatrixKernels kernels = Kernels.best().matrices();

        Dense(int rows, int cols, Function<int[], double[][]> copy) {
            super(rows);
            this.copy = copy;
            column = new double[cols][0];
        }

        @Override
        public void need(int[] columns) {
            int[] missing = missing(columns);
            double[][] copies = copy.apply(missing);
            for (int c = 0; c < missing.length; c++) {
                column[missing[c]] = copies[c];
            }
        }

        private int[] missing(int[] columns) {
            int count = 0;
            int[] missing = new int[columns.length];
            for (int j : columns) {
                if (column[j].length == 0) {
                    missing[count++] = j;
                }
            }
            return Arrays.stream(missing, 0, count).distinct().toArray();
        }

        @Override
        public double dot(int j, double[] r) {
            return kernels.dot(column[j], r, rows());
        }

        @Override
        public void dots(int[] columns, int from, int to, float[] r, double[] wanted, double[] out) {
            double[] wide = widened(r);
            for (int c = from; c < to; c++) {
                if (wanted[c] != 0) {
                    out[c] = kernels.dot(column[columns[c]], wide, rows());
                }
            }
        }

        private static double[] widened(float[] r) {
            double[] wide = new double[r.length];
            for (int i = 0; i < r.length; i++) {
                wide[i] = r[i];
            }
            return wide;
        }

        @Override
        public int stored(int j) {
            return rows();
        }

        @Override
        public double largest(int j) {
            return largestOf(column[j], 0, rows());
        }

        @Override
        public void mark(int j, boolean[] rows) {
            Arrays.fill(rows, true);
        }

        @Override
        public boolean areWorthProducts(int[] columns, int logits, boolean again) {
            return again || columns.length <= MOST_ONCE;
        }

        @Override
        void addGram(ScaledColumns columns, double[] h, int begin, int end, double[] sum, int stride) {
            double[] tile = new double[TILE * columns.count()];
            for (int from = begin; from < end; from += TILE) {
                int count = Math.min(TILE, end - from);
                gather(columns, from, count, tile);
                kernels.gramAdd(tile, 0, count, columns.count(), h, from, sum, 0, stride);
            }
        }

        @Override
        void addProducts(ScaledColumns a, ScaledColumns b, double[] h, int begin, int end, double[] sum) {
            double[] left = new double[TILE * a.count()];
            double[] right = new double[TILE * b.count()];
            for (int from = begin; from < end; from += TILE) {
                int count = Math.min(TILE, end - from);
                gather(a, from, count, left);
                gather(b, from, count, right);
                for (int i = 0; i < count; i++) {
                    for (int c = 0; c < a.count(); c++) {
                        left[i * a.count() + c] *= h[from + i];
                    }
                }
                kernels.transposeMultiplyAdd(right, 0, count, b.count(), left, 0, a.count(), sum);
            }
        }

        /** Writes some rows of columns, row by row. */
        private void gather(ScaledColumns columns, int from, int count, double[] out) {
            int width = columns.count();
            for (int c = 0; c < width; c++) {
                int j = columns.column()[c];
                for (int i = 0; i < count && j == ScaledColumns.ONES; i++) {
                    out[i * width + c] = 1;
                }
                for (int i = 0; i < count && j != ScaledColumns.ONES; i++) {
                    out[i * width + c] = column[j][from + i];
                }
                if (columns.factor().length > 0) {
                    double[] factor = columns.factor()[c];
                    for (int i = 0; i < count; i++) {
                        out[i * width + c] *= factor[from + i];
                    }
                }
            }
        }

        @Override
        public void gram(int[] columns, double[] h, double[] out, int stride) {
            int count = columns.length;
            double[] sum = new double[count * count];
            addGram(ScaledColumns.of(columns), h, 0, rows(), sum, count);
            for (int c = 0; c < count; c++) {
                System.arraycopy(sum, c * count, out, c * stride, c + 1);
            }
        }

        @Override
        public double squares(int j, double[] h) {
            double[] values = column[j];
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int i = 0;
            for (; i + 3 < values.length; i += 4) {
                s0 = Math.fma(values[i] * values[i], h[i], s0);
                s1 = Math.fma(values[i + 1] * values[i + 1], h[i + 1], s1);
                s2 = Math.fma(values[i + 2] * values[i + 2], h[i + 2], s2);
                s3 = Math.fma(values[i + 3] * values[i + 3], h[i + 3], s3);
            }
            for (; i < values.length; i++) {
                s0 = Math.fma(values[i] * values[i], h[i], s0);
            }
            return (s0 + s2) + (s1 + s3);
        }

        @Override
        public void forEach(int j, EntryVisitor visitor) {
            double[] values = column[j];
            for (int i = 0; i < values.length; i++) {
                visitor.visit(i, values[i]);
            }
        }

        @Override
        public void add(int j, double d, int from, int to, double[] out) {
            double[] values = column[j];
            for (int i = 0; i < to - from; i++) {
                out[i] = Math.fma(d, values[from + i], out[i]);
            }
        }

        @Override
        public void addAll(int[] columns, int from, int to, double[] v, float[] out) {
            double[] wide = widened(out);
            for (int c = from; c < to; c++) {
                if (v[c] != 0) {
                    kernels.axpy(v[c], column[columns[c]], wide, rows());
                }
            }
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) wide[i];
            }
        }

        @Override
        public void addWeighted(int j, double d, double[] h, double[] out) {
            double[] values = column[j];
            for (int i = 0; i < values.length; i++) {
                out[i] = Math.fma(d * h[i], values[i], out[i]);
            }
        }
    }
}
