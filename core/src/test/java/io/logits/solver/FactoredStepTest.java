package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.loss.SoftmaxLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import io.logits.objective.LinearObjective;
import io.logits.objective.WorkingSet;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row has one word of each group, so that a move of all words of a group is one of the intercept, and curves nowhere. */
class FactoredStepTest {
    private static final int ROWS = 3000;
    private static final int GROUPS = 12;
    private static final int WORDS = 15;
    private static final double LAMBDA = 2e-3;
    private static final Tolerance AT_MINIMUM =
            Tolerance.absolute(1e-6, "of lambda: curvatures are raised by a share of 1e-8, factors rounded");

    private static CompositeObjective objective(int classes, Workers workers) {
        SplittableRandom random = new SplittableRandom(classes);
        double[][] x = new double[ROWS][GROUPS * WORDS];
        int[] label = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            int votes = random.nextInt(3);
            for (int group = 0; group < GROUPS; group++) {
                int word = random.nextInt(WORDS);
                x[i][group * WORDS + word] = 1;
                votes += group < 4 ? word : 0;
            }
            label[i] = votes * classes / (4 * WORDS) % classes;
        }
        Matrix rows = Rows.sparse(x, GROUPS * WORDS);
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        CoefLayout layout = CoefLayout.of(rows, classes == 2 ? 1 : classes, true, false);
        LinearObjective smooth = new LinearObjective(
                rows,
                classes == 2 ? new LogisticLoss(label) : new SoftmaxLoss(label, classes),
                ones,
                new double[0],
                new None(),
                layout,
                workers,
                true);
        return new CompositeObjective(smooth, ElasticNet.of(LAMBDA, 1), smooth.columns());
    }

    @ParameterizedTest
    @CsvSource({"2,0.05", "2,1", "3,0.05", "3,1"})
    void leadsToTheMinimumBesideWhatItHolds(int classes, double size) {
        try (Workers workers = Workers.of(1)) {
            CompositeObjective objective = objective(classes, workers);
            SplittableRandom random = new SplittableRandom(1);
            int intercepts = classes == 2 ? 1 : classes;
            double[] w = random.doubles(objective.size(), -size, size).toArray();
            double[] g = new double[w.length];
            objective.evaluate(w, g);
            WorkingSet set = objective.workingSet(w, g);
            GramQuadratic model = objective.gramQuadratic(set, set, 0, 0, true);
            GramDescent descent = new GramDescent(objective, set, set, model, w, g);
            double[] slope =
                    Arrays.stream(set.position()).mapToDouble(c -> g[c]).toArray();
            model.eliminate(
                    IntStream.range(0, intercepts)
                            .mapToDouble(k -> g[objective.intercept(k)])
                            .toArray(),
                    slope);
            double[] value = descent.value;
            double[] before = value.clone();
            double[] slopeBefore = slope.clone();
            new FactoredStep(descent, model, slope).take();
            double change = 0;
            int held = 0;
            for (int e = 0; e < value.length; e++) {
                change += (value[e] - before[e]) * (slope[e] + slopeBefore[e]) / 2
                        + LAMBDA * (Math.abs(value[e]) - Math.abs(before[e]));
                if (value[e] == 0) {
                    held++;
                } else {
                    AT_MINIMUM.check(Math.abs(slope[e] + LAMBDA * Math.signum(value[e])) / LAMBDA, "coefficient " + e);
                }
                // Classes alike are moved beforehand, to where their penalty is least.
                assertThat(classes > 2 || value[e] * before[e] >= 0).isTrue();
            }
            assertThat(change).isNegative();
            // More than one factor's.
            assertThat(held).isGreaterThan(64).isLessThan(value.length - 20);
        }
    }
}
