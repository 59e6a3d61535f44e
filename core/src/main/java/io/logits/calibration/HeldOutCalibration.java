package io.logits.calibration;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.estimator.SeparationException;
import io.logits.model.Model;
import io.logits.selection.Folds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Calibrates a model: for each fold a model is learnt from the other rows, whose logits of the fold's rows, put together,
 * calibrate the model of all rows (as scikit-learn's CalibratedClassifierCV without an ensemble). Holds n x K logits. The
 * result depends on no number of threads.
 *
 * @param method how
 * @param folds of the rows
 */
public record HeldOutCalibration(CalibrationMethod method, Folds folds) {
    private static final int BLOCK_ROWS = 1 << 12;

    /**
     * The model with calibrated logits.
     *
     * @param data the rows that it was learnt from, with weights and offset
     * @param fitting how it was learnt; rows of weight 0 are to count for nothing
     * @throws IllegalArgumentException if folds are of fewer or more rows, one has all rows of positive weight of a class, or
     *     the method is not for so many classes
     * @throws SeparationException if {@code fitting} does; the message says which fold was held out
     */
    public Model calibrate(Model model, Dataset data, Function<Dataset, ? extends Model> fitting) {
        if (folds.size() != data.features().rows()) {
            throw new IllegalArgumentException("folds are of " + folds.size() + " rows, there are "
                    + data.features().rows());
        }
        double[] z = new double[Math.multiplyExact(folds.size(), model.logits())];
        for (int f = 0; f < folds.count(); f++) {
            Model part = without(f, data, fitting);
            if (!part.classes().equals(model.classes())) {
                throw new IllegalArgumentException(
                        "the model has classes " + model.classes() + ", fits of these rows have " + part.classes());
            }
            score(part, data, folds.rows(f), z);
        }
        HeldOut rows = new HeldOut(z, truth(model, data), weights(data));
        Map<String, String> options = new LinkedHashMap<>();
        options.put("calibration", method.label());
        options.put("calibration_folds", folds.description());
        return model.withCalibrator(method.of(rows))
                .withProvenance(model.provenance().withOptions(options));
    }

    private Model without(int fold, Dataset data, Function<Dataset, ? extends Model> fitting) {
        try {
            return fitting.apply(folds.without(fold, data));
        } catch (SeparationException e) {
            throw e.whileHeldOut(fold, folds.count());
        }
    }

    private static double[] weights(Dataset data) {
        double[] weights = data.weights();
        if (weights != null) {
            return weights;
        }
        double[] ones = new double[data.features().rows()];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** The logits of some rows, offset and all. */
    private static void score(Model model, Dataset data, int[] rows, double[] z) {
        int k = model.logits();
        double[] offset = data.offset();
        for (int from = 0; from < rows.length; from += BLOCK_ROWS) {
            int[] some = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + BLOCK_ROWS));
            double[] block = new double[some.length * k];
            model.logits(data.features().select(some), 0, some.length, block);
            for (int e = 0; e < block.length; e++) {
                int at = some[e / k] * k + e % k;
                z[at] = block[e] + (offset == null ? 0 : offset[at]);
            }
        }
    }

    /** The model's class of each row; 0 where it has none, as of a class whose rows all have weight 0. */
    private static int[] truth(Model model, Dataset data) {
        Labels labels = data.labels();
        int[] known = labels.classes().stream()
                .mapToInt(name -> Math.max(0, model.classes().indexOf(name)))
                .toArray();
        return Arrays.stream(labels.indices()).map(c -> known[c]).toArray();
    }
}
