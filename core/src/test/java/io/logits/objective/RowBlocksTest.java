package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.CsrMatrix;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowBlocksTest {
    /** Where some rows are far longer than others, cuts of sparse rows stay where the work is. */
    @Test
    void unevenRowsAreCutEvenly() {
        int rows = 8192;
        int[] rowStart = new int[rows + 1];
        for (int i = 0; i < rows; i++) {
            rowStart[i + 1] = rowStart[i] + (i < 40 ? 1900 : 8);
        }
        int[] index = IntStream.range(0, rows)
                .flatMap(i -> IntStream.range(0, i < 40 ? 1900 : 8))
                .toArray();
        CsrMatrix x = CsrMatrix.of(2000, CsrMatrix.Block.of(rowStart, index, new float[index.length]));
        RowBlocks blocks = RowBlocks.of(x, 64, 2000);
        assertThat(blocks.count()).isGreaterThan(8);
        for (int b = 0; b < blocks.count(); b++) {
            long entries = x.storedEntries(blocks.end(b)) - x.storedEntries(blocks.start(b));
            assertThat(entries).isLessThanOrEqualTo(x.storedEntries(rows) / blocks.count() + 1900);
        }
    }

    /** Large blocks of dense rows are of whole tiles but for the last; others are about even. */
    @ParameterizedTest
    @CsvSource({"1, 1", "63, 400", "300, 4000", "5000, 50", "8191, 100", "8193, 100", "100000, 7"})
    void theyCoverTheRowsInOrder(int rows, int cols) {
        RowBlocks blocks = RowBlocks.of(DenseMatrix.of(rows, cols, new float[rows * cols]), 64, cols);
        int count = blocks.count();
        boolean large = rows >= 128 * count;
        assertThat(blocks.start(0)).isZero();
        assertThat(blocks.end(count - 1)).isEqualTo(rows);
        for (int b = 0; b < count; b++) {
            int size = blocks.end(b) - blocks.start(b);
            double even = rows / (double) count;
            assertThat(Math.abs(size - even)).isLessThanOrEqualTo(large ? Matrix.TILE_ROWS : 1);
            if (large) {
                assertThat(blocks.start(b) % Matrix.TILE_ROWS).isZero();
            }
        }
    }
}
