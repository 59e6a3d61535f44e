package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.inference.Covariance;
import io.logits.inference.Inference;
import io.logits.inference.Influence;
import io.logits.inference.ProbabilityIntervals;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows of a fit one by one, as CSV: what each does to the fit, and its probabilities with intervals. Rows are numbered as
 * in the file, from 1; those that the fit does not have, for a missing value or no trials, have no line.
 */
record DiagnosisText(Inference inference, Learnt learnt) {
    /** The row of the file, from 0, that row {@code i} of the fit came from. */
    private int origin(int i) {
        int[] origins = learnt.origins();
        return origins == null ? i : origins[i];
    }

    /** The first row of the fit of each row of the file: successes and failures that were counted together follow each other. */
    private int[] firstRows() {
        return IntStream.range(0, learnt.data().features().rows())
                .filter(i -> i == 0 || origin(i) != origin(i - 1))
                .toArray();
    }

    /** A line for each row, or for each row of counts that has trials. */
    String influence() {
        int[] trials = learnt.trials();
        Influence of = trials == null ? inference.influence() : inference.influence(trials);
        StringBuilder csv = new StringBuilder("row,leverage,cook,pearson_residual,deviance_residual\n");
        for (int i : firstRows()) {
            csv.append(origin(i) + 1);
            int observation = trials == null ? i : trials[i];
            for (double[] column : List.of(of.leverage(), of.cook(), of.pearson(), of.deviance())) {
                csv.append(',').append(Csv.number(column[observation]));
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    /** A line for each row, or for each row of counts that has trials. */
    String probabilities(Covariance covariance, double level) {
        List<String> classes = inference.fit().model().classes();
        Dataset data = learnt.data();
        ProbabilityIntervals intervals = inference.probabilities(data.features(), data.offset(), covariance, level);
        StringBuilder csv = new StringBuilder("row");
        for (String name : classes) {
            csv.append(',').append(Csv.cell("p(" + name + ")"));
            csv.append(',').append(Csv.cell("low(" + name + ")"));
            csv.append(',').append(Csv.cell("high(" + name + ")"));
        }
        csv.append('\n');
        double[] numbers = new double[3 * classes.size()];
        for (int i : firstRows()) {
            intervals.of(i, numbers);
            csv.append(origin(i) + 1);
            for (double number : numbers) {
                csv.append(',').append(Csv.number(number));
            }
            csv.append('\n');
        }
        return csv.toString();
    }
}
