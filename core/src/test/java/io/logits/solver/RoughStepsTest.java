package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.objective.Certificate;
import io.logits.objective.Preconditioner;
import io.logits.objective.SmoothObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When L-BFGS asks for accurate values, on a parabola whose values are rounded until it does. */
class RoughStepsTest {
    private static final double TOLERANCE = 1e-4;
    /** Of the penalty: gaps are {@code |g|^2} over twice this, thousands of times what the value can still fall. */
    private static final double LAMBDA = 1e-4;

    /** {@code 1 + sum_j c_j w_j^2 / 2}, c_j from 1 to 30. */
    private static final class Rounded implements SmoothObjective {
        private final double noise;
        /** The gaps of the points evaluated before values were refined. */
        private final List<Double> roughGaps = new ArrayList<>();

        private boolean rough = true;
        private int passes;

        Rounded(double noise) {
            this.noise = noise;
        }

        @Override
        public int size() {
            return 30;
        }

        @Override
        public double evaluate(double[] w, double[] gradient) {
            passes++;
            double value = 1;
            for (int j = 0; j < w.length; j++) {
                double slope = (j + 1) * w[j];
                value += slope * w[j] / 2;
                gradient[j] = slope;
            }
            if (rough) {
                roughGaps.add(penalisedGap(gradient));
            }
            return rough ? Math.rint(value / noise) * noise : value;
        }

        @Override
        public int passes() {
            return passes;
        }

        @Override
        public double penalisedGap(double[] gradient) {
            double gap = 0;
            for (double slope : gradient) {
                gap += slope * slope / (2 * LAMBDA);
            }
            return gap;
        }

        @Override
        public Certificate certificate(double[] w, double[] gradient) {
            return new Certificate(penalisedGap(gradient), 0);
        }

        @Override
        public boolean refine() {
            boolean better = rough;
            rough = false;
            return better;
        }

        @Override
        public double valueNoise() {
            return rough ? noise : 1e-13;
        }

        @Override
        public boolean hasCertificate() {
            return true;
        }

        @Override
        public Preconditioner preconditioner(double damping, boolean closely) {
            return (r, out) -> {
                // Of about the largest, so that the others take some steps.
                for (int j = 0; j < r.length; j++) {
                    out[j] = r[j] / 30;
                }
            };
        }

        @Override
        public Preconditioner cautiousPreconditioner() {
            return preconditioner(0, false);
        }

        @Override
        public boolean interceptStepInPlace(double[] w) {
            return false;
        }
    }

    private static double lastRoughGap(Rounded objective) {
        double[] start = new double[objective.size()];
        Arrays.fill(start, 1);
        Minimum end = new Lbfgs().minimize(objective, start, new StopRule(TOLERANCE, 200, progress -> {}));
        assertThat(end.solution().converged()).isTrue();
        assertThat(end.solution().relativeGap()).isLessThanOrEqualTo(TOLERANCE);
        assertThat(objective.rough).isFalse();
        return objective.roughGaps.get(objective.roughGaps.size() - 1);
    }

    @Test
    void nearTheEndTheGapLeadsOnWhereValuesCannot() {
        assertThat(lastRoughGap(new Rounded(1e-7))).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void farFromItItDoesNot() {
        assertThat(lastRoughGap(new Rounded(1e-5))).isGreaterThan(1000 * TOLERANCE);
    }
}
