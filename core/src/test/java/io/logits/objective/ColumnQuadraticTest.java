package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.ColumnMatrix;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.loss.Loss;
import io.logits.loss.SoftmaxLoss;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import io.logits.reference.SymmetricSolve;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model along all coefficients at once beside the model along one after the other. */
class ColumnQuadraticTest {
    private static final int ROWS = 41;
    private static final int FEATURES = 5;
    private static final int CLASSES = 4;
    /** The weight of what is among the coefficients of a feature beside that among those of a class. */
    private static final double FEATURES_WEIGHT = 0.25;

    private static final Tolerance ROUNDING =
            Tolerance.relative(3e-7, "sums of 41 terms that are at least 0, of up to five float32 factors");
    private static final Tolerance DIFFERENCES = Tolerance.absolute(3e-8, "differences of such sums, each at most 0.1");

    private static final Tolerance OVER_ROWS =
            Tolerance.relative(4.3e-6, "67 float32 roundings of each term at most, and four of its factors");

    private static final Tolerance SOLUTIONS =
            Tolerance.absolute(6e-5, "systems of 6 unknowns, of condition below 1e3, with float32 roundings of 6e-8");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0.3, 0", "0, 0.5", "1, 0.2", "1, 1"})
    void productsHaveTheSecondDerivativesOfSingleCoefficients(double caution, double floor) {
        try (Workers workers = Workers.of(1)) {
            ColumnQuadratic model = model(workers, caution, floor);
            double[] alone = new double[FEATURES * CLASSES];
            double[] singles = model.singles(everyCoefficient()).curvature();
            for (int e = 0; e < alone.length; e++) {
                alone[e] = product(model, e, e)[e];
                double single = singles[e];
                assertThat(single).isPositive();
                ROUNDING.check(Math.abs(alone[e] - single) / single, "coefficient " + e);
            }
            for (int a = 0; a < alone.length; a++) {
                for (int b = 0; b < a; b++) {
                    double[] both = product(model, a, b);
                    double difference = both[a] - alone[a] - (both[b] - alone[b]);
                    DIFFERENCES.check(Math.abs(difference), "coefficients " + a + " and " + b);
                }
            }
        }
    }

    /** With an intercept, coefficients left out at first or later, a penalty, and raised curvatures. */
    @ParameterizedTest
    @CsvSource({
        "0, true, false, false",
        "0, false, false, true",
        "0.3, true, false, true",
        "1, false, false, false",
        "0, true, true, true",
        "0.3, false, true, false"
    })
    void blocksHaveTheInversesOfTheSecondDerivatives(double caution, boolean intercept, boolean later, boolean sparse) {
        // One thread makes a block after the other, in the same room.
        try (Workers workers = Workers.of(sparse ? 1 : 2)) {
            ColumnQuadratic model = model(workers, caution, 0, intercept, sparse);
            int coefficients = FEATURES * CLASSES;
            int size = coefficients + (intercept ? CLASSES : 0);
            boolean[] part = new boolean[coefficients];
            double[] penalty = new double[coefficients];
            for (int e = 0; e < coefficients; e++) {
                part[e] = e % 7 != 3;
                penalty[e] = e % 2 == 0 ? 0.01 : 0;
            }
            double more = 0.05;
            double[][] h = new double[size][];
            for (int e = 0; e < size; e++) {
                h[e] = row(model, e, size);
                h[e][e] += more * h[e][e] + (e < coefficients ? penalty[e] : 0);
            }
            BlockInverse inverse = model.blockInverse(everyCoefficient(), part, penalty, more);
            if (later) {
                boolean[] leaving = new boolean[coefficients];
                for (int e = 0; e < coefficients; e++) {
                    leaving[e] = e % 5 < 2 && part[e];
                    part[e] &= !leaving[e];
                }
                inverse.leaveOut(leaving);
            }
            Random random = new Random(5);
            double[] r = random.doubles(coefficients, -1, 1).toArray();
            double[] rB = random.doubles(CLASSES, -1, 1).toArray();
            double[] expected = new double[coefficients + CLASSES];
            for (int k = 0; k < CLASSES; k++) {
                int logit = k;
                addSolution(h, part, e -> logitOf(e) == logit, 1, r, rB, expected);
            }
            for (int j = 0; j <= FEATURES; j++) {
                int feature = j;
                addSolution(h, part, e -> featureOf(e) == feature, FEATURES_WEIGHT, r, rB, expected);
            }
            double[] out = new double[coefficients];
            double[] outB = new double[CLASSES];
            inverse.apply(r, rB, out, outB);
            for (int e = 0; e < expected.length; e++) {
                double found = e < coefficients ? out[e] : outB[e - coefficients];
                SOLUTIONS.check(Math.abs(found - expected[e]) / (1 + Math.abs(expected[e])), "coefficient " + e);
            }
        }
    }

