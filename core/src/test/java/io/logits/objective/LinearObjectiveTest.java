package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.loss.SoftmaxLoss;
import io.logits.penalty.None;
import io.logits.penalty.Ridge;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import io.logits.testkit.FiniteDifferences;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, derivatives and the dual bound against plain code and finite differences. */
class LinearObjectiveTest {
    private static final int N = 37;
    private static final int P = 4;

    private static final Tolerance ROUNDING = Tolerance.absolute(1e-13, "means of 37 rows in another order");
    private static final Tolerance OF_SAMPLES =
            Tolerance.absolute(1e-13, "means of thousands of rows in another order");
    private static final Tolerance DIFFERENCES =
            Tolerance.absolute(1e-9, "five-point formula at a step of 1e-3: rounding 1e-13, truncation about 1e-11");

    private final SplittableRandom random = new SplittableRandom(9);

    private PlainProblem problem(int classes, boolean intercept, boolean penalty, boolean offset) {
        return problem(N, classes, intercept, penalty, offset);
    }

    private PlainProblem problem(int n, int classes, boolean intercept, boolean penalty, boolean offset) {
        double[][] x = new double[n][P];
        int[] y = new int[n];
        double[] s = new double[n];
        for (int i = 0; i < n; i++) {
            Arrays.setAll(x[i], j -> random.nextInt(3) == 0 ? 0 : (float) random.nextDouble(-2, 2));
            y[i] = i < classes ? i : random.nextInt(classes);
            s[i] = i < classes ? 1 : random.nextInt(4);
        }
        double[] o = random.doubles(offset ? (classes == 2 ? n : n * classes) : 0, -2, 2)
                .toArray();
        double[] ridge = penalty ? new double[] {0.1, 0.2, 0.05, 0.4} : new double[P];
        return new PlainProblem(x, y, s, o, classes, intercept, ridge);
    }

    private static List<Matrix> everyKind(PlainProblem problem) {
        double[][] x = problem.x();
        return List.of(
                Rows.dense(x, P),
                Rows.denseFloat(x, P),
                Rows.sparse(x, P),
                Rows.sparse(x, P, Precision.FLOAT32, 5, 5, 30, x.length));
    }

    private static LinearObjective objective(PlainProblem problem, Matrix x, Workers workers) {
        CoefLayout layout = layout(problem, x);
        LinearObjective objective = new LinearObjective(
                x,
                problem.classes() == 2
                        ? new LogisticLoss(problem.y())
                        : new SoftmaxLoss(problem.y(), problem.classes()),
                problem.s(),
                problem.offset(),
                problem.penalised() ? Ridge.of(1, problem.ridge()) : new None(),
                layout,
                workers,
                true);
        objective.refine();
        return objective;
    }

    private static CoefLayout layout(PlainProblem problem, Matrix x) {
        boolean reference = problem.classes() > 2 && !problem.penalised();
        return CoefLayout.of(x, problem.logits(), problem.intercept(), reference);
    }

    /** A plain point, 0 where the problem has nothing. */
    private double[] point(PlainProblem problem, CoefLayout layout) {
        double[] theta = random.doubles(problem.size(), -1, 1).toArray();
        for (int k = 0; k < problem.logits(); k++) {
            for (int j = 0; j <= P; j++) {
                if (k < layout.firstFree() || j >= layout.rows()) {
                    theta[k * (P + 1) + j] = 0;
                }
            }
        }
        return theta;
    }

