package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.ColumnMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.CompositeObjective;
import io.logits.objective.LinearObjective;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PathNewtonTest {
    private static final int ROWS = 400;
    private static final int FEATURES = 6;
    /** No gap is so small, but that of the null model where the penalty leaves nothing else, which is 0. */
    private static final double OUT_OF_REACH = 1e-300;

    private final List<Progress> told = new ArrayList<>();

    /** A path from the null model, along strengths over the least that leaves nothing else. */
    private PathNewton path(double tolerance, int maxPasses, double... strengths) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] rows = new double[ROWS][FEATURES];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            Arrays.setAll(rows[i], j -> random.nextGaussian());
            y[i] = rows[i][0] - rows[i][1] + random.nextGaussian() > 0 ? 1 : 0;
        }
        Matrix x = Rows.dense(rows, FEATURES);
        CoefLayout layout = CoefLayout.of(x, 1, false, false);
        double[] none = new double[0];
        LinearObjective meanLoss =
                new LinearObjective(x, new LogisticLoss(y), none, none, new None(), layout, Workers.of(1), true);
        CompositeObjective first = new CompositeObjective(meanLoss, ElasticNet.of(1, 1), ColumnMatrix.of(x));
        double[] gradient = new double[layout.size()];
        meanLoss.evaluate(new double[layout.size()], gradient);
        double most = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        List<CompositeObjective> objectives = Arrays.stream(strengths)
                .mapToObj(strength -> first.with(ElasticNet.of(strength * most, 1)))
                .toList();
        return new PathNewton(objectives, new double[layout.size()], new StopRule(tolerance, maxPasses, told::add));
    }

    @Test
    void whatIsClosedIsGivenAlsoWhereOneBeforeHasFailed() {
        PathNewton path = path(OUT_OF_REACH, 1000, 0.01, 2, 0.02, 3);
        Solution failed = path.next().orElseThrow().solution();
        assertThat(failed.reason()).isEqualTo(StopReason.NO_PROGRESS);
        Solution closed = path.next().orElseThrow().solution();
        assertThat(closed.converged()).isTrue();
        assertThat(closed.passes()).isZero();
        assertThat(path.next()).isEmpty();
        assertThat(path.next().orElseThrow().solution().relativeGap()).isZero();
        assertThat(path.hasNext()).isFalse();
    }

    @Test
    void whereTheOneThatIsWaitedForHasUsedUpItsPassesThePathGoesOn() {
        PathNewton path = path(1e-12, 1, 0.01, 0.003, 0.001);
        for (int given = 0; path.hasNext(); given++) {
            Solution solution = path.next().orElseThrow().solution();
            assertThat(solution.reason()).isEqualTo(StopReason.MAX_PASSES);
            // The first has the start, the second derivatives there and its first round.
            assertThat(solution.passes()).isEqualTo(given == 0 ? 3 : 1);
            assertThat(solution.iterations()).isEqualTo(given + 1);
        }
    }

    @Test
    void theListenerIsToldOfOneStrengthAfterTheOtherFromItsFirstRoundOn() {
        PathNewton path = path(1e-9, 1000, 0.5, 0.2, 0.1, 0.05);
        List<Progress> traces = new ArrayList<>();
        while (path.hasNext()) {
            traces.addAll(path.next().orElseThrow().solution().trace());
            assertThat(told).isEqualTo(traces);
        }
        assertThat(told).hasSizeGreaterThan(4);
    }
}
