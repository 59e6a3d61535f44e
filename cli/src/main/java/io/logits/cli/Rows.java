package io.logits.cli;

import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.model.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows read for a model.
 *
 * @param features with the model's features as columns
 * @param offset what is added to the logits, row after row, or null
 * @param labels null if they were not asked for
 * @param remarks what the caller should know, a line each
 */
record Rows(
        Matrix features,
        double @Nullable [] offset,
        @Nullable Labels labels,
        List<String> remarks) {
    /**
     * How rows for a model are held: as those that it learnt from, so that the same rows have the same bits.
     *
     * @param otherwise for models that do not say
     */
    static Precision precisionFor(Model model, Precision otherwise) {
        String learnt = model.provenance().data().getOrDefault("precision", "");
        return switch (learnt) {
            case "float32" -> Precision.FLOAT32;
            case "float64" -> Precision.FLOAT64;
            default -> otherwise;
        };
    }
}
