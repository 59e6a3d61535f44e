package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.loss.SoftmaxLoss;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums by columns, and by blocks of rows, against plain loops. */
class FeatureSumsTest {
    private static final int N = 613;
    private static final int P = 300;
    private static final int CLASSES = 5;
    private static final Tolerance ROUNDING = Tolerance.absolute(1e-14, "means of up to 613 rows in another order");

    private final SplittableRandom random = new SplittableRandom(11);
    private final double[][] x = new double[N][P];
    private final int[] y = new int[N];
    private final double[] weights = new double[N];
    private final double[][] r = new double[N][CLASSES];

    FeatureSumsTest() {
        for (int i = 0; i < N; i++) {
            Arrays.setAll(x[i], j -> random.nextInt(9) > 0 ? 0 : random.nextDouble(-2, 2));
            y[i] = random.nextInt(CLASSES);
            weights[i] = random.nextInt(3);
            Arrays.setAll(r[i], k -> random.nextDouble(-1, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, true",
        "false, false, true",
        "true, true, true",
        "true, false, false",
        "false, true, false"
    })
    void theyAreThoseOfPlainLoops(boolean intercept, boolean reference, boolean weighted) {
        double[] own = weighted ? weights : new double[0];
        double total = weighted ? Arrays.stream(weights).sum() : N;
        double[][] squares = new double[N][P];
        double[][] ofClass = new double[N][CLASSES];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < P; j++) {
                squares[i][j] = x[i][j] * x[i][j];
            }
            ofClass[i][y[i]] = 1;
        }
        CsrMatrix sparse = (CsrMatrix) Rows.sparse(x, P);
        CoefLayout layout = CoefLayout.of(sparse, CLASSES, intercept, reference);
        SoftmaxLoss loss = new SoftmaxLoss(y, CLASSES);
        try (Workers workers = Workers.of(2)) {
            RowPasses passes = new RowPasses(sparse, own, new double[0], layout, workers, false, layout.stride());
            assertThat(passes.blocks()).isGreaterThan(1);
            for (FeatureSums sums : new FeatureSums[] {
                new ColumnSums(sparse, passes, layout, total, workers),
                new BlockSums(sparse, passes, layout, total, workers)
            }) {
                String kind = sums.getClass().getSimpleName();
                double[] out = junk(layout);
                sums.sum(this::write, out);
                check(x, r, own, total, layout, out, kind + ", products");
                sums.sumSquares(this::write, out);
                check(squares, r, own, total, layout, out, kind + ", squares");
                sums.sumByClass(loss, out, new double[0]);
                check(x, ofClass, own, total, layout, out, kind + ", classes");
                double[] products = junk(layout);
                out = junk(layout);
                sums.sum(this::write, products, loss, out, new double[0]);
                check(x, r, own, total, layout, products, kind + ", products of both");
                check(x, ofClass, own, total, layout, out, kind + ", classes of both");
            }
            assertThat(passes.count()).isEqualTo(10);
        }
    }

