package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.ColumnMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.SoftmaxLoss;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part that a few features have beside the whole. */
class LocalObjectiveTest {
    private static final int ROWS = 160;
    private static final int FEATURES = 24;
    private static final int CLASSES = 3;
    /** Features from here on are in most rows, the others in one of forty. */
    private static final int COMMON = 20;

    private static final int UNPENALISED = 5;
    /** Two features that a step may move by far. */
    private static final int[] FAR = {3, 8};

    private static final Tolerance ROUNDING =
            Tolerance.absolute(1e-13, "differences of objectives of size 1, means of at most 160 losses");

    private final SplittableRandom random = new SplittableRandom(1);
    private final double[][] x = new double[ROWS][FEATURES];
    private final int[] label = new int[ROWS];
    private final double[] weights = new double[ROWS];
    private final double[] offset = random.doubles(ROWS * CLASSES, -1, 1).toArray();
    private final double[] factors = random.doubles(FEATURES, 0.5, 2).toArray();
    private final double[] units = random.doubles(FEATURES, 0.5, 2).toArray();
    private final double[] lower = random.doubles(FEATURES, -9, -5).toArray();
    private final double[] upper = random.doubles(FEATURES, 5, 9).toArray();

    LocalObjectiveTest() {
        for (int i = 0; i < ROWS; i++) {
            Arrays.setAll(x[i], j -> random.nextInt(j < COMMON ? 40 : 2) == 0 ? random.nextDouble(0.5, 1) : 0);
            label[i] = random.nextInt(CLASSES);
            weights[i] = random.nextInt(4);
        }
        x[11][FAR[0]] = 1;
        x[12][FAR[1]] = 1;
        weights[11] = 1;
        weights[12] = 0;
        factors[UNPENALISED] = 0;
    }

    private CompositeObjective objective(Matrix rows, Workers workers) {
        CoefLayout layout = CoefLayout.of(rows, CLASSES, true, false);
        SoftmaxLoss loss = new SoftmaxLoss(label, CLASSES);
        LinearObjective smooth = new LinearObjective(rows, loss, weights, offset, new None(), layout, workers, true);
        ElasticNet penalty =
                ElasticNet.of(0.01, 0.7).withFactors(factors).withUnits(units).within(lower, upper);
        return new CompositeObjective(smooth, penalty, ColumnMatrix.of(rows));
    }

    private static WorkingSet everyCoefficient(CompositeObjective objective) {
        int[] feature =
                IntStream.range(0, FEATURES * CLASSES).map(e -> e % FEATURES).toArray();
        int[] position = IntStream.range(0, FEATURES * CLASSES)
                .map(e -> objective.position(e % FEATURES, e / FEATURES))
                .toArray();
        int[] start = IntStream.rangeClosed(0, CLASSES).map(k -> k * FEATURES).toArray();
        return new WorkingSet(feature, position, start, 0);
    }

    private double[] point(CompositeObjective objective) {
        double[] w = new double[objective.size()];
        for (int position : everyCoefficient(objective).position()) {
            w[position] = random.nextInt(3) == 0 ? 0 : random.nextDouble(-1, 1);
        }
        for (int k = 0; k < CLASSES; k++) {
            w[objective.intercept(k)] = random.nextDouble(-1, 1);
        }
        return w;
    }

    private static double[] moved(CompositeObjective objective, double[] w, double by, int... features) {
        double[] moved = w.clone();
        for (int j : features) {
            moved[objective.position(j, j % CLASSES)] += by;
        }
        return moved;
    }

