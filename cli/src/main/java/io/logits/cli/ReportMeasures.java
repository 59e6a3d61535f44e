package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.metrics.ClassRankings;
import io.logits.metrics.Evaluation;
import io.logits.metrics.RowMeasures;
import io.logits.metrics.ScoreHistogram;
import io.logits.metrics.ThresholdCurve;
import io.logits.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a report shows of a model on labelled rows.
 *
 * @param curves of the classes that can be told from others, the worst told first; of two classes the second's alone
 */
record ReportMeasures(Evaluation evaluation, RowMeasures rows, ScoreHistogram histogram, List<ClassCurves> curves) {
    /** Points nearer than this part of a picture are one. */
    private static final int STEPS = 250;

    /**
     * How well a class is told from the rest.
     *
     * @param share of the rows that are of the class
     */
    record ClassCurves(
            int index,
            double share,
            double auc,
            double averagePrecision,
            ThresholdCurve.Points roc,
            ThresholdCurve.Points precisionRecall) {}

    static ReportMeasures of(Model model, Dataset data, int threads) {
        RowMeasures rows = RowMeasures.of(model, data, threads);
        List<ClassCurves> curves = new ArrayList<>();
        new ClassRankings(model, data).forEach(threads, (curve, k) -> {
            if (curve.positives() > 0 && curve.negatives() > 0) {
                curves.add(new ClassCurves(
                        k,
                        curve.positives() / (curve.positives() + curve.negatives()),
                        curve.area(),
                        curve.averagePrecision(),
                        curve.roc(STEPS),
                        curve.precisionRecall(STEPS)));
            }
        });
        curves.sort(Comparator.comparingDouble(ClassCurves::auc));
        return new ReportMeasures(
                Evaluation.of(model, data, threads),
                rows,
                ScoreHistogram.of(rows, model.classes().size()),
                List.copyOf(curves));
    }
}
