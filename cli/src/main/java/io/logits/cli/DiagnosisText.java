package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.inference.Covariance;
import io.logits.inference.Inference;
import io.logits.inference.Influence;
import io.logits.inference.ProbabilityIntervals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a fit one by one, as CSV: what each does to the fit, and its probabilities with intervals. */
record DiagnosisText(Inference inference, Dataset data, int @Nullable [] trials) {
    /** A line for each row, or for each row of counts. */
    String influence() {
        Influence of = trials == null ? inference.influence() : inference.influence(trials);
        StringBuilder csv = new StringBuilder("row,leverage,cook,pearson_residual,deviance_residual\n");
        for (int i = 0; i < of.leverage().length; i++) {
            csv.append(i + 1);
            for (double[] column : List.of(of.leverage(), of.cook(), of.pearson(), of.deviance())) {
                csv.append(',').append(Double.isNaN(column[i]) ? "" : Json.digits(column[i]));
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    /** A line for each row, or for each row of counts that has trials. */
    String probabilities(Covariance covariance, double level) {
        List<String> classes = inference.fit().model().classes();
        ProbabilityIntervals intervals = inference.probabilities(data.features(), data.offset(), covariance, level);
        StringBuilder csv = new StringBuilder("row");
        for (String name : classes) {
            csv.append(',').append(Csv.cell("p(" + name + ")"));
            csv.append(',').append(Csv.cell("low(" + name + ")"));
            csv.append(',').append(Csv.cell("high(" + name + ")"));
        }
        csv.append('\n');
        double[] numbers = new double[3 * classes.size()];
        int last = -1;
        for (int i = 0; i < data.features().rows(); i++) {
            int row = trials == null ? i : trials[i];
            if (row == last) {
                continue;
            }
            last = row;
            intervals.of(i, numbers);
            csv.append(row + 1);
            for (double number : numbers) {
                csv.append(',').append(Json.digits(number));
            }
            csv.append('\n');
        }
        return csv.toString();
    }
}
