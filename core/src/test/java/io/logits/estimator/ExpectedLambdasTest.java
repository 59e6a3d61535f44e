package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths of two classes on dense rows that are many, whose lambdas are known before, so that several are fitted at once. */
class ExpectedLambdasTest {
    private static final int ROWS = 500;
    private static final int FEATURES = 12;
    private static final double GAP = 1e-9;

    private static final Tolerance OBJECTIVE =
            Tolerance.relative(2 * GAP, "each of two fits is at most a gap of 1e-9 off");

    private record Case(String name, Dataset data, Options options) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Options l1() {
        return Options.defaults().withPenalty(PenaltyKind.L1).withTolerance(GAP);
    }

    /** Correlated columns, of which some decide; {@code shift} away from 0. */
    private static double[] features(double scale, double shift) {
        SplittableRandom random = new SplittableRandom(11);
        double[] x = new double[ROWS * FEATURES];
        for (int i = 0; i < ROWS; i++) {
            double common = random.nextGaussian();
            for (int j = 0; j < FEATURES; j++) {
                x[i * FEATURES + j] = shift + scale * (random.nextGaussian() + 0.5 * common);
            }
        }
        return x;
    }

    private static Dataset data(double[] x) {
        return new Dataset(DenseMatrix.of(ROWS, FEATURES, x), labels(1), null, null, PlainEncoding.numbered(FEATURES));
    }

