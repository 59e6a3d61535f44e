package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.ScaledColumns;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The second derivatives of the rows' losses by two logits, by the rows' share of all weight. */
interface RowCurvature {
    /** For each logit the sum of those along it. */
    double[] sums(Workers workers);

    /** The same, whatever becomes of the arrays that this is of. */
    RowCurvature copy();

    /** Second derivatives by each of some coefficients and each of others, a row for each of {@code a}. */
    double[][] products(ColumnMatrix x, Coefficients a, Coefficients b, Workers workers);

    /** Second derivatives by two of some coefficients, the lower triangle: the row for c ends with c. */
    double[][] gram(ColumnMatrix x, Coefficients a, Workers workers);

    /**
     * Coefficients and intercepts.
     *
     * @param feature of each, {@link ScaledColumns#ONES} for an intercept
     * @param logit of each
     */
    record Coefficients(int[] feature, int[] logit) {
        /** These and others. */
        Coefficients with(Coefficients more) {
            return new Coefficients(
                    IntStream.concat(Arrays.stream(feature), Arrays.stream(more.feature))
                            .toArray(),
                    IntStream.concat(Arrays.stream(logit), Arrays.stream(more.logit))
                            .toArray());
        }
    }

    /** Those of one logit; not copied. */
    static RowCurvature ofOneLogit(double[] h) {
        return new RowCurvature() {
            @Override
            public double[] sums(Workers workers) {
                return new double[] {ColumnQuadratic.sum(h)};
            }

            @Override
            public RowCurvature copy() {
                return ofOneLogit(h.clone());
            }

            @Override
            public double[][] products(ColumnMatrix x, Coefficients a, Coefficients b, Workers workers) {
                return x.products(ScaledColumns.of(a.feature), ScaledColumns.of(b.feature), h, workers);
            }

            @Override
            public double[][] gram(ColumnMatrix x, Coefficients a, Workers workers) {
                return x.gram(ScaledColumns.of(a.feature), h, workers);
            }
        };
    }
}
