package io.logits.selection;

import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.PathFit;
import io.logits.model.Model;
import io.logits.model.PathModel;
import io.logits.model.Provenance;
import io.logits.solver.Solution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fits of one problem along lambdas, each from where the last ended. Every lambda asked for is there.
 *
 * @param lambdaMax the least lambda that leaves no coefficient but 0
 * @param nullLoss the weighted mean loss of the model of just intercepts and offset
 * @param points in order of decreasing lambda
 * @param model the fitted models
 */
public record RegularizationPath(double lambdaMax, double nullLoss, List<PathPoint> points, PathModel model) {
    /** Copies the list. */
    public RegularizationPath {
        points = List.copyOf(points);
    }

    /**
     * Fits a path.
     *
     * @param estimator its penalty; its own strength is not used
     * @param listener told after each lambda, on the calling thread
     * @throws IllegalArgumentException if the data does not suit the estimator, or there is no penalty
     * @throws io.logits.estimator.SeparationException if features of penalty factor 0 separate the classes,
     *     or all do and the last lambda is 0
     */
    public static RegularizationPath fit(
            LinearClassifier<?, ?> estimator, Dataset data, LambdaGrid grid, Consumer<PathPoint> listener) {
        try (PathFit<?> path = estimator.path(data)) {
            return fit(path, grid, listener);
        }
    }

    private static RegularizationPath fit(PathFit<?> path, LambdaGrid grid, Consumer<PathPoint> listener) {
        double nullLoss = path.nullLoss();
        List<PathPoint> points = new ArrayList<>();
        List<PathModel.Point> models = new ArrayList<>();
        @Nullable Model last = null;
        double[] lambdas = grid.lambdas(path.lambdaMax());
        path.expect(lambdas);
        for (double lambda : lambdas) {
            long begun = System.nanoTime();
            Fit<?> fit = path.fit(lambda);
            double seconds = (System.nanoTime() - begun) / 1e9;
            last = fit.model();
            points.add(point(fit, nullLoss, seconds));
            models.add(PathModel.Point.of(lambda, last));
            listener.accept(points.get(points.size() - 1));
        }
        return new RegularizationPath(
                path.lambdaMax(), nullLoss, points, pathModel(Objects.requireNonNull(last), models));
    }

    private static PathModel pathModel(Model last, List<PathModel.Point> models) {
        Provenance common = last.provenance().withoutOption("lambda").withSolution(Map.of());
        double[] means = new double[last.features()];
        Arrays.setAll(means, last::mean);
        return new PathModel(last.classes(), last.encoding(), common, means, models);
    }

    private static PathPoint point(Fit<?> fit, double nullLoss, double seconds) {
        Model model = fit.model();
        long nonzero = 0;
        int features = 0;
        for (int j = 0; j < model.features(); j++) {
            int ofFeature = 0;
            for (int k = 0; k < model.logits(); k++) {
                ofFeature += model.coefficient(k, j) != 0 ? 1 : 0;
            }
            nonzero += ofFeature;
            features += ofFeature > 0 ? 1 : 0;
        }
        double explained = 1 - fit.meanLoss() / nullLoss;
        return new PathPoint(fit.lambda(), untraced(fit.solution()), nonzero, features, explained, seconds);
    }

    private static Solution untraced(Solution s) {
        return new Solution(
                s.objective(),
                s.dual(),
                s.relativeGap(),
                s.newtonDecrement(),
                s.gradientMaxNorm(),
                s.iterations(),
                s.passes(),
                s.reason(),
                s.solver(),
                List.of());
    }
}
