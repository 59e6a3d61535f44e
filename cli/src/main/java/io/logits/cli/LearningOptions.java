package io.logits.cli;

import io.logits.data.Precision;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How rows to learn from are read. */
final class LearningOptions {
    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of images (-idx1-ubyte).")
    @Nullable
    Path labels;

    @Option(
            names = "--precision",
            paramLabel = "P",
            converter = Word.OfPrecision.class,
            description = "How entries are held: float, double, or auto: double for tables, else float.")
    Optional<Precision> precision = Optional.empty();
}