    private static double[] laidOut(double[] theta, CoefLayout layout) {
        double[] w = new double[layout.size()];
        for (int k = layout.firstFree(); k < layout.logits(); k++) {
            for (int j = 0; j < layout.rows(); j++) {
                w[layout.index(j, k)] = theta[k * (P + 1) + j];
            }
        }
        return w;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePreconditionerOfSparseRowsOfManyClassesIsTheHessiansDiagonal(boolean intercept) {
        PlainProblem problem = problem(4, intercept, true, true);
        double damping = 3;
        try (Workers workers = Workers.of(2)) {
            for (Matrix x : List.of(
                    Rows.sparse(problem.x(), P),
                    Rows.sparse(problem.x(), P, Precision.FLOAT32, 5, 5, 30, problem.x().length))) {
                LinearObjective objective = objective(problem, x, workers);
                int order = objective.freeSize();
                objective.evaluate(
                        laidOut(point(problem, layout(problem, x)), layout(problem, x)), new double[objective.size()]);
                double[] h = new double[order * order];
                objective.hessian(h);
                double[] r = new double[objective.size()];
                objective.fromFree(random.doubles(order, -1, 1).toArray(), r);
                double[] inverse = new double[r.length];
                objective.preconditioner(damping, false).apply(r, inverse);
                // What the penalty adds, and the diagonal, times the inverse is what it was applied to.
                double[] back = new double[r.length];
                objective.penaltyProductAdd(damping, inverse, back);
                double[] free = new double[order];
                objective.toFree(inverse, free);
                double[] added = new double[order];
                objective.toFree(back, added);
                double[] wanted = new double[order];
                objective.toFree(r, wanted);
                for (int f = 0; f < order; f++) {
                    ROUNDING.check(
                            Math.abs(Math.fma(h[f * order + f], free[f], added[f]) - wanted[f]), "coordinate " + f);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,true", "2,false", "4,true", "4,false"})
    void theCloserPreconditionerOfSparseRowsHasTheMeansByTheirCurvaturesToo(int classes, boolean intercept) {
        // With the intercept 0 the same point, whose second derivatives by it and a feature tell the mean of that.
        PlainProblem with = problem(classes, true, true, true);
        PlainProblem problem =
                new PlainProblem(with.x(), with.y(), with.s(), with.offset(), classes, intercept, with.ridge());
        double damping = 3;
        try (Workers workers = Workers.of(2)) {
            Matrix x = Rows.sparse(problem.x(), P, Precision.FLOAT64, 5, 30, problem.x().length);
            double[] theta = point(problem, layout(problem, x));
            double[][] h = with.hessian(theta);
            LinearObjective objective = objective(problem, x, workers);
            objective.evaluate(laidOut(theta, layout(problem, x)), new double[objective.size()]);
            double[] r = laidOut(random.doubles(problem.size(), -1, 1).toArray(), layout(problem, x));
            double[] z = new double[r.length];
            objective.preconditioner(damping, true).apply(r, z);
            CoefLayout layout = layout(problem, x);
            for (int k = 0; k < problem.logits(); k++) {
                int first = k * (P + 1);
                double total = h[first + P][first + P];
                double along = intercept ? total * z[layout.index(P, k)] : 0;
                for (int j = 0; j < P; j++) {
                    along += h[first + P][first + j] * z[layout.index(j, k)];
                }
                for (int j = 0; j < P; j++) {
                    double mean = h[first + P][first + j] / total;
                    double own = h[first + j][first + j] - total * mean * mean + damping * problem.ridge()[j];
                    ROUNDING.check(
                            Math.abs(own * z[layout.index(j, k)] + mean * along - r[layout.index(j, k)]),
                            "feature " + j + " of logit " + k);
                }
                if (intercept) {
                    ROUNDING.check(Math.abs(along - r[layout.index(P, k)]), "intercept of logit " + k);
                }
            }
        }
    }

    @Test
    void thePreconditionerIsFiniteWhereNoRowCurves() {
        for (int classes : new int[] {2, 4}) {
            PlainProblem problem = problem(classes, false, true, false);
            try (Workers workers = Workers.of(1)) {
                Matrix x = Rows.sparse(problem.x(), P);
                LinearObjective objective = objective(problem, x, workers);
                double[] w = laidOut(point(problem, layout(problem, x)), layout(problem, x));
                Arrays.setAll(w, c -> 1e6 * w[c]);
                double[] gradient = new double[w.length];
                objective.evaluate(w, gradient);
                for (boolean closely : new boolean[] {false, true}) {
                    double[] z = new double[w.length];
                    objective.preconditioner(0, closely).apply(gradient, z);
                    assertThat(Arrays.stream(z).allMatch(Double::isFinite)).isTrue();
                }
            }
        }
    }

    @Test
    void thePreconditionerOfSparseRowsOfTwoClassesTellsTheMeansOfTheColumns() {
        PlainProblem problem = problem(2, false, true, false);
        try (Workers workers = Workers.of(2)) {
            Matrix x = Rows.sparse(problem.x(), P);
            LinearObjective objective = objective(problem, x, workers);
            objective.evaluate(new double[objective.size()], new double[objective.size()]);
            assertThat(objective.columnMeans()).isEmpty();
            int before = objective.passes();
            objective.preconditioner();
            assertThat(objective.passes()).isEqualTo(before + 1);
            double[] means = objective.columnMeans().orElseThrow();
            double weight = Arrays.stream(problem.s()).sum();
            for (int j = 0; j < P; j++) {
                double sum = 0;
                for (int i = 0; i < N; i++) {
                    sum += problem.s()[i] * problem.x()[i][j];
                }
                ROUNDING.check(Math.abs(means[j] - sum / weight), "feature " + j);
            }
            means[0] = Double.NaN;
            assertThat(objective.columnMeans().orElseThrow()[0]).isNotNaN();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2,true,true,false",
        "2,true,true,true",
        "2,false,true,true",
        "2,true,false,false",
        "4,true,true,true",
        "4,false,true,false",
        "4,true,false,true",
        "3,false,false,false"
    })
    void valueAndDerivativesAreThoseOfPlainCodeAndOfDifferences(
            int classes, boolean intercept, boolean penalty, boolean offset) {
        PlainProblem problem = problem(classes, intercept, penalty, offset);
        try (Workers workers = Workers.of(2)) {
            for (Matrix x : everyKind(problem)) {
                LinearObjective objective = objective(problem, x, workers);
                CoefLayout layout = layout(problem, x);
                double[] theta = point(problem, layout);
                double[] w = laidOut(theta, layout);
                double[] gradient = new double[w.length];
                double value = objective.evaluate(w, gradient);
                ROUNDING.check(Math.abs(value - problem.value(theta)), "value");
                double[] plain = FiniteDifferences.gradient(problem::value, theta);
                close(gradient, laidOut(plain, layout), "gradient");
                checkSecondDerivatives(problem, objective, layout, theta);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aSampleIsTheProblemOfItsRowsAlone(int classes) {
        PlainProblem all = problem(20_000, classes, true, true, true);
        try (Workers workers = Workers.of(2)) {
            for (Matrix x : everyKind(all)) {
                CoefLayout layout = layout(all, x);
                TwiceSmoothObjective sample =
                        objective(all, x, workers).ofSample().orElseThrow().objective();
                sample.refine();
                PlainProblem some = of(all, LinearObjective.sampledOf(all.y().length, layout.freeSize()));
                double[] theta = point(all, layout);
                double[] gradient = new double[layout.size()];
                double value = sample.evaluate(laidOut(theta, layout), gradient);
                OF_SAMPLES.check(Math.abs(value - some.value(theta)), "value");
                double[] plain = laidOut(some.gradient(theta), layout);
                for (int c = 0; c < plain.length; c++) {
                    OF_SAMPLES.check(Math.abs(gradient[c] - plain[c]), "gradient " + c);
                }
            }
        }
    }

    /** The rows of one tile of 64 in {@code every}. */
    private static PlainProblem of(PlainProblem all, int every) {
        int[] rows = IntStream.range(0, all.y().length)
                .filter(i -> i / 64 % every == 0)
                .toArray();
        int logits = all.logits();
        return new PlainProblem(
                Arrays.stream(rows).mapToObj(i -> all.x()[i]).toArray(double[][]::new),
                Arrays.stream(rows).map(i -> all.y()[i]).toArray(),
                Arrays.stream(rows).mapToDouble(i -> all.s()[i]).toArray(),
                IntStream.range(0, rows.length * logits)
                        .mapToDouble(e -> all.offset()[rows[e / logits] * logits + e % logits])
                        .toArray(),
                all.classes(),
                all.intercept(),
                all.ridge());
    }

    private void checkSecondDerivatives(
            PlainProblem problem, LinearObjective objective, CoefLayout layout, double[] theta) {
        double[] direction = point(problem, layout);
        double[] w = laidOut(theta, layout);
        double[] v = laidOut(direction, layout);
        double[] product = new double[w.length];
        objective.evaluate(w, product);
        objective.hessianProduct(v, product);
        double[] expected = new double[w.length];
        for (int c = 0; c < theta.length; c++) {
            int entry = c;
            double[] slope = FiniteDifferences.gradient(
                    t -> {
                        double[] moved = theta.clone();
                        Arrays.setAll(moved, q -> theta[q] + t[0] * direction[q]);
                        return problem.gradient(moved)[entry];
                    },
                    new double[1]);
            int k = c / (P + 1);
            int j = c % (P + 1);
            if (k >= layout.firstFree() && j < layout.rows()) {
                expected[layout.index(j, k)] = slope[0];
            }
        }
        close(product, expected, "Hessian product");

        int n = objective.freeSize();
        double[] h = new double[n * n];
        objective.hessian(h);
        double[] free = new double[n];
        objective.toFree(v, free);
        double[] byMatrix = new double[n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                byMatrix[a] += (a >= b ? h[a * n + b] : h[b * n + a]) * free[b];
            }
        }
        double[] back = new double[w.length];
        objective.fromFree(byMatrix, back);
        close(back, expected, "Hessian");
    }

    private static void close(double[] actual, double[] expected, String what) {
        for (int c = 0; c < expected.length; c++) {
            DIFFERENCES.check(Math.abs(actual[c] - expected[c]), what + " " + c);
        }
    }

    @ParameterizedTest
    @CsvSource({"2,false", "2,true", "3,false", "5,true"})
    void withoutAnInterceptTheGapIsObjectiveLessDual(int classes, boolean offset) {
        PlainProblem problem = problem(classes, false, true, offset);
        try (Workers workers = Workers.of(1)) {
            Matrix x = Rows.dense(problem.x(), P);
            LinearObjective objective = objective(problem, x, workers);
            CoefLayout layout = layout(problem, x);
            for (int trial = 0; trial < 20; trial++) {
                double[] theta = point(problem, layout);
                double[] w = laidOut(theta, layout);
                double[] gradient = new double[w.length];
                double value = objective.evaluate(w, gradient);
                double gap = objective.certificate(w, gradient).gap();
                ROUNDING.check(Math.abs(value - gap - problem.dual(theta)), "dual");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,false", "2,true", "3,false", "5,true"})
    void withAnInterceptTheDualIsABoundAtAnyPoint(int classes, boolean offset) {
        PlainProblem problem = problem(classes, true, true, offset);
        double optimum = problem.value(problem.minimum());
        try (Workers workers = Workers.of(1)) {
            for (Matrix x : everyKind(problem)) {
                LinearObjective objective = objective(problem, x, workers);
                CoefLayout layout = layout(problem, x);
                for (int trial = 0; trial < 50; trial++) {
                    double[] theta = point(problem, layout);
                    for (int k = 0; k < problem.logits() && trial < 10; k++) {
                        theta[k * (P + 1) + P] = 0; // where |b r| would be no bound
                    }
                    double[] w = laidOut(theta, layout);
                    double[] gradient = new double[w.length];
                    double value = objective.evaluate(w, gradient);
                    assertThat(value - objective.certificate(w, gradient).gap())
                            .isLessThanOrEqualTo(optimum + ROUNDING.bound());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void everyReadOfTheMatrixCountsAndClassesAreSummedOnce(int classes) {
        PlainProblem problem = problem(classes, true, true, false);
        Matrix x = Rows.denseFloat(problem.x(), P);
        try (Workers workers = Workers.of(1)) {
            CoefLayout layout = layout(problem, x);
            LinearObjective objective = new LinearObjective(
                    x,
                    classes == 2 ? new LogisticLoss(problem.y()) : new SoftmaxLoss(problem.y(), classes),
                    problem.s(),
                    problem.offset(),
                    Ridge.of(1, problem.ridge()),
                    layout,
                    workers,
                    true);
            double[] w = new double[layout.size()];
            double[] g = new double[w.length];
            objective.evaluate(w, g);
            assertThat(objective.passes()).isEqualTo(1);
            objective.certificate(w, g);
            assertThat(objective.passes()).isEqualTo(1);
            assertThat(objective.refine()).isTrue();
            objective.evaluate(w, g);
            objective.certificate(w, g);
            objective.hessianProduct(w, g);
            assertThat(objective.passes()).isEqualTo(3);
        }
    }
}
