package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model, and labelled rows to judge it by: what {@code evaluate} and {@code report} have in common. */
final class LabelledRows {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model that fit wrote, or a path of them with --lambda.")
    private Path modelFile = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "Rows with labels, of any kind that fit reads; best rows that the model did not learn from.")
    private String data = "";

    @Mixin
    private final InputOptions input = new InputOptions();

    @Mixin
    private final PathModels models = new PathModels();

    @Option(names = "--target", paramLabel = "COL", description = "The column of a table that holds the labels.")
    private @Nullable String target;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of images (-idx1-ubyte).")
    private @Nullable Path labels;

    @Option(names = "--no-offset", description = "Leave out the offset that the model was fitted with.")
    private boolean noOffset;

    /** Reads the model. */
    Model model() throws IOException {
        return models.read(modelFile);
    }

    /**
     * Reads the rows, with the model's features, classes and offset.
     *
     * @throws io.logits.data.InputException if they cannot be used, or have no labels
     */
    Dataset rows(Model model, Logits logits) throws IOException {
        DataFile file = input.file(data);
        Rows rows = RowSource.of(file, logits).read(model, new Target(true, target, labels), !noOffset);
        rows.remarks().forEach(logits::remark);
        if (rows.labels() == null) {
            throw file.refuse("there are no labels in it");
        }
        return labelled(model, rows, rows.labels());
    }

    // NullAway does not see in a class file that arrays may be null: Dataset says so of weights and offset.
    @SuppressWarnings("NullAway")
    private static Dataset labelled(Model model, Rows rows, Labels labels) {
        return new Dataset(rows.features(), labels.among(model.classes()), null, rows.offset(), model.encoding());
    }

    /** Names the model and the rows. */
    String title() {
        DataFile file = input.file(data);
        return name(modelFile) + " on " + (file.isStandardInput() ? file.name() : name(file.path()));
    }

    private static String name(Path path) {
        return Objects.requireNonNullElse(path.getFileName(), path).toString();
    }
}
