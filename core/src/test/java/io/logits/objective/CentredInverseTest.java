package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The inverse solves the systems of the matrix that it is said to be of. */
class CentredInverseTest {
    private final SplittableRandom random = new SplittableRandom(4);

    private static CoefLayout layout(int features, int logits, boolean intercept, boolean byFeature) {
        return new CoefLayout(
                features, logits, intercept, false, byFeature, byFeature && logits > 1 ? logits + 1 : logits);
    }

    /** Curvatures of rows, and what they sum up of features of which some are 0, some constant, some far from 0. */
    private final class Moments {
        private final double[] totals;
        private final double[] sums;
        private final double[] squares;
        private final double[] penalties;

        Moments(CoefLayout layout, int rows) {
            totals = new double[layout.logits()];
            sums = new double[layout.size()];
            squares = new double[layout.size()];
            penalties = random.doubles(layout.features(), 0.01, 1).toArray();
            for (int i = 0; i < rows; i++) {
                double[] c = random.doubles(layout.logits(), 0, 0.25 / rows).toArray();
                for (int k = 0; k < c.length; k++) {
                    totals[k] += c[k];
                    if (layout.intercept()) {
                        sums[layout.interceptStart() + k] = totals[k];
                        squares[layout.interceptStart() + k] = totals[k];
                    }
                }
                for (int j = 0; j < layout.features(); j++) {
                    double x = j % 5 == 0 ? 0 : j % 5 == 1 ? 1 : random.nextDouble() + j % 3;
                    for (int k = 0; k < c.length; k++) {
                        sums[layout.index(j, k)] += c[k] * x;
                        squares[layout.index(j, k)] += c[k] * x * x;
                    }
                }
            }
        }

        CentredInverse inverse(CoefLayout layout, Workers workers) {
            return new CentredInverse(
                    layout, workers, totals.clone(), sums.clone(), squares.clone(), j -> penalties[j]);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,true,false", "1,false,false", "3,true,true", "3,false,true", "3,true,false", "3,false,false"})
    void solvesForTheVariancesAndTheMeans(int logits, boolean intercept, boolean byFeature) {
        CoefLayout layout = layout(11, logits, intercept, byFeature);
        Moments of = new Moments(layout, 40);
        double[] r = new double[layout.size()];
        for (int j = 0; j < layout.rows(); j++) {
            for (int k = 0; k < logits; k++) {
                r[layout.index(j, k)] = random.nextDouble(-1, 1);
            }
        }
        double[] z = new double[r.length];
        try (Workers workers = Workers.of(2)) {
            of.inverse(layout, workers).apply(r, z);
            double[] inPlace = r.clone();
            of.inverse(layout, workers).apply(inPlace, inPlace);
            assertThat(inPlace).isEqualTo(z);
        }
        for (int k = 0; k < logits; k++) {
            double along = intercept ? of.totals[k] * z[layout.interceptStart() + k] : 0;
            for (int j = 0; j < layout.features(); j++) {
                along += of.sums[layout.index(j, k)] * z[layout.index(j, k)];
            }
            for (int j = 0; j < layout.features(); j++) {
                int c = layout.index(j, k);
                double mean = of.sums[c] / of.totals[k];
                double least = 1e-6 * of.squares[c];
                double own = Math.max(least, of.squares[c] - of.totals[k] * mean * mean) + of.penalties[j];
                assertThat(own * z[c] + mean * along).isCloseTo(r[c], within(1e-12));
            }
            if (intercept) {
                assertThat(along).isCloseTo(r[layout.interceptStart() + k], within(1e-12));
            }
        }
        assertThat(Arrays.stream(z).filter(v -> v != 0).count()).isEqualTo((long) layout.rows() * logits);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "1,false", "2,true"})
    void isTheSameForAnyNumberOfThreads(int logits, boolean intercept) {
        CoefLayout layout = layout(10_001, logits, intercept, true);
        Moments of = new Moments(layout, 3);
        double[] r = new double[layout.size()];
        Arrays.setAll(r, c -> random.nextDouble(-1, 1));
        double[][] z = new double[2][r.length];
        for (int threads = 1; threads <= 3; threads += 2) {
            try (Workers workers = Workers.of(threads)) {
                of.inverse(layout, workers).apply(r, z[threads / 2]);
            }
        }
        assertThat(z[1]).isEqualTo(z[0]);
    }
}