    @Test
    void theWholeChangesByWhatThePartChangesTimesItsWeight() {
        try (Workers workers = Workers.of(2)) {
            CompositeObjective whole = objective(Rows.sparse(x, FEATURES), workers);
            double[] before = point(whole);
            // Neither a feature of many rows nor one without a penalty may be among them.
            double[] w = moved(whole, before, 2, FAR[0], FAR[1], COMMON, UNPENALISED);
            w[whole.position(0, 0)] += 1e-3;
            LocalObjective local = whole.local(everyCoefficient(whole), before, w);
            CompositeObjective part = local.objective();
            double share = 0;
            for (int i = 0; i < ROWS; i++) {
                share += x[i][FAR[0]] != 0 || x[i][FAR[1]] != 0 ? weights[i] : 0;
            }
            share /= Arrays.stream(weights).sum();
            double[] there = w.clone();
            local.put(local.start(), there);
            assertThat(there).isEqualTo(w);
            for (int f = 0; f < FAR.length; f++) {
                assertThat(part.withinPiece(f, -1, -100)).isEqualTo(lower[FAR[f]]);
                assertThat(part.withinPiece(f, 1, 100)).isEqualTo(upper[FAR[f]]);
            }
            double valueOfPart = value(part, local.start());
            double valueOfWhole = value(whole, w);
            for (int trial = 0; trial < 20; trial++) {
                double[] point = local.start().clone();
                for (int f = 0; f < FAR.length; f++) {
                    for (int k = 0; k < CLASSES; k++) {
                        point[part.position(f, k)] += random.nextDouble(-1, 1);
                    }
                }
                local.put(point, there);
                double change = value(whole, there) - valueOfWhole;
                double expected = share * (value(part, point) - valueOfPart);
                ROUNDING.check(Math.abs(change - expected), "trial " + trial);
                for (int j : FAR) {
                    for (int k = 0; k < CLASSES; k++) {
                        there[whole.position(j, k)] = w[whole.position(j, k)];
                    }
                }
                assertThat(there).isEqualTo(w);
            }
        }
    }

    private static double value(CompositeObjective objective, double[] w) {
        return objective.evaluate(w, new double[w.length]);
    }

    @Test
    void thoseThatWentFarthestAreInIt() {
        try (Workers workers = Workers.of(1)) {
            CompositeObjective whole = objective(Rows.sparse(x, FEATURES), workers);
            double[] before = point(whole);
            int[] all = IntStream.range(0, COMMON).filter(j -> j != UNPENALISED).toArray();
            double[] w = moved(whole, before, 1, all);
            int[] farthest = {2, 7, 13};
            w = moved(whole, w, 1, farthest);
            int passes = whole.passes();
            LocalObjective local = whole.local(everyCoefficient(whole), before, w);
            assertThat(whole.passes()).isEqualTo(passes + 1);
            double[] there = w.clone();
            double[] point = local.start().clone();
            Arrays.setAll(point, c -> point[c] + 1);
            local.put(point, there);
            int entries = 0;
            for (int j = 0; j < FEATURES; j++) {
                boolean in = there[whole.position(j, 0)] != w[whole.position(j, 0)];
                for (int i = 0; i < ROWS && in; i++) {
                    entries += x[i][j] != 0 ? 1 : 0;
                }
            }
            assertThat(entries).isLessThanOrEqualTo(ROWS / 8);
            for (int j : farthest) {
                assertThat(there[whole.position(j, 0)]).as("feature %s", j).isNotEqualTo(w[whole.position(j, 0)]);
            }
        }
    }

    @Test
    void thereIsNoneWhereNothingOrNearlyAllHasMovedByFar() {
        try (Workers workers = Workers.of(1)) {
            CompositeObjective sparse = objective(Rows.sparse(x, FEATURES), workers);
            WorkingSet set = everyCoefficient(sparse);
            double[] w = point(sparse);
            assertThat(sparse.local(set, w, moved(sparse, w, 0.05, FAR))).isNull();
            assertThat(sparse.local(set, w, moved(sparse, w, 2, COMMON, UNPENALISED)))
                    .isNull();
            for (int i = 0; i < ROWS; i++) {
                x[i][i % COMMON] = 1;
            }
            CompositeObjective covered = objective(Rows.sparse(x, FEATURES), workers);
            int[] rare = IntStream.range(0, COMMON).toArray();
            assertThat(covered.local(set, w, moved(covered, w, 2, rare))).isNull();
            for (int i = 0; i < ROWS; i++) {
                weights[i] = x[i][FAR[0]] != 0 ? 0 : 1;
            }
            CompositeObjective unseen = objective(Rows.sparse(x, FEATURES), workers);
            assertThat(unseen.local(set, w, moved(unseen, w, 2, FAR[0]))).isNull();
            CompositeObjective dense = objective(Rows.dense(x, FEATURES), workers);
            double[] v = point(dense);
            assertThat(dense.local(everyCoefficient(dense), v, moved(dense, v, 2, FAR)))
                    .isNull();
        }
    }
}