    /** The second derivatives by intercepts, which are sums over all rows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 9, 256, 1301})
    void stepsOfInterceptsAreSummedOverAllRows(int rows) {
        try (Workers workers = Workers.of(2)) {
            ColumnQuadratic model = model(rows, workers, 0, 0, true, false);
            double[] constant = model.singles(everyCoefficient()).constant();
            for (int k = 0; k < CLASSES; k++) {
                int e = FEATURES * CLASSES + k;
                double sum = row(model, e, FEATURES * CLASSES + CLASSES)[e];
                OVER_ROWS.check(Math.abs(sum - constant[k]) / constant[k], "intercept " + k);
            }
        }
    }

    @Test
    void thereAreNoBlocksOfFarMoreNumbersThanMargins() {
        try (Workers workers = Workers.of(1)) {
            int size = 40;
            int[] start = new int[CLASSES + 1];
            Arrays.setAll(start, k -> k * size);
            int[] feature = new int[size * CLASSES];
            boolean[] part = new boolean[feature.length];
            Arrays.fill(part, true);
            WorkingSet set = new WorkingSet(feature, feature, start, 0);
            assertThat(model(workers, 0, 0).blockInverse(set, part, new double[part.length], 0))
                    .isNull();
        }
    }

    private static int logitOf(int e) {
        return e < FEATURES * CLASSES ? e / FEATURES : e - FEATURES * CLASSES;
    }

    private static int featureOf(int e) {
        return e < FEATURES * CLASSES ? e % FEATURES : FEATURES;
    }

    private static void addSolution(
            double[][] h, boolean[] part, IntPredicate among, double weight, double[] r, double[] rB, double[] out) {
        int[] member = IntStream.range(0, h.length)
                .filter(e -> (e >= part.length || part[e]) && among.test(e))
                .toArray();
        double[][] block = new double[member.length][member.length];
        double[] right = new double[member.length];
        for (int c = 0; c < member.length; c++) {
            for (int d = 0; d < member.length; d++) {
                block[c][d] = h[member[c]][member[d]];
            }
            right[c] = member[c] < r.length ? r[member[c]] : rB[member[c] - r.length];
        }
        double[] solution = SymmetricSolve.solve(block, right, 0);
        for (int c = 0; c < member.length; c++) {
            out[member[c]] += weight * solution[c];
        }
    }

    /** A row of the second derivatives by coefficients and, if there are any, intercepts. */
    private static double[] row(ColumnQuadratic model, int e, int size) {
        double[] v = new double[FEATURES * CLASSES];
        double[] b = new double[CLASSES];
        if (e < v.length) {
            v[e] = 1;
        } else {
            b[e - v.length] = 1;
        }
        double[] wanted = new double[v.length];
        Arrays.fill(wanted, 1);
        double[] out = new double[v.length];
        double[] outB = new double[CLASSES];
        model.product(everyCoefficient(), v, b, wanted, out, outB);
        double[] row = Arrays.copyOf(out, size);
        System.arraycopy(outB, 0, row, v.length, size - v.length);
        return row;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, CLASSES})
    void aRestartedModelIsWhereItWasPut(int logits) {
        try (Workers workers = Workers.of(2)) {
            Random random = new Random(8);
            double[][] rows = new double[ROWS][FEATURES];
            int[] y = new int[ROWS];
            for (int i = 0; i < ROWS; i++) {
                Arrays.setAll(rows[i], j -> random.nextGaussian());
                y[i] = i % (logits == 1 ? 2 : logits);
            }
            Matrix x = DenseMatrix.ofRows(rows);
            CoefLayout layout = CoefLayout.of(x, logits, true, false);
            Loss loss = logits == 1 ? new LogisticLoss(y) : new SoftmaxLoss(y, logits);
            LinearObjective smooth =
                    new LinearObjective(x, loss, new double[0], new double[0], new None(), layout, workers, true);
            CompositeObjective objective = new CompositeObjective(smooth, ElasticNet.of(1e-3, 1), ColumnMatrix.of(x));
            double[] gradient = new double[layout.size()];
            objective.evaluate(new double[layout.size()], gradient);
            WorkingSet set = objective.workingSet(new double[layout.size()], gradient);
            assertThat(set.size()).isEqualTo(FEATURES * logits);
            ColumnQuadratic model = objective.quadratic(0, 0);
            double[] cross = model.singles(set).cross();
            double[] before = slopes(model, set);
            double[] step = random.doubles(set.size()).toArray();
            model.enter(0, 0.1);
            model.move(0, step[0], cross[0]);
            double[] alone = new double[set.size()];
            alone[0] = step[0];
            model.leave(0, set, alone);
            model.moveAll(set, step, new double[logits]);
            assertThat(Arrays.stream(slopes(model, set)).map(Math::abs).max().orElse(0))
                    .isGreaterThan(0.01);
            model.restart();
            assertThat(slopes(model, set)).isEqualTo(before);
            model.enter(0, 0.1);
            double slope = model.slope(1, cross[1]);
            ColumnQuadratic anew = objective.quadratic(0, 0);
            anew.enter(0, 0.1);
            assertThat(slope).isEqualTo(anew.slope(1, cross[1]));
        }
    }

    private static double[] slopes(ColumnQuadratic model, WorkingSet set) {
        double[] wanted = new double[set.size()];
        Arrays.fill(wanted, 1);
        double[] out = new double[set.size() + set.logits()];
        double[] outB = new double[set.logits()];
        model.slopes(set, wanted, out, outB);
        System.arraycopy(outB, 0, out, set.size(), outB.length);
        return out;
    }

    private static ColumnQuadratic model(Workers workers, double caution, double floor) {
        return model(workers, caution, floor, false, false);
    }

    /** At a point where some rows are far from their class, and some have a class with nearly all probability. */
    private static ColumnQuadratic model(
            Workers workers, double caution, double floor, boolean intercept, boolean sparse) {
        return model(ROWS, workers, caution, floor, intercept, sparse);
    }

    private static ColumnQuadratic model(
            int n, Workers workers, double caution, double floor, boolean intercept, boolean sparse) {
        Random random = new Random(7);
        double[][] rows = new double[n][FEATURES];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            Arrays.setAll(rows[i], j -> sparse && random.nextInt(3) == 0 ? 0 : random.nextGaussian());
            y[i] = random.nextInt(CLASSES);
        }
        Matrix x = sparse ? Rows.sparse(rows, FEATURES) : DenseMatrix.ofRows(rows);
        CoefLayout layout = CoefLayout.of(x, CLASSES, intercept, false);
        LinearObjective smooth = new LinearObjective(
                x, new SoftmaxLoss(y, CLASSES), new double[0], new double[0], new None(), layout, workers, true);
        CompositeObjective objective = new CompositeObjective(smooth, ElasticNet.of(1e-3, 1), ColumnMatrix.of(x));
        double[] w = new double[layout.size()];
        for (int j = 0; j < FEATURES; j++) {
            for (int k = 0; k < CLASSES; k++) {
                w[layout.index(j, k)] = 2 * random.nextGaussian();
            }
        }
        double[] gradient = new double[w.length];
        objective.evaluate(w, gradient);
        objective.workingSet(w, gradient);
        return objective.quadratic(caution, floor);
    }

    private static double[] product(ColumnQuadratic model, int a, int b) {
        double[] v = new double[FEATURES * CLASSES];
        v[a] = 1;
        v[b] = 1;
        double[] out = new double[v.length];
        model.product(everyCoefficient(), v, new double[CLASSES], v, out, new double[CLASSES]);
        return out;
    }

    private static WorkingSet everyCoefficient() {
        int[] feature = new int[FEATURES * CLASSES];
        int[] start = new int[CLASSES + 1];
        Arrays.setAll(feature, e -> e % FEATURES);
        Arrays.setAll(start, k -> k * FEATURES);
        return new WorkingSet(feature, new int[feature.length], start, 0);
    }
}
