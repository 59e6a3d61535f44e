package io.logits.tables;

import io.logits.data.CsrMatrix;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.features.RowEncoder;
import io.logits.features.TableEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects encoded rows, with or without their zeros as the encoding asks. */
abstract class RowStore {
    /** Adds the row that the encoder holds. */
    abstract void add(RowEncoder encoder);

    /** The matrix of all rows. */
    abstract Matrix build();

    static RowStore of(TableEncoding encoding, Precision precision) {
        return encoding.sparse() ? new Sparse(encoding.size(), precision) : new Dense(encoding.size(), precision);
    }

    private static final class Dense extends RowStore {
        private final DenseMatrix.Builder builder;
        private final double[] row;

        Dense(int cols, Precision precision) {
            builder = new DenseMatrix.Builder(cols, precision);
            row = new double[cols];
        }

        @Override
        void add(RowEncoder encoder) {
            encoder.encode(row);
            builder.addRow(row);
        }

        @Override
        Matrix build() {
            return builder.build();
        }
    }

    private static final class Sparse extends RowStore {
        /** Entries after which a block is closed. */
        private static final int BLOCK_ENTRIES = 1 << 21;

        private final int cols;
        private final Precision precision;
        private final List<CsrMatrix.Block> blocks = new ArrayList<>();
        private int[] start = new int[1024];
        private int[] index = new int[1024];
        private double[] values = new double[1024];
        private int rows;

        Sparse(int cols, Precision precision) {
            this.cols = cols;
            this.precision = precision;
        }

        @Override
        void add(RowEncoder encoder) {
            int count = encoder.encode();
            if (start[rows] > 0 && (long) start[rows] + count > BLOCK_ENTRIES) {
                close();
            }
            int at = start[rows];
            if (rows + 2 > start.length) {
                start = Arrays.copyOf(start, 2 * start.length);
            }
            if (at + count > index.length) {
                int length = Math.max(at + count, 2 * index.length);
                index = Arrays.copyOf(index, length);
                values = Arrays.copyOf(values, length);
            }
            System.arraycopy(encoder.index(), 0, index, at, count);
            System.arraycopy(encoder.values(), 0, values, at, count);
            rows++;
            start[rows] = at + count;
        }

        private void close() {
            int entries = start[rows];
            int[] starts = Arrays.copyOf(start, rows + 1);
            int[] indices = Arrays.copyOf(index, entries);
            if (precision == Precision.FLOAT32) {
                float[] floats = new float[entries];
                for (int e = 0; e < entries; e++) {
                    floats[e] = (float) values[e];
                }
                blocks.add(CsrMatrix.Block.of(starts, indices, floats));
            } else {
                blocks.add(CsrMatrix.Block.of(starts, indices, Arrays.copyOf(values, entries)));
            }
            rows = 0;
        }

        @Override
        Matrix build() {
            if (rows > 0 || blocks.isEmpty()) {
                close();
            }
            return CsrMatrix.ofBlocks(cols, blocks);
        }
    }
}
