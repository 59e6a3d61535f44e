package io.logits.cli;

import io.logits.data.Labels;
import io.logits.data.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows read for a model.
 *
 * @param features with the model's features as columns
 * @param labels null if they were not asked for, or are not there
 * @param remarks what the caller should know, a line each
 */
record Rows(Matrix features, @Nullable Labels labels, List<String> remarks) {}
