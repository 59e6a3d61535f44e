package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.metrics.Bootstrap;
import io.logits.metrics.ClassRankings;
import io.logits.metrics.Evaluation;
import io.logits.metrics.Interval;
import io.logits.metrics.ThresholdCurve;
import io.logits.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All that is measured of a model on labelled rows.
 *
 * @param evaluation the measures
 * @param rankings how well rows of each class are told from the rest; of two classes the second alone
 * @param bootstrap how intervals were made, or null
 * @param intervals by the names of {@link Bootstrap#of}; empty without a bootstrap
 */
record Measures(
        Evaluation evaluation,
        List<Ranked> rankings,
        @Nullable Bootstrap bootstrap,
        Map<String, Interval> intervals) {
    /**
     * How well rows of a class are told from the rest.
     *
     * @param curve kept of two classes only: it is as long as there are rows
     */
    record Ranked(
            int classIndex,
            double auc,
            double averagePrecision,
            @Nullable ThresholdCurve curve) {}

    static Measures of(Model model, Dataset data, @Nullable Bootstrap bootstrap, int threads) {
        Evaluation evaluation = Evaluation.of(model, data, threads);
        boolean two = model.classes().size() == 2;
        List<Ranked> rankings = new ArrayList<>();
        new ClassRankings(model, data)
                .forEach(
                        threads,
                        (curve, k) -> rankings.add(
                                new Ranked(k, curve.area(), curve.averagePrecision(), two ? curve : null)));
        Map<String, Interval> intervals = bootstrap == null
                ? Map.of()
                : bootstrap.of(model, data, threads, tops(model.classes().size()));
        return new Measures(evaluation, rankings, bootstrap, intervals);
    }

    /** The N of "among the N most probable classes" that tell something. */
    static int[] tops(int classes) {
        return IntStream.of(2, 3, 5).filter(n -> n < classes).toArray();
    }

    /** The mean area of the classes that have one; of two classes that of the second. */
    double auc() {
        return rankings.stream()
                .mapToDouble(Ranked::auc)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The mean of the classes that have rows; of two classes that of the second. */
    double averagePrecision() {
        return rankings.stream()
                .mapToDouble(Ranked::averagePrecision)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
