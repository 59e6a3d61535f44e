package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.features.PlainEncoding;
import io.logits.model.Model;
import io.logits.model.SoftmaxModel;
import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse rows of more coefficients than entries, most of whose columns are there several times, which fits merge. */
class DuplicateFeaturesTest {
    private static final int ROWS = 60;
    private static final int KINDS = 30;
    /** Kinds from here on are 0 in all rows. */
    private static final int EMPTY = 15;

    private static final int FEATURES = 240;
    private static final double LAMBDA = 0.01;

    private static final Tolerance ROUNDING =
            Tolerance.relative(1e-12, "means of 60 losses and sums of 450 terms, in another order");
    private static final Tolerance OPTIMALITY = new Tolerance(
            "violation of an optimality condition",
            1e-5,
            "what a gap of 1e-12 leaves, as its root, where curvature is of order 1");
    private static final Tolerance MEANS = Tolerance.absolute(1e-15, "sums of 60 terms of at most 1/60");

    private final double[][] x = new double[ROWS][FEATURES];
    private final int[] y = new int[ROWS];
    private final double[] weights = new double[ROWS];
    private final double[] offset = new double[ROWS];

    DuplicateFeaturesTest() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ROWS; i++) {
            double[] kinds = new double[KINDS];
            Arrays.setAll(kinds, j -> j >= EMPTY || random.nextInt(50) > 0 ? 0 : 0.5 + 0.25 * random.nextInt(3));
            kinds[i % EMPTY] = i < EMPTY ? 1 : kinds[i % EMPTY];
            Arrays.setAll(x[i], j -> kinds[kind(j)]);
            y[i] = random.nextInt(4) > 0 && kinds[0] + kinds[1] + kinds[4] > 0 ? 1 : random.nextInt(3);
            weights[i] = 1 + random.nextInt(3);
            offset[i] = random.nextDouble(-1, 1);
        }
    }

    /** Kinds are there one to nine times, and not side by side. */
    private static int kind(int j) {
        return j < KINDS ? j : j % 2 == 0 ? KINDS - 1 : (j * j) % KINDS;
    }

    private Dataset data(int classes, Matrix rows) {
        String[] names = new String[ROWS];
        Arrays.setAll(names, i -> "c" + y[i] % classes);
        double[] offsets = classes == 2 ? offset : null;
        return new Dataset(
                rows, Labels.of(Arrays.asList(names)), weights, offsets, PlainEncoding.numbered(rows.cols()));
    }

    private Dataset data(int classes) {
        return data(classes, Rows.sparse(x, FEATURES, Precision.FLOAT32, 20, ROWS));
    }

    private static Options options(double share, boolean standardize) {
        Options options = Options.defaults()
                .withPenalty(PenaltyKind.ELASTICNET)
                .withL1Ratio(share)
                .withStandardize(standardize)
                .withStrength(new Strength.Lambda(LAMBDA))
                .withTolerance(1e-12);
        return share == 0 ? options.withPenalty(PenaltyKind.L2) : options;
    }

    private double variance(int j) {
        double total = Arrays.stream(weights).sum();
        double mean = 0;
        double square = 0;
        for (int i = 0; i < ROWS; i++) {
            mean += weights[i] * x[i][j] / total;
            square += weights[i] * x[i][j] * x[i][j] / total;
        }
        double variance = square - mean * mean;
        return variance > 0 ? variance : 1;
    }

    /** The objective, and the largest violation of a condition of optimality, of a model with all features. */
    private double[] plainly(int classes, Model model, double share, boolean standardize, boolean grouped) {
        int[] of = Arrays.stream(y).map(k -> k % classes).toArray();
        double[] offsets = classes == 2 ? offset : new double[0];
        PlainProblem loss = new PlainProblem(x, of, weights, offsets, classes, true, new double[FEATURES]);
        double[] theta = Fitted.theta(model);
        double[] g = loss.gradient(theta);
        double value = loss.value(theta);
        double violation = 0;
        int logits = loss.logits();
        for (int j = 0; j <= FEATURES; j++) {
            double variance = j < FEATURES && standardize ? variance(j) : 1;
            double absolute = j < FEATURES ? LAMBDA * share * Math.sqrt(variance) : 0;
            double curvature = j < FEATURES ? LAMBDA * (1 - share) * variance : 0;
            double[] w = new double[logits];
            double[] slope = new double[logits];
            for (int k = 0; k < logits; k++) {
                w[k] = theta[k * (FEATURES + 1) + j];
                slope[k] = g[k * (FEATURES + 1) + j] + curvature * w[k];
                value += curvature / 2 * w[k] * w[k];
            }
            double size = norm(w);
            for (int k = 0; k < logits && !grouped; k++) {
                value += absolute * Math.abs(w[k]);
                double failing = w[k] != 0
                        ? Math.abs(slope[k] + absolute * Math.signum(w[k]))
                        : Math.max(0, Math.abs(slope[k]) - absolute);
                violation = Math.max(violation, failing);
            }
            if (grouped) {
                value += absolute * size;
                for (int k = 0; k < logits && size > 0; k++) {
                    slope[k] += absolute * w[k] / size;
                }
                violation = Math.max(violation, size > 0 ? norm(slope) : Math.max(0, norm(slope) - absolute));
            }
        }
        return new double[] {value, violation};
    }

    private static double norm(double[] v) {
        return Math.sqrt(Arrays.stream(v).map(a -> a * a).sum());
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0, false, false",
        "3, 0, true, false",
        "3, 1, false, false",
        "3, 1, true, false",
        "3, 0.5, false, false",
        "3, 0.7, true, false",
        "3, 0.95, false, false",
        "3, 1, false, true",
        "3, 0.5, true, true",
        "2, 0, false, false",
        "2, 1, true, false",
        "2, 0.5, false, false"
    })
    void theMinimumIsThatOfAllFeatures(int classes, double share, boolean standardize, boolean grouped) {
        assertThat(data(classes).features().storedEntries(ROWS)).isLessThan(FEATURES);
        Options options = options(share, standardize).withGrouped(grouped);
        Fitted fitted = Fitted.of(classes, data(classes), options);
        assertThat(fitted.solution().converged()).as("%s", fitted.solution()).isTrue();
        Model model = fitted.fit().model();
        double[] plain = plainly(classes, model, share, standardize, grouped);
        double objective = fitted.solution().objective();
        ROUNDING.check(Math.abs(objective - plain[0]) / plain[0], "objective");
        OPTIMALITY.check(plain[1], "conditions");
        assertThat(model.features()).isEqualTo(FEATURES);
        for (int j = KINDS; j < FEATURES; j++) {
            for (int k = 0; k < model.logits(); k++) {
                double first = model.coefficient(k, kind(j));
                assertThat(model.coefficient(k, j)).isEqualTo(share == 1 ? 0 : first);
            }
        }
        assertThat(Fitted.of(classes, data(classes), options.withThreads(3)).theta())
                .isEqualTo(fitted.theta());
        for (int j = 0; j < FEATURES; j++) {
            double mean = 0;
            for (int i = 0; i < ROWS; i++) {
                mean += weights[i] * x[i][j] / Arrays.stream(weights).sum();
            }
            MEANS.check(Math.abs(model.means()[j] - mean), "mean of feature " + j);
        }
        assertThat(model.provenance().data())
                .containsEntry("features", Integer.toString(FEATURES))
                .containsEntry(
                        "stored_entries", Long.toString(data(classes).features().storedEntries(ROWS)));
    }

    /** Features that are the same count by what they come to, however a model shares that. */
    @Test
    void aWarmStartIsTheSumOfFeaturesThatAreTheSame() {
        Options options = options(1, false).withTolerance(1e-9);
        Fitted ofAll = Fitted.of(3, data(3, Rows.dense(x, FEATURES)), options);
        SoftmaxModel given = (SoftmaxModel) ofAll.fit().model();
        double[] shared = new double[3 * FEATURES];
        SplittableRandom random = new SplittableRandom(2);
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < FEATURES; j++) {
                double part = random.nextDouble();
                shared[k * FEATURES + j] += part * given.coefficient(k, j);
                shared[k * FEATURES + kind(j)] += (1 - part) * given.coefficient(k, j);
            }
        }
        Model otherwise =
                new SoftmaxModel(given.classes(), given.encoding(), shared, intercepts(given), given.provenance());
        Fitted warm = Fitted.of(3, data(3), options.withMaxPasses(2).withWarmStart(otherwise));
        assertThat(warm.solution().iterations()).isZero();
        assertThat(warm.solution().converged()).isTrue();
    }

    private static double[] intercepts(Model model) {
        return IntStream.range(0, model.logits()).mapToDouble(model::intercept).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void aFitThatBeginsAtItsOwnModelIsAtTheEnd(double share) {
        Options options = options(share, false).withTolerance(1e-9);
        Fitted cold = Fitted.of(3, data(3), options);
        Fitted warm = Fitted.of(3, data(3), options.withWarmStart(cold.fit().model()));
        assertThat(warm.solution().iterations()).isZero();
        double objective = cold.solution().objective();
        ROUNDING.check(Math.abs(warm.solution().objective() - objective) / objective, "objective");
    }

    /** The last lambda is 0, without which the features that are the same have nothing to share. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void aPathGoesOnToNoPenalty(double share) {
        for (int i = 0; i < ROWS; i++) {
            y[i] = i % 3;
            // Two kinds, each in two rows of each class, which do not separate these.
            int own = i % 10 == 0 ? 1 : i % 10 == 5 ? 9 : -1;
            Arrays.setAll(x[i], j -> kind(j) == own ? 1 : 0);
        }
        Dataset data = data(3);
        Options options = options(share, false).withTolerance(1e-10);
        try (PathFit<? extends Model> path =
                SoftmaxRegression.withDefaults().withOptions(options).path(data)) {
            for (double lambda : new double[] {0.05, LAMBDA}) {
                Fit<? extends Model> fit = path.fit(lambda);
                assertThat(fit.solution().converged()).isTrue();
            }
            Fit<? extends Model> free = path.fit(0);
            assertThat(free.solution().converged()).as("%s", free.solution()).isTrue();
            double[] g = new PlainProblem(x, y, weights, new double[0], 3, true, new double[FEATURES])
                    .gradient(Fitted.theta(free.model()));
            OPTIMALITY.check(norm(g), "gradient without a penalty");
        }
    }

    /** Features of which one has another factor share what they do otherwise than in equal parts. */
    @Test
    void whereOneHasAFactorOfItsOwnAllFeaturesStay() {
        FeatureRules rules = new FeatureRules(Map.of("x2", 2.0), Map.of(), Map.of());
        Model model = Fitted.of(3, data(3), options(0, false).withFeatures(rules))
                .fit()
                .model();
        int like = KINDS + 1;
        assertThat(kind(like)).isOne();
        for (int k = 0; k < 3; k++) {
            double first = model.coefficient(k, 1);
            double other = model.coefficient(k, like);
            OPTIMALITY.check(Math.abs(2 * first - other), "halves of logit " + k);
            assertThat(Math.abs(other)).isGreaterThan(0.01);
        }
    }
}
