package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import io.logits.reference.Rows;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeptGramTest {
    private static final double[][] X = {{1, 2, -1}, {0, 1, 3}, {-2, 1, 1}, {1, 1, 1}};
    private static final double[] H = {0.1, 0.2, 0.05, 0.25};
    private static final double SUM = Arrays.stream(H).sum();

    private static WorkingSet set(int... features) {
        return new WorkingSet(features, features, new int[] {0, features.length}, 0);
    }

    private static double second(int a, int b) {
        double sum = 0;
        for (int i = 0; i < X.length; i++) {
            sum += H[i] * X[i][a] * X[i][b];
        }
        return sum;
    }

    @Test
    void columnsThatComeLaterJoinThoseThatItHas() {
        ColumnMatrix columns = ColumnMatrix.of(Rows.dense(X, 3));
        columns.need(new int[] {0, 1, 2});
        KeptGram kept = new KeptGram(columns, 3, H, SUM, Workers.of(1));
        assertThat(kept.model(set(2), SUM, true, false).curvature(0)).isCloseTo(second(2, 2), within(1e-15));
        assertThat(kept.sizeWith(set(0, 1))).isEqualTo(3);
        GramQuadratic all = kept.model(set(0, 1, 2), SUM, true, false);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                assertThat(all.curvature(a, b)).isCloseTo(second(a, b), within(1e-15));
            }
        }
    }

    @Test
    void atAnotherPointItIsScaledByTheRowsCurvature() {
        ColumnMatrix columns = ColumnMatrix.of(Rows.dense(X, 3));
        columns.need(new int[] {0, 1, 2});
        KeptGram kept = new KeptGram(columns, 3, H, SUM, Workers.of(1));
        GramQuadratic half = kept.model(set(0, 2), SUM / 2, false, false);
        assertThat(half.isExact()).isFalse();
        assertThat(half.curvature(0, 1)).isCloseTo(second(0, 2) / 2, within(1e-15));
    }

    private static KeptGram kept() {
        ColumnMatrix columns = ColumnMatrix.of(Rows.dense(X, 3));
        columns.need(new int[] {0, 1, 2});
        return new KeptGram(columns, 3, H, SUM, Workers.of(1));
    }

    @Test
    void itKnowsWhatAStepHasShown() {
        KeptGram kept = kept();
        kept.model(set(0, 1, 2), SUM, true, true);
        kept.model(set(2, 0), SUM / 2, false, true);
        double[] step = {0.5, -1, 0.25};
        double[] change = {0.3, -0.4, 0.1};
        kept.learn(set(2, 0), step, change);
        GramQuadratic next = kept.model(set(2, 0), SUM / 2, false, true);
        // Where the derivative by the intercept is gone so is its part of the change.
        double[] expected = change.clone();
        next.eliminate(change[2], expected);
        double[] seen = new double[3];
        next.addColumn(0, step[0], seen);
        next.addColumn(1, step[1], seen);
        assertThat(Arrays.copyOf(seen, 2)).containsExactly(Arrays.copyOf(expected, 2), within(1e-14));
        assertThat(next.bestIntercept(-change[2], Arrays.copyOf(step, 2))).isCloseTo(step[2], within(1e-13));
        GramQuadratic all = kept.model(set(0, 1, 2), SUM, false, false);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                assertThat(all.curvature(a, b)).isCloseTo(all.curvature(b, a), within(1e-15));
            }
        }
    }

    @Test
    void aStepWithoutCurvatureShowsNothing() {
        KeptGram kept = kept();
        kept.model(set(0, 1), SUM, true, false);
        kept.learn(set(0, 1), new double[] {1, 0, 0}, new double[] {-1e-17, 1e-17, 0});
        kept.learn(set(0, 1), new double[3], new double[3]);
        assertThat(kept.model(set(0, 1), SUM, false, false).curvature(0, 1)).isCloseTo(second(0, 1), within(1e-15));
    }

    @Test
    void columnsThatJoinLaterWereThereAtAllSteps() {
        double[][] nearlyEqual = {{1, 1.01}, {0.5, 0.49}, {-2, -2}, {1, 1}};
        ColumnMatrix columns = ColumnMatrix.of(Rows.dense(nearlyEqual, 2));
        columns.need(new int[] {0, 1});
        KeptGram late = new KeptGram(columns, 2, H, SUM, Workers.of(1));
        KeptGram early = new KeptGram(columns, 2, H, SUM, Workers.of(1));
        early.model(set(0, 1), SUM, true, true);
        for (KeptGram kept : new KeptGram[] {late, early}) {
            for (double share : new double[] {0.5, 0.4}) {
                double curvature = kept.model(set(0), SUM, false, false).curvature(0);
                kept.learn(set(0), new double[] {1, 0}, new double[] {share * curvature, 0});
            }
        }
        GramQuadratic model = late.model(set(0, 1), SUM, false, true);
        GramQuadratic expected = early.model(set(0, 1), SUM, false, true);
        for (int a = 0; a < 2; a++) {
            for (int b = 0; b < 2; b++) {
                assertThat(model.curvature(a, b)).isCloseTo(expected.curvature(a, b), within(1e-14));
            }
        }
        double determinant =
                model.curvature(0, 0) * model.curvature(1, 1) - model.curvature(0, 1) * model.curvature(1, 0);
        assertThat(determinant).isGreaterThan(-1e-15);
    }
}
