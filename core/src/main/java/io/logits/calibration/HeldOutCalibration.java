package io.logits.calibration;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.model.Model;
import io.logits.model.Provenance;
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
     */
    public Model calibrate(Model model, Dataset data, Function<Dataset, ? extends Model> fitting) {
        if (folds.size() != data.features().rows()) {
            throw new IllegalArgumentException("folds are of " + folds.size() + " rows, there are "
                    + data.features().rows());
        }
        int n = folds.size();
        double[] z = new double[Math.multiplyExact(n, model.logits())];
        double[] weights = weights(data);
        for (int f = 0; f < folds.count(); f++) {
            double[] others = weights.clone();
            for (int i = 0; i < n; i++) {
                others[i] = folds.of(i) == f ? 0 : others[i];
            }
            Model part = fitting.apply(data.withWeights(others));
            if (!part.classes().equals(model.classes())) {
                throw new IllegalArgumentException("without the rows of one fold classes are " + part.classes()
                        + ", all are " + model.classes() + "; use fewer folds");
            }
            score(part, data, f, z);
        }
        HeldOut rows = new HeldOut(z, truth(model, data), weights);
        return model.withCalibrator(method.of(rows)).withProvenance(remembering(model.provenance()));
    }

    private Provenance remembering(Provenance provenance) {
        Map<String, String> options = new LinkedHashMap<>(provenance.options());
        options.put("calibration", method.label());
        options.put("calibration_folds", folds.description());
        return new Provenance(
                provenance.library(), provenance.kernels(), provenance.data(), options, provenance.solution());
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

    /** The logits of the rows of a fold, offset and all. */
    private void score(Model model, Dataset data, int f, double[] z) {
        int k = model.logits();
        double[] offset = data.offset();
        for (int from = 0; from < folds.size(); from += BLOCK_ROWS) {
            int to = Math.min(folds.size(), from + BLOCK_ROWS);
            double[] block = new double[(to - from) * k];
            model.logits(data.features(), from, to, block);
            for (int e = 0; e < block.length; e++) {
                if (folds.of(from + e / k) == f) {
                    z[from * k + e] = block[e] + (offset == null ? 0 : offset[from * k + e]);
                }
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
