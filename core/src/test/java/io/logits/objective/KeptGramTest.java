package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.ColumnMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptGramTest {
    private static final double[][] X = {{1, 2, -1}, {0, 1, 3}, {-2, 1, 1}, {1, 1, 1}};
    private static final double[] H = {0.1, 0.2, 0.05, 0.25};
    private static final double[] SUM = {Arrays.stream(H).sum()};
    private static final double[] HALF = {SUM[0] / 2};

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
        KeptGram kept = kept(X, false);
        assertThat(kept.model(set(2), SUM, true, true).curvature(0)).isCloseTo(second(2, 2), within(1e-15));
        assertThat(kept.sizeWith(set(0, 1))).isEqualTo(3);
        GramQuadratic all = kept.model(set(0, 1, 2), SUM, true, true);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                assertThat(all.curvature(a, b)).isCloseTo(second(a, b), within(1e-15));
            }
        }
    }

    @Test
    void atAnotherPointItIsScaledByTheRowsCurvature() {
        GramQuadratic half = kept(X, false).model(set(0, 2), HALF, false, true);
        assertThat(half.isExact()).isFalse();
        assertThat(half.curvature(0, 1)).isCloseTo(second(0, 2) / 2, within(1e-15));
    }

    private static KeptGram kept(double[][] x, boolean intercept) {
        Matrix rows = Rows.dense(x, x[0].length);
        ColumnMatrix columns = ColumnMatrix.of(rows);
        columns.need(IntStream.range(0, rows.cols()).toArray());
        return new KeptGram(
                columns, CoefLayout.of(rows, 1, intercept, false), RowCurvature.ofOneLogit(H), SUM, Workers.of(1));
    }

    @Test
    void itKnowsWhatAStepHasShown() {
        KeptGram kept = kept(X, true);
        kept.model(set(0, 1, 2), SUM, true, true);
        kept.model(set(2, 0), HALF, false, true);
        double[] step = {0.5, -1, 0.25};
        double[] change = {0.3, -0.4, 0.1};
        kept.learn(set(2, 0), step, change);
        GramQuadratic next = kept.model(set(2, 0), HALF, false, true);
        // Where the derivative by the intercept is gone so is its part of the change.
        double[] expected = Arrays.copyOf(change, 2);
        next.eliminate(new double[] {change[2]}, expected);
        double[] seen = new double[2];
        next.addColumn(0, step[0], seen);
        next.addColumn(1, step[1], seen);
        assertThat(seen).containsExactly(expected, within(1e-14));
        assertThat(next.bestIntercepts(new double[] {-change[2]}, Arrays.copyOf(step, 2))[0])
                .isCloseTo(step[2], within(1e-13));
        GramQuadratic all = kept.model(set(0, 1, 2), SUM, false, true);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                assertThat(all.curvature(a, b)).isCloseTo(all.curvature(b, a), within(1e-15));
            }
        }
    }

    @Test
    void aStepWithoutCurvatureShowsNothing() {
        KeptGram kept = kept(X, false);
        kept.model(set(0, 1), SUM, true, true);
        kept.learn(set(0, 1), new double[] {1, 0, 0}, new double[] {-1e-17, 1e-17, 0});
        kept.learn(set(0, 1), new double[3], new double[3]);
        assertThat(kept.model(set(0, 1), SUM, false, true).curvature(0, 1)).isCloseTo(second(0, 1), within(1e-15));
    }

    @Test
    void columnsThatJoinLaterWereThereAtAllSteps() {
        double[][] nearlyEqual = {{1, 1.01}, {0.5, 0.49}, {-2, -2}, {1, 1}};
        KeptGram late = kept(nearlyEqual, true);
        KeptGram early = kept(nearlyEqual, true);
        early.model(set(0, 1), SUM, true, true);
        for (KeptGram kept : new KeptGram[] {late, early}) {
            for (double share : new double[] {0.5, 0.4}) {
                double curvature = kept.model(set(0), SUM, false, true).curvature(0);
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

    private static final double[][] P = {
        {0.2, 0.5, 0.3}, {0.1, 0.1, 0.8}, {0.6, 0.3, 0.1}, {0.3, 0.3, 0.4}, {0.05, 0.9, 0.05}
    };
    private static final double[][] ROWS = {{1, 2}, {0, 1}, {-2, 1}, {1, 1}, {3, -1}};

    /** The second derivative by logits k and l of a row of a fifth of all weight. */
    private static double byLogits(int i, int k, int l) {
        return P[i][k] * ((k == l ? 1 : 0) - P[i][l]) / P.length;
    }

    private static final SoftmaxCurvature CURVATURE = curvature();

    private static SoftmaxCurvature curvature() {
        double[] share = new double[P.length];
        Arrays.fill(share, 1.0 / P.length);
        double[][] byLogit = new double[3][P.length];
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < P.length; i++) {
                byLogit[k][i] = P[i][k];
            }
        }
        return new SoftmaxCurvature(share, byLogit, 0, new int[3][0], new double[3][0]);
    }

    private static final double[] CURVATURE_SUMS = CURVATURE.sums(Workers.of(1));

    private static KeptGram ofClasses() {
        Matrix rows = Rows.dense(ROWS, 2);
        ColumnMatrix columns = ColumnMatrix.of(rows);
        columns.need(new int[] {0, 1});
        return new KeptGram(columns, CoefLayout.of(rows, 3, true, false), CURVATURE, CURVATURE_SUMS, Workers.of(1));
    }

    /** Coefficients by pairs of feature and logit. */
    private static WorkingSet ofPairs(int[]... pairs) {
        WorkingSet.Part part = new WorkingSet.Part();
        for (int[] pair : pairs) {
            part.add(pair[0], pair[1], 0);
        }
        CoefLayout layout = CoefLayout.of(Rows.dense(ROWS, 2), 3, true, false);
        return WorkingSet.of(new WorkingSet.Part[] {part}, layout, 0);
    }

    private static final WorkingSet SOME =
            ofPairs(new int[] {0, 0}, new int[] {1, 0}, new int[] {1, 1}, new int[] {0, 2});

    private static final WorkingSet ALL = ofPairs(
            new int[] {0, 0}, new int[] {1, 0}, new int[] {0, 1}, new int[] {1, 1}, new int[] {0, 2}, new int[] {1, 2});

    /** The derivatives that steps of the set's coefficients and the intercepts change, by the same. */
    private static double[] changed(WorkingSet set, double[] d, double[] b) {
        double[] out = new double[d.length + 3];
        for (int i = 0; i < ROWS.length; i++) {
            double[] margin = b.clone();
            for (int k = 0; k < 3; k++) {
                for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                    margin[k] += d[e] * ROWS[i][set.feature()[e]];
                }
            }
            for (int k = 0; k < 3; k++) {
                double r = 0;
                for (int l = 0; l < 3; l++) {
                    r += byLogits(i, k, l) * margin[l];
                }
                for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                    out[e] += r * ROWS[i][set.feature()[e]];
                }
                out[d.length + k] += r;
            }
        }
        return out;
    }

    @Test
    void interceptsOfManyLogitsFollowTheCoefficients() {
        KeptGram kept = ofClasses();
        kept.model(ofPairs(new int[] {1, 0}), CURVATURE_SUMS, true, true);
        for (WorkingSet set : new WorkingSet[] {SOME, ALL}) {
            GramQuadratic model = kept.model(set, CURVATURE_SUMS, true, true);
            double[] d = {0.3, -1, 0.5, 0.25, 0.7, -0.2};
            d = Arrays.copyOf(d, set.size());
            double[] byIntercepts = {0.02, -0.05, 0.03};
            double[] slope = new double[d.length];
            model.eliminate(byIntercepts, slope);
            for (int e = 0; e < d.length; e++) {
                model.addColumn(e, d[e], slope);
            }
            double[] changed = changed(set, d, model.bestIntercepts(byIntercepts, d));
            assertThat(Arrays.copyOfRange(changed, d.length, d.length + 3))
                    .containsExactly(new double[] {-0.02, 0.05, -0.03}, within(1e-15));
            assertThat(Arrays.copyOf(changed, d.length)).containsExactly(slope, within(1e-14));
        }
    }

    @Test
    void movesOfAllClassesAlikeNeverCurve() {
        KeptGram kept = ofClasses();
        kept.model(SOME, CURVATURE_SUMS, true, true);
        double[] step = {0.5, -1, 0.25, 0.1, 0, 0, 0};
        double[] change = {0.1, -0.2, 0.3, -0.1, 0.05, -0.02, -0.03};
        kept.learn(SOME, step, change);
        GramQuadratic model = kept.model(ALL, CURVATURE_SUMS, false, true);
        GramQuadratic cautious = kept.model(ALL, CURVATURE_SUMS, false, false);
        for (int j = 0; j < 2; j++) {
            double[] slope = new double[6];
            double[] left = new double[6];
            double[] alike = new double[6];
            for (int k = 0; k < 3; k++) {
                alike[2 * k + j] = 1;
                model.addColumn(2 * k + j, 1, slope);
                cautious.addColumn(2 * k + j, 1, left);
            }
            assertThat(slope).containsOnly(new double[1], within(1e-16));
            assertThat(model.bestIntercepts(new double[3], alike)).containsOnly(new double[1], within(1e-15));
            assertThat(Arrays.stream(left).map(Math::abs).max().orElse(0)).isGreaterThan(1e-3);
        }
    }

    /** A floor of .1, and one row that curves more along one logit. */
    @Test
    void whatJoinsLaterIsOfThePointThatTheMatrixIsOf() {
        double[][] p = Arrays.stream(CURVATURE.p()).map(double[]::clone).toArray(double[][]::new);
        int[][] row = {{}, {3}, {}};
        double[][] more = {{}, {0.07}, {}};
        SoftmaxCurvature cautious = new SoftmaxCurvature(CURVATURE.share(), p, 0.1, row, more);
        Matrix rows = Rows.dense(ROWS, 2);
        ColumnMatrix columns = ColumnMatrix.of(rows);
        columns.need(new int[] {0, 1});
        double[] sums = cautious.sums(Workers.of(1));
        KeptGram kept =
                new KeptGram(columns, CoefLayout.of(rows, 3, false, false), cautious.copy(), sums, Workers.of(1));
        for (double[] of : p) {
            Arrays.fill(of, 0.5);
        }
        row[1] = new int[0];
        more[1] = new double[0];
        GramQuadratic model = kept.model(ALL, sums, true, false);
        for (int k = 0; k < 3; k++) {
            double sum = 0;
            double square = 0;
            for (int i = 0; i < ROWS.length; i++) {
                double own = P[i][k] * (1 - P[i][k]);
                double h = Math.max(0.1, own) / P.length + (k == 1 && i == 3 ? 0.07 : 0);
                sum += h;
                square += h * ROWS[i][0] * ROWS[i][0];
            }
            assertThat(sums[k]).isCloseTo(sum, within(1e-15));
            assertThat(model.curvature(2 * k, 2 * k)).isCloseTo(square, within(1e-15));
        }
        double crossed = 0;
        for (int i = 0; i < ROWS.length; i++) {
            crossed -= P[i][0] * P[i][2] * ROWS[i][0] * ROWS[i][1] / P.length;
        }
        assertThat(model.curvature(0, 5)).isCloseTo(crossed, within(1e-15));
    }

    /** A rare class makes next to nothing of the sum of all. */
    @Test
    void aMatrixIsWornWhereOneLogitHasChangedFarMoreThanAll() {
        KeptGram kept = ofClasses();
        double[] sums = CURVATURE_SUMS.clone();
        assertThat(kept.isWorn(sums)).isFalse();
        Arrays.setAll(sums, k -> sums[k] / 10);
        assertThat(kept.isWorn(sums)).isFalse();
        sums[1] *= 4;
        assertThat(kept.isWorn(sums)).isTrue();
    }
}
