package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What {@code auto} takes, by the shape of the rows. */
class ChosenSolverTest {
    private static SolverChoice chosen(int n, int p, int classes, boolean sparse) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] x = new double[n][p];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextDouble());
        }
        int[] y = new int[n];
        Arrays.setAll(y, i -> i % classes);
        Labels labels = Labels.of(List.of("a", "b", "c", "d").subList(0, classes), y);
        Dataset data = Dataset.of(sparse ? Rows.sparse(x, p) : Rows.dense(x, p), labels);
        return new LinearFit(data, Options.defaults()).chosen();
    }

    @Test
    void aMatrixOfTheRowsServesWhereFeaturesAreMore() {
        assertThat(chosen(100, 150, 2, false)).isEqualTo(SolverChoice.NEWTON_CHOLESKY);
        assertThat(chosen(200, 4000, 2, false)).isEqualTo(SolverChoice.NEWTON_CHOLESKY);
    }

    /** A factor of the features takes n p^2 + p^3, which the passes it spares must be worth. */
    @Test
    void featuresThatAreManyBesideTheRowsGetNoFactor() {
        assertThat(chosen(60, 1000, 3, false)).isEqualTo(SolverChoice.NEWTON_CG);
        assertThat(chosen(400, 300, 4, false)).isEqualTo(SolverChoice.LBFGS);
        assertThat(chosen(400, 300, 4, true)).isEqualTo(SolverChoice.NEWTON_CG);
    }
}
