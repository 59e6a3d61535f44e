package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowBlocksTest {
    /** Large blocks are of whole tiles but for the last; others are about even. */
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
