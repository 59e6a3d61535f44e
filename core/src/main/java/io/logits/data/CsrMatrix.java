package io.logits.data;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Features stored without their zeros, as compressed rows, in one or more blocks of rows. */
public final class CsrMatrix extends Matrix {
    /** Entries after which a selection of rows goes on in another block. */
    private static final int SELECTED_ENTRIES = 1 << 22;

    private final List<Block> blocks;
    /** Block {@code b} holds the rows {@code firstRow[b] .. firstRow[b+1]-1}. */
    private final int[] firstRow;

    /** Entries before each block, and in all. */
    private final long[] entriesBefore;

    /**
     * Compressed rows: row {@code i} of the block has the entries {@code rowStart[i] .. rowStart[i+1]-1}, their columns
     * in strictly increasing order. Values are in {@code floats} or in {@code doubles}, by the precision; the other is empty.
     */
    public record Block(int[] rowStart, int[] index, Precision precision, float[] floats, double[] doubles) {
        /** A block of float32 values. */
        public static Block of(int[] rowStart, int[] index, float[] values) {
            return new Block(rowStart, index, Precision.FLOAT32, values, new double[0]);
        }

        /** A block of float64 values. */
        public static Block of(int[] rowStart, int[] index, double[] values) {
            return new Block(rowStart, index, Precision.FLOAT64, new float[0], values);
        }

        int rows() {
            return rowStart.length - 1;
        }

        int entries() {
            return rowStart[rowStart.length - 1];
        }

        double value(int entry) {
            return precision == Precision.FLOAT32 ? floats[entry] : doubles[entry];
        }
    }

    private CsrMatrix(int rows, int cols, Precision precision, List<Block> blocks) {
        super(rows, cols, precision);
        this.blocks = blocks;
        firstRow = new int[blocks.size() + 1];
        entriesBefore = new long[blocks.size() + 1];
        for (int b = 0; b < blocks.size(); b++) {
            firstRow[b + 1] = firstRow[b] + blocks.get(b).rows();
            entriesBefore[b + 1] = entriesBefore[b] + blocks.get(b).entries();
        }
    }

    /**
     * A matrix of one block, not copied.
     *
     * @throws IllegalArgumentException if the block is not well-formed: {@code rowStart} must begin at 0 and not
     *     decrease, the arrays must hold all entries, columns must increase within a row and be below {@code cols}
     */
    public static CsrMatrix of(int cols, Block block) {
        return ofBlocks(cols, List.of(block));
    }

    /** A matrix of several blocks of rows, not copied; all float32 or all float64. At least one block. */
    public static CsrMatrix ofBlocks(int cols, List<Block> blocks) {
        blocks.forEach(block -> check(cols, block));
        return ofChecked(cols, blocks);
    }

    /** The same, the blocks looked at by several threads: which of several that are not well-formed is named is left to chance. */
    public static CsrMatrix ofBlocks(int cols, List<Block> blocks, Workers workers) {
        workers.run(blocks.size(), b -> check(cols, blocks.get(b)));
        return ofChecked(cols, blocks);
    }

    private static CsrMatrix ofChecked(int cols, List<Block> blocks) {
        long rows = 0;
        Precision precision = blocks.get(0).precision();
        for (Block block : blocks) {
            if (block.precision() != precision) {
                throw new IllegalArgumentException("some blocks are float32 and some are float64");
            }
            rows += block.rows();
        }
        if (rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(rows + " rows, at most " + Integer.MAX_VALUE + " are allowed");
        }
        return new CsrMatrix((int) rows, cols, precision, List.copyOf(blocks));
    }