    private static Labels labels(double noise) {
        double[] x = features(1, 0);
        SplittableRandom random = new SplittableRandom(12);
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            double z = 0.5 + noise * random.nextGaussian();
            for (int j = 0; j < 4; j++) {
                z += (j % 2 == 0 ? 1.5 : -1) * x[i * FEATURES + j];
            }
            y[i] = z > 0 ? 1 : 0;
        }
        return Labels.of(List.of("no", "yes"), y);
    }

    private static double[] positive(int seed, double spread) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[ROWS];
        Arrays.setAll(values, i -> spread * random.nextDouble());
        return values;
    }

    static Stream<Case> cases() {
        Dataset plain = data(features(1, 0));
        float[] single = new float[ROWS * FEATURES];
        double[] x = features(1, 0);
        for (int e = 0; e < x.length; e++) {
            single[e] = (float) x[e];
        }
        Dataset narrow = new Dataset(
                DenseMatrix.of(ROWS, FEATURES, single), labels(1), null, null, PlainEncoding.numbered(FEATURES));
        FeatureRules rules = new FeatureRules(
                Map.of("x1", 0.0, "x2", 3.0), Map.of("x2", 0.0, "x5", -0.01), Map.of("x1", 0.6, "x3", 0.2));
        FeatureRules free = new FeatureRules(Map.of("x2", 0.0, "x7", 0.0), Map.of(), Map.of());
        return Stream.of(
                new Case("plain", plain, l1()),
                new Case("without an intercept", plain, l1().withIntercept(false)),
                new Case("float32", narrow, l1()),
                new Case("far from 0", data(features(1, 1000)), l1()),
                new Case("weights and offset", plain.withWeights(positive(3, 2)).withOffset(positive(4, 1.5)), l1()),
                new Case(
                        "elastic net",
                        plain,
                        l1().withPenalty(PenaltyKind.ELASTICNET).withL1Ratio(0.3)),
                new Case("factors and bounds", plain, l1().withFeatures(rules)),
                new Case("features without a penalty", plain, l1().withFeatures(free)),
                new Case("standardised", data(features(20, 5)), l1().withStandardize(true)));
    }

    private static double[] lambdas(double first, int count, double ratio) {
        double[] lambdas = new double[count];
        Arrays.setAll(lambdas, l -> first * Math.pow(ratio, l / (count - 1.0)));
        return lambdas;
    }

    private static LogisticRegression of(Options options) {
        return LogisticRegression.withDefaults().withOptions(options);
    }

    private static List<Fit<LogisticModel>> path(Case problem, int threads, int count, double ratio) {
        List<Fit<LogisticModel>> fits = new ArrayList<>();
        try (PathFit<LogisticModel> path =
                of(problem.options.withThreads(threads)).path(problem.data)) {
            double[] lambdas = lambdas(path.lambdaMax(), count, ratio);
            path.expect(lambdas);
            for (double lambda : lambdas) {
                fits.add(path.fit(lambda));
            }
        }
        return fits;
    }

    private static int passes(List<Fit<LogisticModel>> fits) {
        return fits.stream().mapToInt(fit -> fit.solution().passes()).sum();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachFitIsThatOfItsLambdaAloneAndTheDataIsReadLessOftenThanThereAreLambdas(Case problem) {
        List<Fit<LogisticModel>> fits = path(problem, 1, 80, 1e-3);
        for (Fit<LogisticModel> fit : fits) {
            Fit<LogisticModel> alone =
                    of(problem.options).withLambda(fit.lambda()).fit(problem.data);
            assertThat(fit.solution().converged()).isTrue();
            assertThat(fit.solution().relativeGap()).isBetween(0.0, GAP);
            double best = alone.solution().objective();
            OBJECTIVE.check(Math.abs(fit.solution().objective() - best) / best, "objective at " + fit.lambda());
            assertThat(fit.solution().dual()).isLessThanOrEqualTo(best * (1 + 1e-13));
        }
        assertThat(passes(fits)).isLessThan(fits.size());
    }

    @Test
    void threadsDoNotChangeABit() {
        Case problem = cases().findFirst().orElseThrow();
        List<Fit<LogisticModel>> one = path(problem, 1, 20, 1e-2);
        List<Fit<LogisticModel>> two = path(problem, 2, 20, 1e-2);
        for (int l = 0; l < one.size(); l++) {
            assertThat(two.get(l).model().intercept(0))
                    .isEqualTo(one.get(l).model().intercept(0));
            for (int j = 0; j < FEATURES; j++) {
                assertThat(two.get(l).model().coefficient(0, j))
                        .isEqualTo(one.get(l).model().coefficient(0, j));
            }
        }
    }

    private static Dataset separable() {
        return new Dataset(
                DenseMatrix.of(ROWS, FEATURES, features(1, 0)),
                labels(0),
                null,
                null,
                PlainEncoding.numbered(FEATURES));
    }

    /** Along such a path margins grow without end, and Newton's models are no good from some lambda on. */
    @Test
    void separableClassesAreFittedToTheEndOfThePath() {
        List<Fit<LogisticModel>> fits = path(new Case("separable", separable(), l1().withTolerance(1e-6)), 2, 20, 1e-6);
        assertThat(fits).allMatch(fit -> fit.solution().converged());
        assertThat(fits.get(fits.size() - 1).meanLoss()).isLessThan(1e-4);
    }

    @Test
    void aLambdaThatWasNotExpectedIsFittedForItself() {
        Case problem = cases().findFirst().orElseThrow();
        try (PathFit<LogisticModel> path = of(problem.options).path(problem.data)) {
            double most = path.lambdaMax();
            path.expect(new double[] {most / 2, most / 4, most / 8});
            for (double lambda : new double[] {most / 2, most / 3, most / 4, most / 8, most / 16, 0}) {
                checkAsAlone(problem, path.fit(lambda));
            }
        }
    }

    private static void checkAsAlone(Case problem, Fit<LogisticModel> fit) {
        Fit<LogisticModel> alone = of(problem.options).withLambda(fit.lambda()).fit(problem.data);
        double best = alone.solution().objective();
        OBJECTIVE.check(Math.abs(fit.solution().objective() - best) / best, "objective at " + fit.lambda());
        if (fit.lambda() > 0) {
            assertThat(fit.solution().relativeGap()).isBetween(0.0, GAP);
            assertThat(fit.solution().dual()).isLessThanOrEqualTo(best * (1 + 1e-13));
        }
    }

    /** Its passes are those of no other fit. */
    @Test
    void aLambdaThatWasNotExpectedLeavesTheCountOfPassesOfThoseThatWere() {
        Case problem = cases().findFirst().orElseThrow();
        List<Integer> without = passesOfExpected(problem, 2, 4);
        assertThat(passesOfExpected(problem, 2, 3, 4)).isEqualTo(without);
        assertThat(without.get(1)).isLessThan(without.get(0));
    }

    /** Passes at lambda_max over 2 and 4, which are expected, on a path through lambda_max over each of these. */
    private static List<Integer> passesOfExpected(Case problem, int... parts) {
        List<Integer> passes = new ArrayList<>();
        try (PathFit<LogisticModel> path = of(problem.options).path(problem.data)) {
            double most = path.lambdaMax();
            path.expect(new double[] {most / 2, most / 4});
            for (int part : parts) {
                int ofFit = path.fit(most / part).solution().passes();
                if (part != 3) {
                    passes.add(ofFit);
                }
            }
        }
        return passes;
    }

    /**
     * The fit before ends where the next starts without a pass, unless the warm start of the expected ones has been evaluated
     * since: the losses there are nearly 0, and so would be a gap that is made of them.
     */
    @Test
    void whereNoneOfTheExpectedLambdasIsAskedForFirstTheCertificateIsOfThePointThatIsGiven() {
        Dataset separable = separable();
        LogisticModel fitted = of(l1()).withLambda(0.1).fit(separable).model();
        double[] sure = new double[FEATURES];
        Arrays.setAll(sure, j -> j < 4 ? (j % 2 == 0 ? 1.5e5 : -1e5) : 0);
        LogisticModel warm = new LogisticModel(fitted.classes(), fitted.encoding(), sure, 0.5e5, fitted.provenance());
        Case problem = new Case("warm", separable, l1());
        try (PathFit<LogisticModel> path = of(l1().withWarmStart(warm)).path(separable)) {
            double most = path.lambdaMax();
            double[] expected = {most / 2, most / 4};
            checkAsAlone(problem, path.fit(most / 5));
            path.expect(expected);
            checkAsAlone(problem, path.fit(most / 6));
            checkAsAlone(problem, path.fit(most / 2));
            path.expect(expected);
            checkAsAlone(problem, path.fit(most / 2));
            checkAsAlone(problem, path.fit(most / 3));
            checkAsAlone(problem, path.fit(most / 4));
        }
    }
}
