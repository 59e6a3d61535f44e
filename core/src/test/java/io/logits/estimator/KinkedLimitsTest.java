package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.model.LogisticModel;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Penalties with kinks, and bounds, where numbers are at their limits. */
class KinkedLimitsTest {
    private static final int ROWS = 60;

    private static double[][] rows(UnaryOperator<Double> ofFirst) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] x = new double[ROWS][2];
        for (double[] row : x) {
            row[0] = ofFirst.apply(random.nextDouble(-1, 1));
            row[1] = random.nextDouble(-1, 1);
        }
        return x;
    }

    /** Labels that overlap: three in four agree with the sign of the first feature. */
    private static Dataset overlapping(double[][] x, double[][] signs) {
        String[] labels = new String[x.length];
        for (int i = 0; i < x.length; i++) {
            labels[i] = (signs[i][0] > 0) == (i % 4 != 0) ? "yes" : "no";
        }
        return Dataset.of(Rows.dense(x, 2), Labels.of(List.of(labels)));
    }

    private static Options l1(double lambda) {
        return Options.defaults().withPenalty(PenaltyKind.L1).withStrength(new Strength.Lambda(lambda));
    }

    /** The dual point is then scaled by less than the distance of 1 to its neighbour. */
    @Test
    void aVanishingPenaltyIsNotTakenForOneThatLeavesNothing() {
        double[][] x = rows(v -> v);
        Fit<LogisticModel> fit = LogisticRegression.withDefaults()
                .withOptions(l1(1e-18).withMaxPasses(200))
                .fit(overlapping(x, x));
        assertThat(fit.model().coefficient(0, 0)).isPositive();
        assertThat(fit.meanLoss()).isLessThan(0.6);
    }

    @Test
    void neitherIsAHugeFeature() {
        double[][] x = rows(v -> 1e18 * v);
        Fit<LogisticModel> fit = LogisticRegression.withDefaults()
                .withOptions(l1(1e-3).withMaxPasses(200))
                .fit(overlapping(x, rows(v -> v)));
        assertThat(fit.model().coefficient(0, 0)).isPositive();
        assertThat(fit.meanLoss()).isLessThan(0.6);
    }

    /** Loss, gradient and gap are 0 then, and there is nothing to do. */
    @Test
    void rowsThatTheirOffsetsFitLeaveNothingToLearn() {
        double[][] x = rows(v -> v);
        Dataset data = overlapping(x, x);
        double[] offset = new double[ROWS];
        Arrays.setAll(offset, i -> data.labels().indices()[i] == 1 ? 1000 : -1000);
        Fit<LogisticModel> fit = LogisticRegression.withDefaults()
                .withOptions(l1(1e-3).withIntercept(false))
                .fit(data.withOffset(offset));
        assertThat(fit.solution().converged()).isTrue();
        assertThat(fit.model().coefficient(0, 0)).isZero();
    }

    @Test
    void boundsNeedAPenaltyInAFitAsInAPath() {
        Dataset data = overlapping(rows(v -> v), rows(v -> v));
        FeatureRules below = new FeatureRules(Map.of(), Map.of("x1", 0.0), Map.of());
        for (PenaltyKind penalty : List.of(PenaltyKind.L1, PenaltyKind.L2)) {
            LogisticRegression estimator = LogisticRegression.withDefaults()
                    .withOptions(l1(0).withPenalty(penalty).withFeatures(below));
            assertThatThrownBy(() -> estimator.fit(data))
                    .hasMessage("lambda is 0 and features have bounds, which need a penalty, if a weak one");
            assertThatThrownBy(() -> estimator.withLambda(1).path(data).fit(0))
                    .hasMessage("lambda is 0 and features have bounds, which need a penalty, if a weak one");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFeatureThatIsNoNumberEndsTheFitAtOnce(boolean grouped) {
        double[][] x = rows(v -> v);
        x[7][1] = Double.NaN;
        String[] labels = new String[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = "abc".substring(i % 3, i % 3 + 1);
        }
        AtomicInteger iterations = new AtomicInteger();
        SoftmaxRegression estimator = SoftmaxRegression.withDefaults()
                .withOptions(l1(0.01).withGrouped(grouped).withListener(progress -> iterations.incrementAndGet()));
        assertThatThrownBy(() -> estimator.fit(Dataset.of(Rows.dense(x, 2), Labels.of(List.of(labels)))))
                .hasMessage("feature x2 of row 7 is NaN, a finite number is needed");
        assertThat(iterations).hasValueLessThanOrEqualTo(1);
    }
}
