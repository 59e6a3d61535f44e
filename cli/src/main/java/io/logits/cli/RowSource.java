package io.logits.cli;

import io.logits.model.Model;
import java.io.IOException;

/** Reads rows of one kind of file. */
interface RowSource {
    /**
     * Reads rows to learn from.
     *
     * @param penalised whether the coefficients will be penalised
     * @param order of tables and images always that of the file
     */
    Learnt learn(LearningOptions options, boolean penalised, RowOrder order) throws IOException;

    /**
     * Reads rows for a model, and the labels if they are wanted.
     *
     * @param offset whether the offset that the model was fitted with, if there was one, is read too
     */
    Rows read(Model model, Target target, boolean offset) throws IOException;

    /** The source for a file. */
    static RowSource of(DataFile file, Logits logits) {
        return switch (file.format()) {
            case SVMLIGHT -> new SvmlightSource(file, logits);
            case IDX -> new IdxSource(file);
            case CSV, TSV, PARQUET, JSON, JSONL -> new TabularSource(file, logits);
        };
    }
}
