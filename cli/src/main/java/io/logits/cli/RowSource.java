package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.model.Model;
import java.io.IOException;

/** Reads rows of one kind of file. */
interface RowSource {
    /** Reads rows to learn from. */
    Dataset learn(LearningOptions options) throws IOException;

    /**
     * Reads rows for a model.
     *
     * @param target which labels to read
     */
    Rows read(Model model, Target target) throws IOException;

    /** The source for a file. */
    static RowSource of(DataFile file, Logits logits) {
        return switch (file.format()) {
            case SVMLIGHT -> new SvmlightSource(file, logits);
            case IDX -> new IdxSource(file);
            case CSV, TSV, PARQUET, JSON, JSONL ->
                throw new IllegalArgumentException(file.name() + ": tables cannot be read yet");
        };
    }
}
