package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CompositeObjectiveTest {
    private static final int ROWS = 50;
    private static final int FEATURES = 700;

    @Test
    void matricesOfMoreColumnsServeOnePenaltyAfterAnother() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] x = new double[ROWS][FEATURES];
        Arrays.setAll(x, i -> random.doubles(FEATURES, -1, 1).toArray());
        int[] label = random.ints(ROWS, 0, 2).toArray();
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        try (Workers workers = Workers.of(1)) {
            Matrix rows = Rows.dense(x, FEATURES);
            CoefLayout layout = CoefLayout.of(rows, 1, true, false);
            LinearObjective smooth = new LinearObjective(
                    rows, new LogisticLoss(label), ones, new double[0], new None(), layout, workers, true);
            CompositeObjective first = new CompositeObjective(smooth, ElasticNet.of(1e-6, 1), smooth.columns());
            double[] w = random.doubles(first.size(), -1, 1).toArray();
            double[] g = new double[w.length];
            first.evaluate(w, g);
            assertThat(first.hasGram(first.workingSet(w, g))).isFalse();
            CompositeObjective unused = first.with(ElasticNet.of(1e-7, 1));
            unused.evaluate(w, g);
            assertThat(unused.hasGram(unused.workingSet(w, g))).isFalse();
            unused.quadratic(0, 0);
            CompositeObjective second = unused.with(ElasticNet.of(1e-7, 1));
            second.evaluate(w, g);
            assertThat(second.hasGram(second.workingSet(w, g))).isTrue();
        }
    }
}
