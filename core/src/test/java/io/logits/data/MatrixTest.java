package io.logits.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.kernels.Workers;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixTest {
    private static final int N = 23;
    private static final int P = 11;
    private static final Tolerance SUMS =
            Tolerance.absolute(1e-13, "sums of at most 23 products of size 1 in another order");

    private static final Tolerance FLOAT_SUMS =
            Tolerance.absolute(1e-6, "three float32 numbers of size 2 at most, added up");

    private final SplittableRandom random = new SplittableRandom(1);
    private final double[][] x = sparseRows();

    /** Entries that float32 holds exactly, most of them 0. */
    private double[][] sparseRows() {
        double[][] rows = new double[N][P];
        for (double[] row : rows) {
            Arrays.setAll(row, j -> random.nextInt(3) == 0 ? (float) random.nextDouble(-1, 1) : 0);
        }
        return rows;
    }

    private List<Matrix> everyKind() {
        DenseMatrix.Builder builder = new DenseMatrix.Builder(P, Precision.FLOAT32);
        Arrays.stream(x).forEach(builder::addRow);
        return List.of(
                Rows.dense(x, P),
                Rows.denseFloat(x, P),
                DenseMatrix.ofRows(x),
                builder.build(),
                Rows.sparse(x, P),
                Rows.sparse(x, P, Precision.FLOAT32, N),
                Rows.sparse(x, P, Precision.FLOAT64, 0, 0, 7, 7, 8, N, N),
                Rows.sparse(x, P, Precision.FLOAT32, 1, 22, 22, N));
    }

    private double[] numbers(int n) {
        return random.doubles(n, -1, 1).toArray();
    }

    @Test
    void someColumnsOfCompressedRowsAreWhatTheyWere() {
        int[] columns = {0, 3, 4, 10};
        for (Matrix matrix : everyKind()) {
            if (matrix instanceof CsrMatrix sparse) {
                CsrMatrix some = sparse.selectColumns(columns);
                assertThat(some.rows()).isEqualTo(N);
                assertThat(some.cols()).isEqualTo(columns.length);
                double[] row = new double[columns.length];
                for (int i = 0; i < N; i++) {
                    some.copyRow(i, row);
                    double[] whole = x[i];
                    assertThat(row)
                            .isEqualTo(Arrays.stream(columns)
                                    .mapToDouble(j -> whole[j])
                                    .toArray());
                }
            }
        }
    }

    /** Blocks of 128 rows, of which tiles of 64 are taken, and of these some again; the last one has 20. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void wholeTilesAreWhatTheyWere(Precision precision) {
        int cols = 1 << 14;
        DenseMatrix.Builder builder = new DenseMatrix.Builder(cols, precision);
        double[] row = new double[cols];
        for (int i = 0; i < 276; i++) {
            row[0] = i;
            row[cols - 1] = -i;
            builder.addRow(row);
        }
        DenseMatrix all = builder.build();
        int[] rows = tiles(3, 1, 4);
        DenseMatrix some = all.view(rows);
        checkRows(some, rows);
        checkRows(some.view(IntStream.range(64, 148).toArray()), tiles(1, 4));
        int[] inOtherOrder = tiles(1, 4);
        inOtherOrder[70] = 3;
        checkRows(all.view(inOtherOrder), inOtherOrder);
        checkRows(
                all.view(IntStream.range(100, 164).toArray()),
                IntStream.range(100, 164).toArray());
        checkRows(
                all.view(IntStream.range(10, 74).toArray()),
                IntStream.range(10, 74).toArray());
        checkRows(all.view(new int[0]), new int[0]);
    }

    private static int[] tiles(int... which) {
        return Arrays.stream(which)
                .flatMap(t -> IntStream.range(64 * t, t == 4 ? 276 : 64 * t + 64))
                .toArray();
    }

    private static void checkRows(DenseMatrix matrix, int[] rows) {
        assertThat(matrix.rows()).isEqualTo(rows.length);
        double[] first = new double[matrix.cols()];
        first[0] = 1;
        first[matrix.cols() - 1] = -2;
        double[] z = new double[rows.length];
        matrix.multiplyAdd(0, rows.length, first, 1, z);
        double[] row = new double[matrix.cols()];
        for (int i = 0; i < rows.length; i++) {
            matrix.copyRow(i, row);
            assertThat(row[0]).isEqualTo(rows[i]);
            assertThat(row[matrix.cols() - 1]).isEqualTo(-rows[i]);
            assertThat(z[i]).isEqualTo(3 * rows[i]);
        }
    }

    @Test
    void wholeTilesAreNotCopied() {
        double[] values = new double[200 * P];
        DenseMatrix all = DenseMatrix.of(200, P, values);
        DenseMatrix tile = all.view(tiles(1));
        DenseMatrix copy = all.select(tiles(1));
        values[64 * P + 2] = 5;
        double[] row = new double[P];
        tile.copyRow(0, row);
        assertThat(row[2]).isEqualTo(5);
        copy.copyRow(0, row);
        assertThat(row[2]).isZero();
        assertThatThrownBy(() ->
                        all.view(tiles(3, 1)).view(IntStream.range(64, 150).toArray()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> all.view(new int[] {199, 200})).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> all.view(new int[] {-1, 0})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void columnsAreCopiedOneAfterTheOther() {
        for (Matrix matrix : everyKind()) {
            double[] out = numbers(4 * N);
            matrix.copyColumns(3, 7, out);
            for (int j = 3; j < 7; j++) {
                for (int i = 0; i < N; i++) {
                    assertThat(out[(j - 3) * N + i]).isEqualTo(x[i][j]);
                }
            }
        }
    }

    @Test
    void weightedProductsOfColumnsAreThoseOfPlainLoops() {
        int[] a = {6, 0, 2};
        int[] b = {1, 6, 0, 10};
        double[] h = numbers(N);
        try (Workers workers = Workers.of(2)) {
            for (Matrix matrix : everyKind()) {
                ColumnMatrix columns = ColumnMatrix.of(matrix);
                columns.need(IntStream.range(0, P).toArray());
                double[][] products = columns.products(ScaledColumns.of(a), ScaledColumns.of(b), h, workers);
                for (int c = 0; c < a.length; c++) {
                    for (int d = 0; d < b.length; d++) {
                        double sum = product(h, a[c], b[d]);
                        SUMS.check(Math.abs(products[c][d] - sum), a[c] + " and " + b[d]);
                    }
                }
                ScaledColumns scaled =
                        new ScaledColumns(new int[] {ScaledColumns.ONES, 3}, new double[][] {numbers(N), numbers(N)});
                double[][] ofScaled = columns.products(scaled, scaled, h, workers);
                double[] both = new double[N];
                Arrays.setAll(both, i -> h[i] * scaled.factor()[0][i] * scaled.factor()[1][i]);
                double[] second = new double[N];
                Arrays.setAll(second, i -> h[i] * scaled.factor()[1][i] * scaled.factor()[1][i]);
                double crossed = 0;
                for (int i = 0; i < N; i++) {
                    crossed += both[i] * x[i][3];
                }
                SUMS.check(Math.abs(ofScaled[0][1] - crossed), "ones and 3");
                SUMS.check(Math.abs(ofScaled[1][0] - crossed), "3 and ones");
                SUMS.check(Math.abs(ofScaled[1][1] - product(second, 3, 3)), "3 and 3");
                double[][] gram = columns.gram(scaled, h, workers);
                assertThat(gram[0]).hasSize(1);
                assertThat(gram[1]).hasSize(2);
                SUMS.check(Math.abs(gram[1][0] - crossed), "3 and ones of the triangle");
                SUMS.check(Math.abs(gram[1][1] - product(second, 3, 3)), "3 and 3 of the triangle");
                double[][] plain = columns.products(scaled, ScaledColumns.of(0, 6, 1), h, workers);
                double[] one = new double[N];
                Arrays.setAll(one, i -> h[i] * scaled.factor()[1][i]);
                SUMS.check(Math.abs(plain[1][2] - product(one, 3, 1)), "3 and 1");
            }
        }
    }

    @Test
    void weightedProductsOfManyCompressedRowsAreThoseOfPlainLoops() {
        // Several sums, whose last tile is not full, and an empty column.
        int n = 9001;
        double[][] rows = new double[n][5];
        for (int i = 0; i < n; i++) {
            rows[i][0] = 1;
            rows[i][1 + random.nextInt(3)] = random.nextDouble(0.5, 1);
        }
        double[] h = random.doubles(n, 0, 1.0 / n).toArray();
        double[][] factor = {numbers(n), numbers(n), numbers(n), numbers(n)};
        ScaledColumns a = new ScaledColumns(new int[] {2, ScaledColumns.ONES, 0, 4}, factor);
        ScaledColumns b = ScaledColumns.of(0, 3, ScaledColumns.ONES, 2, 1);
        ColumnMatrix columns = ColumnMatrix.of(Rows.sparse(rows, 5));
        double[][] products = inParts(1, workers -> columns.products(a, b, h, workers));
        double[][] gram = inParts(1, workers -> columns.gram(a, h, workers));
        assertThat(inParts(3, workers -> columns.products(a, b, h, workers))).isDeepEqualTo(products);
        assertThat(inParts(3, workers -> columns.gram(a, h, workers))).isEqualTo(gram);
        for (int c = 0; c < a.count(); c++) {
            for (int d = 0; d < b.count(); d++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += h[i] * entry(rows[i], a.column()[c]) * factor[c][i] * entry(rows[i], b.column()[d]);
                }
                SUMS.check(Math.abs(products[c][d] - sum), c + " and " + d);
            }
            assertThat(gram[c]).hasSize(c + 1);
            for (int d = 0; d <= c; d++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    double left = entry(rows[i], a.column()[c]) * factor[c][i];
                    sum += h[i] * left * entry(rows[i], a.column()[d]) * factor[d][i];
                }
                SUMS.check(Math.abs(gram[c][d] - sum), c + " and " + d + " of the triangle");
            }
        }
    }

    private static double entry(double[] row, int j) {
        return j == ScaledColumns.ONES ? 1 : row[j];
    }

    private static double[][] inParts(int threads, Function<Workers, double[][]> task) {
        try (Workers workers = Workers.of(threads)) {
            return task.apply(workers);
        }
    }

    @Test
    void productsAreWorthTheirWhileWhereEntriesAreMany() {
        double[][] rows = new double[1000][20];
        for (int i = 0; i < rows.length; i++) {
            int odd = i % 2;
            Arrays.setAll(rows[i], j -> j % 2 == odd ? 1 : 0);
        }
        int[] all = IntStream.range(0, 20).toArray();
        int[] ofThree = IntStream.range(0, 60).map(c -> c % 20).toArray();
        ColumnMatrix sparse = ColumnMatrix.of(Rows.sparse(rows, 20));
        // A pass reads 20,000 entries for each logit, these columns have 500 each.
        assertThat(sparse.areWorthProducts(all, 1, false)).isTrue();
        assertThat(sparse.areWorthProducts(ofThree, 3, false)).isTrue();
        assertThat(sparse.areWorthProducts(all, 3, false)).isFalse();
        assertThat(sparse.areWorthProducts(new int[] {1, 2, 3}, 1, false)).isFalse();
        assertThat(sparse.areWorthProducts(
                        IntStream.range(0, 600).map(c -> c % 20).toArray(), 1, false))
                .isTrue();
        // A sweep by matrix takes more than one along so many.
        assertThat(sparse.areWorthProducts(
                        IntStream.range(0, 601).map(c -> c % 20).toArray(), 1, false))
                .isFalse();
        ColumnMatrix dense = ColumnMatrix.of(Rows.dense(rows, 20));
        assertThat(dense.areWorthProducts(new int[600], 30, false)).isTrue();
        assertThat(dense.areWorthProducts(new int[601], 30, false)).isFalse();
        assertThat(dense.areWorthProducts(new int[601], 30, true)).isTrue();
    }

    @Test
    void columnsKnowTheirLargestEntryAndTheirRows() {
        for (Matrix matrix : everyKind()) {
            ColumnMatrix columns = ColumnMatrix.of(matrix);
            columns.need(IntStream.range(0, P).toArray());
            for (int j = 0; j < P; j++) {
                double[] largest = new double[1];
                boolean[] expected = new boolean[N];
                columns.forEach(j, (i, value) -> {
                    largest[0] = Math.max(largest[0], Math.abs(value));
                    expected[i] = true;
                });
                boolean[] rows = new boolean[N];
                columns.mark(j, rows);
                assertThat(rows).as("column %s", j).isEqualTo(expected);
                assertThat(columns.largest(j)).as("column %s", j).isEqualTo(largest[0]);
            }
        }
    }

    @Test
    void gramMatricesOfColumnsAreThoseOfPlainLoops() {
        int[] a = {6, 0, 6, 10};
        int stride = a.length + 1;
        double[] h = numbers(N);
        for (Matrix matrix : everyKind()) {
            ColumnMatrix columns = ColumnMatrix.of(matrix);
            columns.need(IntStream.range(0, P).toArray());
            double[] gram = new double[stride * stride];
            columns.gram(a, h, gram, stride);
            for (int c = 0; c < stride; c++) {
                for (int d = 0; d < stride; d++) {
                    double expected = d <= c && c < a.length ? product(h, a[c], a[d]) : 0;
                    SUMS.check(Math.abs(gram[c * stride + d] - expected), c + " and " + d);
                }
            }
        }
    }

    private double product(double[] h, int a, int b) {
        double sum = 0;
        for (int i = 0; i < N; i++) {
            sum += h[i] * x[i][a] * x[i][b];
        }
        return sum;
    }

    @Test
    void productsInFloat32AreThoseOfPlainLoopsButForRounding() {
        int[] columns = {9, 0, 4, 4, 10};
        double[] v = {0.5, 0, -1, 0.25, 3};
        float[] r = new float[N];
        for (int i = 0; i < N; i++) {
            r[i] = (float) random.nextDouble(-1, 1);
        }
        for (Matrix matrix : everyKind()) {
            ColumnMatrix stored = ColumnMatrix.of(matrix);
            stored.need(columns);
            float[] margins = new float[N];
            Arrays.fill(margins, 2);
            stored.addAll(columns, 1, 4, v, margins);
            float[] large = new float[N];
            stored.addAll(columns, 4, 5, new double[] {0, 0, 0, 0, 1e20}, large);
            for (int i = 0; i < N; i++) {
                FLOAT_SUMS.check(Math.abs(large[i] / 1e20 - x[i][10]), "row " + i);
            }
            double[] dots = {7, 7, 7, 7, 7};
            stored.dots(columns, 1, 5, r, v, dots);
            double[] expected = {7, 7, 0, 0, 0};
            for (int i = 0; i < N; i++) {
                double margin = 2 + 0.25 * x[i][4] - x[i][4];
                FLOAT_SUMS.check(Math.abs(margins[i] - margin), "row " + i);
                for (int c = 2; c < 5; c++) {
                    expected[c] += x[i][columns[c]] * r[i];
                }
            }
            for (int c = 0; c < 5; c++) {
                SUMS.check(Math.abs(dots[c] - expected[c]), "column " + c);
            }
        }
    }

    @Test
    void theTransposeOfSparseRowsHasTheirColumns() {
        for (Matrix matrix : everyKind()) {
            if (matrix instanceof CsrMatrix sparse) {
                CsrMatrix transposed = sparse.transposed();
                assertThat(transposed.rows()).isEqualTo(P);
                assertThat(transposed.cols()).isEqualTo(N);
                assertThat(transposed.precision()).isEqualTo(Precision.FLOAT64);
                double[] row = new double[N];
                for (int j = 0; j < P; j++) {
                    transposed.copyRow(j, row);
                    for (int i = 0; i < N; i++) {
                        assertThat(row[i]).as("row %s, column %s", i, j).isEqualTo(x[i][j]);
                    }
                }
            }
        }
    }

    @Test
    void someColumnsOfSomeRowsAreGatheredOneAfterTheOther() {
        double[] shift = numbers(P);
        for (Matrix matrix : everyKind()) {
            if (matrix instanceof DenseMatrix dense) {
                checkGathered(dense, new double[P]);
                checkGathered(ShiftedMatrix.of(dense, shift), shift);
            }
        }
    }

    private void checkGathered(DenseRows rows, double[] shift) {
        int[] columns = {6, 0, 2};
        double[] out = numbers(3 * N);
        double[] before = out.clone();
        rows.gather(2, N, columns, N, out);
        for (int c = 0; c < 3; c++) {
            for (int i = 2; i < N; i++) {
                assertThat(out[c * N + i - 2]).isEqualTo(x[i][columns[c]] - shift[columns[c]]);
            }
            assertThat(Arrays.copyOfRange(out, c * N + N - 2, (c + 1) * N))
                    .isEqualTo(Arrays.copyOfRange(before, c * N + N - 2, (c + 1) * N));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,23,1", "0,23,3", "5,9,1", "6,8,4", "22,23,5", "7,7,2"})
    void productsAreThoseOfPlainLoops(int from, int to, int logits) {
        double[][] w = new double[P][];
        Arrays.setAll(w, j -> numbers(logits));
        double[][] r = new double[N][];
        Arrays.setAll(r, i -> numbers(logits));
        for (Matrix matrix : everyKind()) {
            int stride = matrix.stride(logits);
            double[] z = new double[(to - from) * stride];
            double[] g = new double[P * stride];
            double[] residual = new double[(to - from) * stride];
            double[] coefficients = new double[P * stride];
            for (int k = 0; k < logits; k++) {
                for (int j = 0; j < P; j++) {
                    coefficients[matrix.byFeature() ? j * stride + k : k * P + j] = w[j][k];
                }
                for (int i = from; i < to; i++) {
                    residual[(i - from) * stride + k] = r[i][k];
                }
            }
            matrix.multiplyAdd(from, to, coefficients, logits, z);
            matrix.transposeMultiplyAdd(from, to, residual, logits, g);
            for (int k = 0; k < logits; k++) {
                for (int i = from; i < to; i++) {
                    double expected = 0;
                    for (int j = 0; j < P; j++) {
                        expected += x[i][j] * w[j][k];
                    }
                    SUMS.check(Math.abs(z[(i - from) * stride + k] - expected), "margin");
                }
                for (int j = 0; j < P; j++) {
                    double expected = 0;
                    for (int i = from; i < to; i++) {
                        expected += x[i][j] * r[i][k];
                    }
                    SUMS.check(Math.abs(g[matrix.byFeature() ? j * stride + k : k * P + j] - expected), "gradient");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,23,3", "5,9,2", "6,8,4", "7,7,2"})
    void sumsByClassAreThoseOfResidualsOfOneLogitEach(int from, int to, int logits) {
        double[] shift = numbers(P);
        double[] r = numbers(N);
        int[] classOf = random.ints(N, 0, logits).toArray();
        for (Matrix matrix : everyKind()) {
            checkSumsByClass(matrix, from, to, logits, classOf, r);
            if (matrix instanceof DenseMatrix dense) {
                checkSumsByClass(ShiftedMatrix.of(dense, shift), from, to, logits, classOf, r);
            }
        }
    }

    private void checkSumsByClass(Matrix matrix, int from, int to, int logits, int[] classOf, double[] r) {
        int stride = matrix.stride(logits);
        double[] residual = new double[(to - from) * stride];
        for (int i = 0; i < to - from; i++) {
            residual[i * stride + classOf[i]] = r[i];
        }
        double[] expected = numbers(P * stride);
        double[] actual = expected.clone();
        matrix.transposeMultiplyAdd(from, to, residual, logits, expected);
        matrix.sumByClassAdd(from, to, classOf, r, logits, actual);
        for (int c = 0; c < expected.length; c++) {
            SUMS.check(Math.abs(actual[c] - expected[c]), "sum " + c);
        }
    }

    @Test
    void rowsOfEitherPrecisionAreBuiltAlike() {
        for (Precision precision : Precision.values()) {
            DenseMatrix.Builder ofDoubles = new DenseMatrix.Builder(P, precision);
            DenseMatrix.Builder ofFloats = new DenseMatrix.Builder(P, precision);
            float[] narrow = new float[P];
            for (double[] row : x) {
                ofDoubles.addRow(row);
                for (int j = 0; j < P; j++) {
                    narrow[j] = (float) row[j];
                }
                ofFloats.addRow(narrow);
            }
            DenseMatrix expected = ofDoubles.build();
            DenseMatrix actual = ofFloats.build();
            double[] columns = new double[P * N];
            double[] same = new double[P * N];
            expected.copyColumns(0, P, columns);
            actual.copyColumns(0, P, same);
            assertThat(same).containsExactly(columns);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,23", "5,9", "6,8", "7,7"})
    void gramAndSquaresAreThoseOfPlainLoops(int from, int to) {
        double[] d = numbers(N);
        int stride = P + 2;
        for (Matrix matrix : everyKind()) {
            double[] h = new double[3 + P * stride];
            double[] squares = new double[P];
            matrix.gramAdd(from, to, d, h, 3, stride);
            matrix.squaresAdd(from, to, d, squares);
            for (int a = 0; a < P; a++) {
                for (int b = 0; b <= a; b++) {
                    double expected = 0;
                    for (int i = from; i < to; i++) {
                        expected += d[i - from] * x[i][a] * x[i][b];
                    }
                    SUMS.check(Math.abs(h[3 + a * stride + b] - expected), "gram");
                }
                SUMS.check(Math.abs(squares[a] - h[3 + a * stride + a]), "square");
            }
        }
    }

    @Test
    void rowsAndEntriesReadBack() {
        for (Matrix matrix : everyKind()) {
            double[] row = new double[P];
            double[][] seen = new double[N][P];
            matrix.forEach(4, 19, (i, j, value) -> seen[i][j] = value);
            for (int i = 0; i < N; i++) {
                Arrays.fill(row, Double.NaN);
                matrix.copyRow(i, row);
                assertThat(row).containsExactly(x[i]);
                assertThat(seen[i]).containsExactly(i >= 4 && i < 19 ? x[i] : new double[P]);
            }
            assertThat(matrix.rows()).isEqualTo(N);
            assertThat(matrix.storedEntries(0)).isZero();
        }
    }

    @Test
    void theStorageInBlocksDoesNotChangeABit() {
        double[] w = numbers(P);
        double[] one = new double[N];
        double[] many = new double[N];
        Rows.sparse(x, P).multiplyAdd(0, N, w, 1, one);
        Rows.sparse(x, P, Precision.FLOAT64, 0, 3, 3, 20, N).multiplyAdd(0, N, w, 1, many);
        assertThat(many).containsExactly(one);
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> DenseMatrix.ofRows(new double[0][]))
                .hasMessage("there are 0 rows, at least 1 is needed");
        assertThatThrownBy(() -> DenseMatrix.ofRows(new double[][] {{1, 2}, {3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1 has 1 entries, the matrix has 2 columns");
        assertThatThrownBy(() -> DenseMatrix.of(2, 3, new double[5]))
                .hasMessage("5 values do not fill 2 rows x 3 columns");
        assertThatThrownBy(() -> DenseMatrix.of(-1, -5, new float[5]))
                .hasMessage("5 values do not fill -1 rows x -5 columns");
    }

    private static void refusedBlock(int[] rowStart, int[] index, String message) {
        CsrMatrix.Block block = CsrMatrix.Block.of(rowStart, index, new double[index.length]);
        assertThatThrownBy(() -> CsrMatrix.of(3, block))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        CsrMatrix.Block good = CsrMatrix.Block.of(new int[] {0, 1}, new int[1], new double[1]);
        try (Workers workers = Workers.of(2)) {
            assertThatThrownBy(() -> CsrMatrix.ofBlocks(3, List.of(good, block, good), workers))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void sparseBlocksThatAreNotWellFormedAreRefused() {
        refusedBlock(new int[0], new int[0], "rowStart must begin with 0");
        refusedBlock(new int[] {1, 1}, new int[1], "rowStart must begin with 0");
        refusedBlock(new int[] {0, 1, 0}, new int[1], "rowStart decreases at row 1");
        refusedBlock(new int[] {0, 2}, new int[1], "row 0 ends beyond the stored entries");
        refusedBlock(
                new int[] {0, 2}, new int[] {1, 1}, "row 0 has column 1 after 1; columns must increase and be below 3");
        refusedBlock(
                new int[] {0, 0, 1},
                new int[] {3},
                "row 1 has column 3 after -1; columns must increase and be below 3");
        CsrMatrix.Block floats = CsrMatrix.Block.of(new int[] {0}, new int[0], new float[0]);
        CsrMatrix.Block doubles = CsrMatrix.Block.of(new int[] {0}, new int[0], new double[0]);
        assertThatThrownBy(() -> CsrMatrix.ofBlocks(3, List.of(floats, doubles)))
                .hasMessage("some blocks are float32 and some are float64");
    }

    @Test
    void rowsOutsideTheMatrixAreRefused() {
        assertThatThrownBy(() -> Rows.dense(x, P).multiplyAdd(20, 24, new double[P], 1, new double[4]))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("rows 20 to 24 of a matrix of 23 rows");
    }
}
