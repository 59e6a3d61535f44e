package io.logits.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.estimator.Fit;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SeparationException;
import io.logits.estimator.SoftmaxRegression;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.PathModel;
import io.logits.model.Provenance;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegularizationPathTest {
    private static final Tolerance SAME =
            Tolerance.absolute(1e-5, "two fits whose gaps are 1e-12 differ by about the root of that");

    private final Options lasso = Options.defaults().withPenalty(PenaltyKind.L1).withTolerance(1e-12);

    private static Dataset data(int classes) {
        Random random = new Random(5);
        double[][] x = new double[80][5];
        int[] y = new int[80];
        for (int i = 0; i < 80; i++) {
            for (int j = 0; j < 5; j++) {
                x[i][j] = random.nextGaussian();
            }
            y[i] = (int) Math.max(
                    0, Math.min(classes - 1, Math.round(x[i][0] + random.nextGaussian() + classes / 2.0 - 0.5)));
        }
        List<String> names = List.of("a", "b", "c").subList(0, classes);
        return Dataset.of(Rows.dense(x, 5), Labels.of(names, y));
    }

    @Test
    void everyLambdaAskedForIsThereFromTheLargestToTheLeast() {
        List<PathPoint> heard = new ArrayList<>();
        RegularizationPath path = RegularizationPath.fit(
                LogisticRegression.withDefaults().withOptions(lasso), data(2), LambdaGrid.defaults(), heard::add);
        assertThat(path.points()).hasSize(100).isEqualTo(heard);
        assertThat(path.points().get(0).lambda()).isEqualTo(path.lambdaMax());
        assertThat(path.points().get(0).nonzeroCoefficients()).isZero();
        assertThat(path.points().get(99).lambda()).isEqualTo(path.lambdaMax() * 1e-4);
        for (int l = 0; l < 100; l++) {
            PathPoint point = path.points().get(l);
            assertThat(point.solution().converged()).isTrue();
            assertThat(point.solution().relativeGap()).isLessThanOrEqualTo(1e-12);
            assertThat(path.model().points().get(l).lambda()).isEqualTo(point.lambda());
            assertThat(point.degreesOfFreedom()).isEqualTo((int) point.nonzeroCoefficients());
            if (l > 0) {
                assertThat(point.devianceExplained())
                        .isGreaterThanOrEqualTo(path.points().get(l - 1).devianceExplained());
            }
        }
    }

    @Test
    void modelsOfThePathAreThoseOfFitsAlone() {
        for (int classes : new int[] {2, 3}) {
            LinearClassifier<?, ?> estimator = classes == 2
                    ? LogisticRegression.withDefaults().withOptions(lasso)
                    : SoftmaxRegression.withDefaults().withOptions(lasso);
            Dataset data = data(classes);
            RegularizationPath path =
                    RegularizationPath.fit(estimator, data, new LambdaGrid.Listed(0.01, 0.2, 0.05), point -> {});
            assertThat(path.points().stream().map(PathPoint::lambda)).containsExactly(0.2, 0.05, 0.01);
            for (int l = 0; l < 3; l++) {
                double lambda = path.points().get(l).lambda();
                Fit<?> alone = estimator.withLambda(lambda).fit(data);
                Model model = path.model().at(l);
                for (int k = 0; k < model.logits(); k++) {
                    SAME.check(Math.abs(model.intercept(k) - alone.model().intercept(k)), "intercept");
                    for (int j = 0; j < 5; j++) {
                        SAME.check(
                                Math.abs(model.coefficient(k, j) - alone.model().coefficient(k, j)), "coefficient");
                    }
                }
                assertThat(model.provenance().options()).containsEntry("lambda", Double.toString(lambda));
                assertThat(model.provenance().solution()).containsKey("relative_gap");
                assertThat(model.hasMeans()).isTrue();
                assertThat(path.model().at(lambda).coefficient(0, 0)).isEqualTo(model.coefficient(0, 0));
            }
        }
    }

    @Test
    void betweenTwoLambdasCoefficientsAreInterpolated() {
        RegularizationPath path = RegularizationPath.fit(
                LogisticRegression.withDefaults().withOptions(lasso),
                data(2),
                new LambdaGrid.Listed(0.1, 0.02),
                point -> {});
        LogisticModel above = (LogisticModel) path.model().at(0);
        LogisticModel below = (LogisticModel) path.model().at(1);
        Model between = path.model().at(0.04);
        double expected = 0.25 * above.coefficient(0, 0) + 0.75 * below.coefficient(0, 0);
        SAME.check(Math.abs(between.coefficient(0, 0) - expected), "a quarter of the way");
        assertThat(between.provenance().solution()).containsEntry("interpolated_between", "0.1, 0.02");
        assertThatThrownBy(() -> path.model().at(0.3)).hasMessage("lambda is 0.3, the path goes from 0.1 to 0.02");
        assertThatThrownBy(() -> path.model().at(Double.NaN))
                .hasMessage("lambda is NaN, the path goes from 0.1 to 0.02");
    }

    @Test
    void aPathMayEndWithoutPenaltyUnlessRowsAreSeparable() {
        LinearClassifier<?, ?> estimator = LogisticRegression.withDefaults().withOptions(lasso);
        RegularizationPath path =
                RegularizationPath.fit(estimator, data(2), new LambdaGrid.Listed(0.1, 0), point -> {});
        assertThat(path.points().get(1).solution().converged()).isTrue();
        assertThat(path.points().get(1).solution().relativeGap()).isNaN();
        Dataset separable =
                Dataset.of(Rows.dense(new double[][] {{1}, {2}, {3}, {4}}, 1), Labels.of(List.of("a", "a", "b", "b")));
        assertThatThrownBy(
                        () -> RegularizationPath.fit(estimator, separable, new LambdaGrid.Listed(0.1, 0), point -> {}))
                .isInstanceOf(SeparationException.class)
                .hasMessageContaining("x1");
    }

    @Test
    void lambdasOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new LambdaGrid.Spaced(0, 0.1))
                .hasMessage("the path has 0 lambdas, at least 1 is needed");
        assertThatThrownBy(() -> new LambdaGrid.Spaced(5, 1))
                .hasMessage("the least lambda is 1.0 of the largest, a number between 0 and 1 is needed");
        assertThatThrownBy(() -> new LambdaGrid.Listed(1, -1))
                .hasMessage("lambda is -1.0, finite numbers >= 0 are needed");
        assertThatThrownBy(() -> new LambdaGrid.Listed(1, Double.NaN))
                .hasMessage("lambda is NaN, finite numbers >= 0 are needed");
        assertThatThrownBy(() -> new LambdaGrid.Listed(1, 2, 1)).hasMessage("lambda 1.0 is there twice");
        assertThatThrownBy(LambdaGrid.Listed::new).hasMessage("the path has no lambda, at least 1 is needed");
    }

    @Test
    void aPathModelRefusesPointsOutOfOrder() {
        PathModel.Point one = PathModel.Point.of(
                0.1, LogisticRegression.withDefaults().fit(data(2)).model());
        assertThatThrownBy(() -> new PathModel(
                        List.of("a", "b"), data(2).encoding(), Provenance.unknown(), new double[5], List.of(one, one)))
                .hasMessage("lambda 0.1 follows 0.1, finite lambdas >= 0 that decrease are needed");
    }
}
