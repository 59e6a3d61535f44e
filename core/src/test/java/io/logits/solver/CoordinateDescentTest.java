package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.SoftmaxLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.CompositeObjective;
import io.logits.objective.LinearObjective;
import io.logits.objective.WorkingSet;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One model of many classes, solved where it was made and once more where that led. */
class CoordinateDescentTest {
    private static final int CLASSES = 40;
    private static final int FEATURES = 120;
    private static final int ROWS = 3000;
    /** So near the minimum second derivatives change little on the way to it. */
    private static final double NEAR = 0.05;

    private static final double TIGHT = 1e-12;
    /** Means of 3,000 losses rounded otherwise. */
    private static final double ROUNDED = 1 + 1e-13;

    private final int[] label = new int[ROWS];

    private CompositeObjective objective(Workers workers) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] x = new double[ROWS][FEATURES];
        for (int i = 0; i < ROWS; i++) {
            label[i] = random.nextInt(CLASSES);
            for (int word = 0; word < 6; word++) {
                int j = random.nextInt(2) == 0 ? 2 * label[i] : random.nextInt(FEATURES);
                x[i][j] = random.nextDouble(0.5, 1);
            }
        }
        Matrix rows = Rows.sparse(x, FEATURES);
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        CoefLayout layout = CoefLayout.of(rows, CLASSES, true, false);
        SoftmaxLoss loss = new SoftmaxLoss(label, CLASSES);
        LinearObjective smooth =
                new LinearObjective(rows, loss, ones, new double[0], new None(), layout, workers, true);
        return new CompositeObjective(smooth, ElasticNet.of(5e-5, 1), smooth.columns());
    }

    /** A point, and the model there. */
    private static final class Place {
        final CompositeObjective objective;
        final double[] w;
        final double[] g;
        final WorkingSet set;
        final CoordinateDescent model;
        double value;

        Place(CompositeObjective objective, double[] start) {
            this.objective = objective;
            w = start.clone();
            g = new double[w.length];
            value = objective.evaluate(w, g);
            set = objective.workingSet(w, g);
            model = new CoordinateDescent(objective, set, objective.quadratic(0, 0), 0, w, g);
        }

        double gap() {
            return objective.certificate(w, g).gap() / value;
        }

        double total() {
            return objective.absolutePart(set, w);
        }

        void move() {
            model.place(w.clone(), 1, w);
            value = objective.evaluate(w, g);
        }
    }

    @Test
    void aModelSolvedAgainWhereItLedGoesOnFromThere() {
        try (Workers workers = Workers.of(2)) {
            CompositeObjective objective = objective(workers);
            double[] near = new ProxNewton()
                    .minimize(objective, new double[objective.size()], new StopRule(NEAR, 100, progress -> {}))
                    .point();
            Place place = new Place(objective, near);
            double before = place.gap();
            double allowed = TIGHT * place.value;
            assertThat(place.model.runAgain(allowed, place.total()))
                    .as("before it was solved")
                    .isFalse();
            place.model.run(allowed, place.total());
            place.move();
            double once = place.gap();
            assertThat(place.model.runAgain(allowed, place.total())).isTrue();
            place.move();
            double twice = place.gap();
            assertThat(once).isLessThan(before / 10);
            assertThat(twice).isLessThan(once / 10);
        }
    }

    @Test
    void aMinimisationTakesNoMorePassesThanAllowed() {
        try (Workers workers = Workers.of(2)) {
            double last = Double.POSITIVE_INFINITY;
            boolean converged = false;
            // The first certificate costs a pass too.
            for (int passes = 2; !converged; passes++) {
                assertThat(passes).isLessThan(40);
                CompositeObjective objective = objective(workers);
                Solution solution = new ProxNewton()
                        .minimize(objective, new double[objective.size()], new StopRule(1e-9, passes, progress -> {}))
                        .solution();
                assertThat(solution.passes()).isLessThanOrEqualTo(passes);
                assertThat(solution.objective()).isLessThanOrEqualTo(last * ROUNDED);
                converged = solution.converged();
                assertThat(solution.reason()).isEqualTo(converged ? StopReason.CONVERGED : StopReason.MAX_PASSES);
                last = solution.objective();
            }
        }
    }
}
