package io.logits.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which columns are the same. */
class DuplicateColumnsTest {
    private static final int ROWS = 7;
    private static final int COLUMNS = 400;

    private static DuplicateColumns of(double[][] x, Precision precision, int... cuts) {
        return DuplicateColumns.of((CsrMatrix) Rows.sparse(x, x[0].length, precision, cuts));
    }

    /** So few rows of so few values that most columns are there several times, and some are empty. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void eachColumnIsLikeTheFirstThatIsTheSame(Precision precision) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] x = new double[ROWS][COLUMNS];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextInt(3) > 0 ? 0 : random.nextInt(2) - 0.5);
        }
        DuplicateColumns found = of(x, precision, 2, 2, 5, ROWS);
        int[] first = new int[COLUMNS];
        for (int j = 0; j < COLUMNS; j++) {
            int own = j;
            first[j] = IntStream.range(0, COLUMNS)
                    .filter(other -> Arrays.stream(x).allMatch(row -> row[other] == row[own]))
                    .findFirst()
                    .orElseThrow();
        }
        int[] firsts = Arrays.stream(first).sorted().distinct().toArray();
        assertThat(firsts.length).isBetween(COLUMNS / 4, COLUMNS * 3 / 4);
        assertThat(found.columns()).isEqualTo(COLUMNS);
        assertThat(found.distinct()).isEqualTo(firsts.length);
        assertThat(found.firsts()).isEqualTo(firsts);
        for (int j = 0; j < COLUMNS; j++) {
            int like = first[j];
            assertThat(firsts[found.place(j)]).isEqualTo(like);
            assertThat(found.count(found.place(j)))
                    .isEqualTo((int) Arrays.stream(first).filter(f -> f == like).count());
        }
        double[] ofDistinct = Arrays.stream(firsts).asDoubleStream().toArray();
        assertThat(found.spread(ofDistinct))
                .isEqualTo(Arrays.stream(first).asDoubleStream().toArray());
    }

    @Test
    void oneEntryMoreOrOfAnotherRowOrValueIsADifference() {
        double[][] x = {
            {1, 1, 1, 1, 0, 1, 1},
            {2, 2, 2, 0, 1, 2, 2},
            {0, 0, 3, 2, 2, 0, 0},
            {0, 0, 0, 0, 0, 4, 0}
        };
        x[1][1] = Math.nextUp(2);
        DuplicateColumns found = of(x, Precision.FLOAT64, 4);
        assertThat(found.firsts()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(found.place(6)).isZero();
        assertThat(found.count(0)).isEqualTo(2);
    }

    @Test
    void aStoredZeroIsAnEntryAndHasASign() {
        int[] start = {0, 4, 8};
        int[] column = {0, 1, 2, 3, 0, 1, 2, 4};
        double[] value = {1, 1, 1, 1, 0.0, 0.0, -0.0, 1};
        DuplicateColumns found = DuplicateColumns.of(CsrMatrix.of(5, CsrMatrix.Block.of(start, column, value)));
        assertThat(found.firsts()).containsExactly(0, 2, 3, 4);
        assertThat(found.place(1)).isZero();
    }

    @Test
    void columnsWhoseHashesAreTheSameByChanceAreTwo() {
        double[] one = {1.5, 2.5};
        double other = 3.25;
        long afterOne = DuplicateColumns.mixed(DuplicateColumns.SPREAD ^ Double.doubleToRawLongBits(one[0]));
        long afterOther = DuplicateColumns.mixed(DuplicateColumns.SPREAD ^ Double.doubleToRawLongBits(other));
        double second = Double.longBitsToDouble(Double.doubleToRawLongBits(one[1]) ^ afterOne ^ afterOther);
        assertThat(second).isNotNaN().isNotZero();
        double[][] x = {{one[0], other, one[0], other}, {one[1], second, one[1], second}};
        DuplicateColumns found = of(x, Precision.FLOAT64, 2);
        assertThat(found.firsts()).startsWith(0, 1);
        assertThat(found.place(2)).isZero();
        assertThat(found.place(1)).isOne();
        assertThat(found.place(3)).isNotZero();
    }

    @Test
    void aMatrixWithoutEntriesHasOneColumnManyTimes() {
        DuplicateColumns found = of(new double[3][5], Precision.FLOAT32, 3);
        assertThat(found.firsts()).containsExactly(0);
        assertThat(found.count(0)).isEqualTo(5);
    }
}