    private static void check(int cols, Block block) {
        int[] start = block.rowStart();
        int[] index = block.index();
        int length = Math.max(block.floats().length, block.doubles().length);
        if (start.length == 0 || start[0] != 0) {
            throw new IllegalArgumentException("rowStart must begin with 0");
        }
        for (int i = 0; i + 1 < start.length; i++) {
            if (start[i + 1] < start[i]) {
                throw new IllegalArgumentException("rowStart decreases at row " + i);
            }
            if (start[i + 1] > length || start[i + 1] > index.length) {
                throw new IllegalArgumentException("row " + i + " ends beyond the stored entries");
            }
            int previous = -1;
            for (int e = start[i]; e < start[i + 1]; e++) {
                int j = index[e];
                if (j <= previous || j >= cols) {
                    throw new IllegalArgumentException("row " + i + " has column " + j + " after " + previous
                            + "; columns must increase and be below " + cols);
                }
                previous = j;
            }
        }
    }

    @Override
    public long storedEntries(int row) {
        if (row == rows()) {
            return entriesBefore[blocks.size()];
        }
        int b = blockOf(row);
        return entriesBefore[b] + blocks.get(b).rowStart()[row - firstRow[b]];
    }

    @Override
    public long bytes() {
        return storedEntries(rows()) * (4 + precision().bytes()) + 4L * (rows() + blocks.size());
    }

    @Override
    public boolean byFeature() {
        return true;
    }

    @Override
    public int stride(int logits) {
        return logits == 1 ? 1 : (logits + 3) / 4 * 4;
    }

    private int blockOf(int row) {
        int found = Arrays.binarySearch(firstRow, row);
        // Empty blocks share their first row with the next: the last of them holds the row.
        int b = found >= 0 ? found : -found - 2;
        while (b + 1 < blocks.size() && firstRow[b + 1] == row) {
            b++;
        }
        return b;
    }

    /** A piece of a row range that lies in one block. */
    @FunctionalInterface
    private interface Piece {
        /** Rows {@code start .. end-1} of the block are the call's rows from {@code first} on. */
        void accept(Block block, int start, int end, int first);
    }

    private void forEachPiece(int from, int to, Piece piece) {
        checkRange(from, to);
        for (int i = from; i < to; ) {
            int b = blockOf(i);
            int end = Math.min(to, firstRow[b + 1]);
            piece.accept(blocks.get(b), i - firstRow[b], end - firstRow[b], i - from);
            i = end;
        }
    }