    /** One logit, whose classes are two: of dense rows in one pass. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoClassesHaveSumsEach(boolean intercept) {
        int[] halves = Arrays.stream(y).map(k -> k % 2).toArray();
        double total = Arrays.stream(weights).sum();
        try (Workers workers = Workers.of(2)) {
            for (Matrix matrix : List.of(Rows.sparse(x, P), Rows.dense(x, P), Rows.denseFloat(x, P))) {
                CoefLayout layout = CoefLayout.of(matrix, 1, intercept, false);
                RowPasses passes = new RowPasses(matrix, weights, new double[0], layout, workers, false, layout.size());
                double[] out = junk(layout);
                double[][] sums = {junk(layout), junk(layout)};
                new BlockSums(matrix, passes, layout, total, workers)
                        .sum(
                                (block, from, to, z, perRow) -> Arrays.fill(z, 0, to - from, 1),
                                out,
                                new LogisticLoss(halves),
                                sums[1],
                                sums[0]);
                assertThat(passes.count()).isEqualTo(matrix instanceof CsrMatrix ? 2 : 1);
                double[] row = new double[P];
                for (int j = 0; j < layout.rows(); j++) {
                    double[] expected = new double[2];
                    for (int i = 0; i < N; i++) {
                        matrix.copyRow(i, row);
                        expected[halves[i]] += weights[i] * (j == P ? 1 : row[j]) / total;
                    }
                    for (int k = 0; k < 2; k++) {
                        ROUNDING.check(Math.abs(sums[k][j] - expected[k]), j + " of class " + k);
                    }
                    ROUNDING.check(Math.abs(out[j] - expected[0] - expected[1]), j + " of both");
                }
            }
        }
    }

    @Test
    void sumsByColumnsHaveTheSameBitsForAnyNumberOfThreads() {
        CsrMatrix sparse = (CsrMatrix) Rows.sparse(x, P);
        CoefLayout layout = CoefLayout.of(sparse, CLASSES, true, false);
        double[][][] out = new double[3][3][layout.size()];
        for (int threads = 1; threads <= 3; threads++) {
            try (Workers workers = Workers.of(threads)) {
                RowPasses passes =
                        new RowPasses(sparse, weights, new double[0], layout, workers, false, layout.stride());
                FeatureSums sums = new ColumnSums(sparse, passes, layout, N, workers);
                sums.sum(this::write, out[threads - 1][0]);
                sums.sumSquares(this::write, out[threads - 1][1]);
                sums.sumByClass(new SoftmaxLoss(y, CLASSES), out[threads - 1][2], new double[0]);
            }
        }
        assertThat(out[1]).isDeepEqualTo(out[0]);
        assertThat(out[2]).isDeepEqualTo(out[0]);
    }

    /** By columns: sparse rows of many coefficients, as long as the rows are not far more than the features. */
    @ParameterizedTest
    @CsvSource({"200, 60000, 20, true", "200, 60000, 1, false", "200, 2000, 20, false", "125000, 60000, 20, false"})
    void theKindIsChosenByTheShape(int rows, int features, int logits, boolean byColumns) {
        CsrMatrix empty = CsrMatrix.of(features, CsrMatrix.Block.of(new int[rows + 1], new int[0], new double[0]));
        CoefLayout layout = CoefLayout.of(empty, logits, true, false);
        try (Workers workers = Workers.of(1)) {
            int size = FeatureSums.size(empty, layout);
            assertThat(size).isEqualTo(byColumns ? layout.stride() : layout.size());
            RowPasses passes = new RowPasses(empty, new double[0], new double[0], layout, workers, false, size);
            assertThat(FeatureSums.of(empty, passes, layout, rows, workers))
                    .isInstanceOf(byColumns ? ColumnSums.class : BlockSums.class);
        }
    }

    private void write(int block, int from, int to, double[] out, double[] perRow) {
        int stride = out.length / perRow.length;
        for (int i = from; i < to; i++) {
            System.arraycopy(r[i], 0, out, (i - from) * stride, CLASSES);
        }
    }

    private static double[] junk(CoefLayout layout) {
        double[] out = new double[layout.size()];
        Arrays.fill(out, 7);
        return out;
    }

    private static void check(
            double[][] x, double[][] r, double[] weights, double total, CoefLayout layout, double[] out, String what) {
        for (int j = 0; j < layout.rows(); j++) {
            for (int k = 0; k < CLASSES; k++) {
                double sum = 0;
                for (int i = 0; i < N && k >= layout.firstFree(); i++) {
                    double value = j == P ? 1 : x[i][j];
                    sum += (weights.length == 0 ? 1 : weights[i]) * r[i][k] * value;
                }
                ROUNDING.check(
                        Math.abs(out[layout.index(j, k)] - sum / total), what + ", feature " + j + ", logit " + k);
            }
        }
    }
}
