package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.metrics.Bootstrap;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a model on labelled rows. */
@Command(name = "evaluate", description = "Measures a model on labelled rows.")
final class EvaluateCommand implements Callable<Integer> {
    private final Logits logits;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model that fit wrote, or a path of them.")
    private Path modelFile = Path.of("");

    @Parameters(index = "1", paramLabel = "DATA", description = "Rows with labels, of any kind that fit reads.")
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

    @Option(
            names = "--bootstrap",
            paramLabel = "N",
            description = "Also 95 % intervals, from N samples of the rows drawn with --seed.")
    private @Nullable Integer bootstrap;

    @Option(
            names = "--cost",
            paramLabel = "FP,FN",
            converter = Costs.Converter.class,
            description = "Of two classes: also the threshold on the probability of the second at which these rows cost"
                    + " least, if a row wrongly taken for the second class costs FP, and one wrongly for the first FN.")
    private @Nullable Costs costs;

    EvaluateCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Bootstrap resampling = bootstrap == null ? null : new Bootstrap(bootstrap, logits.seed());
        Model model = models.read(modelFile);
        if (costs != null && model.classes().size() != 2) {
            throw new IllegalArgumentException("--cost is for two classes, the model has "
                    + model.classes().size());
        }
        DataFile file = input.file(data);
        Rows rows = RowSource.of(file, logits).read(model, new Target(true, target, labels), !noOffset);
        rows.remarks().forEach(logits::remark);
        if (rows.labels() == null) {
            throw file.refuse("there are no labels in it");
        }
        Dataset labelled = labelled(model, rows, rows.labels());
        EvaluationText text = new EvaluationText(Measures.of(model, labelled, resampling, logits.threads()), costs);
        logits.console().print(logits.json() ? text.json() : text.text());
        return Logits.DONE;
    }

    // NullAway does not see in a class file that arrays may be null: Dataset says so of weights and offset.
    @SuppressWarnings("NullAway")
    static Dataset labelled(Model model, Rows rows, Labels labels) {
        return new Dataset(rows.features(), labels.among(model.classes()), null, rows.offset(), model.encoding());
    }
}