    @Override
    public void multiplyAdd(int from, int to, double[] w, int logits, double[] z) {
        int stride = stride(logits);
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, start, end, first) -> {
            int[] rowStart = block.rowStart();
            if (block.precision() == Precision.FLOAT32) {
                kernels.multiplyAdd(rowStart, block.index(), block.floats(), start, end, w, stride, z, first * stride);
            } else {
                kernels.multiplyAdd(rowStart, block.index(), block.doubles(), start, end, w, stride, z, first * stride);
            }
        });
    }

    @Override
    public void transposeMultiplyAdd(int from, int to, double[] r, int logits, double[] g) {
        int stride = stride(logits);
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, start, end, first) -> {
            int[] rowStart = block.rowStart();
            int rOffset = first * stride;
            if (block.precision() == Precision.FLOAT32) {
                kernels.transposeMultiplyAdd(
                        rowStart, block.index(), block.floats(), start, end, r, rOffset, stride, g);
            } else {
                kernels.transposeMultiplyAdd(
                        rowStart, block.index(), block.doubles(), start, end, r, rOffset, stride, g);
            }
        });
    }

    @Override
    public void sumByClassAdd(int from, int to, int[] classOf, double[] r, int logits, double[] g) {
        int stride = stride(logits);
        forEachPiece(from, to, (block, start, end, first) -> {
            for (int i = start; i < end; i++) {
                int own = first + i - start;
                for (int e = block.rowStart()[i]; e < block.rowStart()[i + 1]; e++) {
                    int at = block.index()[e] * stride + classOf[own];
                    g[at] = Math.fma(r[own], block.value(e), g[at]);
                }
            }
        });
    }

    @Override
    public void gramAdd(int from, int to, double[] d, double[] h, int hOffset, int hStride) {
        forEachPiece(from, to, (block, start, end, first) -> {
            for (int i = start; i < end; i++) {
                for (int e = block.rowStart()[i]; e < block.rowStart()[i + 1]; e++) {
                    double scaled = d[first + i - start] * block.value(e);
                    int row = hOffset + block.index()[e] * hStride;
                    for (int f = block.rowStart()[i]; f <= e; f++) {
                        int at = row + block.index()[f];
                        h[at] = Math.fma(scaled, block.value(f), h[at]);
                    }
                }
            }
        });
    }

    @Override
    public void squaresAdd(int from, int to, double[] d, double[] out) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, start, end, first) -> {
            int[] rowStart = block.rowStart();
            if (block.precision() == Precision.FLOAT32) {
                kernels.squaresAdd(rowStart, block.index(), block.floats(), start, end, d, first, out);
            } else {
                kernels.squaresAdd(rowStart, block.index(), block.doubles(), start, end, d, first, out);
            }
        });
    }

    /**
     * {@link #squaresAdd} for several logits: {@code out[j,k] += sum_i d[i-from,k] x[i,j]^2}, both laid out as by
     * {@link #transposeMultiplyAdd}.
     */
    public void squaresAdd(int from, int to, double[] d, int logits, double[] out) {
        int stride = stride(logits);
        forEach(from, to, (row, j, value) -> {
            double square = value * value;
            int at = (row - from) * stride;
            for (int k = 0; k < logits; k++) {
                out[j * stride + k] = Math.fma(square, d[at + k], out[j * stride + k]);
            }
        });
    }

    @Override
    public CsrMatrix select(int[] rows) {
        List<Block> selected = new ArrayList<>();
        int from = 0;
        while (from < rows.length) {
            int to = from;
            long entries = 0;
            while (to < rows.length && (to == from || entries < SELECTED_ENTRIES)) {
                entries += storedEntries(rows[to] + 1) - storedEntries(rows[to]);
                to++;
            }
            selected.add(selected(Arrays.copyOfRange(rows, from, to), Math.toIntExact(entries)));
            from = to;
        }
        return selected.isEmpty()
                ? of(cols(), new Block(new int[1], new int[0], precision(), new float[0], new double[0]))
                : ofBlocks(cols(), selected);
    }

    /** Some columns alone, in increasing order; in as many blocks. */
    public CsrMatrix selectColumns(int[] columns) {
        int[] place = new int[cols()];
        Arrays.fill(place, -1);
        for (int c = 0; c < columns.length; c++) {
            place[columns[c]] = c;
        }
        return ofChecked(
                columns.length,
                blocks.stream().map(block -> selected(block, place)).toList());
    }

    private static Block selected(Block block, int[] place) {
        int[] start = new int[block.rows() + 1];
        for (int i = 0; i < block.rows(); i++) {
            start[i + 1] = start[i] + count(block.index(), block.rowStart()[i], block.rowStart()[i + 1], place);
        }
        int kept = start[block.rows()];
        int[] index = new int[kept];
        float[] floats = new float[block.precision() == Precision.FLOAT32 ? kept : 0];
        double[] doubles = new double[block.precision() == Precision.FLOAT64 ? kept : 0];
        int next = 0;
        for (int e = 0; e < block.entries(); e++) {
            int j = place[block.index()[e]];
            if (j < 0) {
                continue;
            }
            index[next] = j;
            if (block.precision() == Precision.FLOAT32) {
                floats[next++] = block.floats()[e];
            } else {
                doubles[next++] = block.doubles()[e];
            }
        }
        return new Block(start, index, block.precision(), floats, doubles);
    }

    /** How many of these entries are in columns that have a place. */
    private static int count(int[] index, int from, int to, int[] place) {
        int count = 0;
        for (int e = from; e < to; e++) {
            count += place[index[e]] < 0 ? 0 : 1;
        }
        return count;
    }

    private Block selected(int[] rows, int entries) {
        int[] start = new int[rows.length + 1];
        int[] index = new int[entries];
        float[] floats = new float[precision() == Precision.FLOAT32 ? entries : 0];
        double[] doubles = new double[precision() == Precision.FLOAT64 ? entries : 0];
        for (int i = 0; i < rows.length; i++) {
            int b = blockOf(rows[i]);
            Block block = blocks.get(b);
            int first = block.rowStart()[rows[i] - firstRow[b]];
            int count = block.rowStart()[rows[i] - firstRow[b] + 1] - first;
            System.arraycopy(block.index(), first, index, start[i], count);
            if (precision() == Precision.FLOAT32) {
                System.arraycopy(block.floats(), first, floats, start[i], count);
            } else {
                System.arraycopy(block.doubles(), first, doubles, start[i], count);
            }
            start[i + 1] = start[i] + count;
        }
        return new Block(start, index, precision(), floats, doubles);
    }

    @Override
    public void copyColumns(int from, int to, double[] out) {
        Arrays.fill(out, 0, (to - from) * rows(), 0);
        forEachPiece(0, rows(), (block, start, end, first) -> {
            for (int i = start; i < end; i++) {
                int rowEnd = block.rowStart()[i + 1];
                int found = Arrays.binarySearch(block.index(), block.rowStart()[i], rowEnd, from);
                int at = first + i - start;
                for (int e = found >= 0 ? found : -found - 1; e < rowEnd && block.index()[e] < to; e++) {
                    out[(block.index()[e] - from) * rows() + at] = block.value(e);
                }
            }
        });
    }

    /**
     * The columns of this matrix as rows of another, a copy, in one block of float64. By plain loops, which a first fit does not
     * wait for.
     *
     * @throws IllegalArgumentException if one array does not hold as many entries
     */
    public CsrMatrix transposed() {
        long entries = storedEntries(rows());
        if (entries > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    entries + " stored entries are more than one array holds (" + Integer.MAX_VALUE + ")");
        }
        int[] start = new int[cols() + 1];
        countColumns(start);
        for (int j = 0; j < cols(); j++) {
            start[j + 1] += start[j];
        }
        int[] row = new int[(int) entries];
        double[] value = new double[row.length];
        writeColumns(Arrays.copyOf(start, cols()), row, value);
        return ofChecked(rows(), List.of(Block.of(start, row, value)));
    }

    /** All rows. */
    List<Block> blocks() {
        return blocks;
    }

    /** {@code count[j + 1]} becomes larger by the entries of column j. */
    private void countColumns(int[] count) {
        for (Block block : blocks) {
            int[] index = block.index();
            int entries = block.entries();
            for (int e = 0; e < entries; e++) {
                count[index[e] + 1]++;
            }
        }
    }

    /** Writes the rows and values of each column's entries from {@code next[j]} on, which moves on. */
    private void writeColumns(int[] next, int[] row, double[] value) {
        int i = 0;
        for (Block block : blocks) {
            int[] start = block.rowStart();
            int[] index = block.index();
            for (int own = 0; own < block.rows(); own++, i++) {
                for (int e = start[own]; e < start[own + 1]; e++) {
                    int at = next[index[e]]++;
                    row[at] = i;
                    value[at] = block.value(e);
                }
            }
        }
    }

    @Override
    public void copyRow(int i, double[] out) {
        Arrays.fill(out, 0, cols(), 0);
        forEach(i, i + 1, (row, j, value) -> out[j] = value);
    }

    @Override
    public void forEach(int from, int to, EntryVisitor visitor) {
        forEachPiece(from, to, (block, start, end, first) -> {
            for (int i = start; i < end; i++) {
                for (int e = block.rowStart()[i]; e < block.rowStart()[i + 1]; e++) {
                    visitor.visit(from + first + i - start, block.index()[e], block.value(e));
                }
            }
        });
    }
}
