package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The solver that a fit takes by itself. */
class SolverChoiceTest {
    private static final Tolerance ROUNDING = Tolerance.relative(1e-14, "a mean of equal losses");

    private static Dataset data(int rows, int features, int classes) {
        double[] values = new double[rows * features];
        Arrays.setAll(values, i -> Math.sin(i));
        int[] y = new int[rows];
        Arrays.setAll(y, i -> i % classes);
        List<String> names = IntStream.range(0, classes).mapToObj(k -> "c" + k).toList();
        return Dataset.of(DenseMatrix.of(rows, features, values), Labels.of(names, y));
    }

    /** Newton would pay with 180 classes if all its Hessians were of samples. */
    @Test
    void withoutAPenaltyHessiansAreOfAllRows() {
        Options options = Options.defaults().withIntercept(false).withPenalty(PenaltyKind.NONE);
        assertThat(chosen(data(150_000, 1, 180), options)).isEqualTo(SolverChoice.NEWTON_CG);
    }

    @Test
    void aMatrixOfTheRowsServesWhereFeaturesAreMore() {
        for (Dataset data : List.of(data(100, 150, 2), data(200, 4000, 2))) {
            assertThat(chosen(data, Options.defaults())).isEqualTo(SolverChoice.NEWTON_CHOLESKY);
        }
    }

    /** Sparse rows of which nearly every entry is there: conjugate gradients compile less, and win sooner. */
    @Test
    void aMatrixOfTheRowsServesFewerSparseRows() {
        assertThat(chosen(sparse(data(200, 2000, 2)), Options.defaults())).isEqualTo(SolverChoice.NEWTON_CHOLESKY);
        assertThat(chosen(sparse(data(300, 2000, 2)), Options.defaults())).isEqualTo(SolverChoice.NEWTON_CG);
        assertThat(chosen(data(300, 2000, 2), Options.defaults())).isEqualTo(SolverChoice.NEWTON_CHOLESKY);
    }

    private static Dataset sparse(Dataset dense) {
        Matrix x = dense.features();
        double[][] rows = new double[x.rows()][x.cols()];
        for (int i = 0; i < rows.length; i++) {
            x.copyRow(i, rows[i]);
        }
        return Dataset.of(Rows.sparse(rows, x.cols()), dense.labels());
    }

    /** A factor of the features takes n p^2 + p^3, which the passes it spares must be worth. */
    @Test
    void featuresThatAreManyBesideTheRowsGetNoFactor() {
        assertThat(chosen(data(60, 1000, 3), Options.defaults())).isEqualTo(SolverChoice.NEWTON_CG);
        assertThat(chosen(data(400, 300, 4), Options.defaults())).isEqualTo(SolverChoice.LBFGS);
    }

    private static SolverChoice chosen(Dataset data, Options options) {
        return new SolverCosts(new Problem(data, options)).chosen(options);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NEWTON_CHOLESKY", "NEWTON_CG", "LBFGS"})
    void nothingToFitIsFitted(SolverChoice solver) {
        Options options = Options.defaults().withIntercept(false).withSolver(solver);
        for (int classes : new int[] {2, 3}) {
            Solution solution =
                    Fitted.of(classes, data(6000, 0, classes), options).solution();
            assertThat(solution.converged()).isTrue();
            double loss = Math.log(classes);
            ROUNDING.check(Math.abs(solution.objective() - loss) / loss, "objective");
        }
    }
}
