package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.metrics.Bootstrap;
import io.logits.model.Model;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model on labelled rows. */
@Command(name = "evaluate", description = "Measures a model on labelled rows.")
final class EvaluateCommand implements Callable<Integer> {
    private final Logits logits;

    @Mixin
    private final LabelledRows labelled = new LabelledRows();

    @Option(
            names = "--bootstrap",
            paramLabel = "N",
            description = "Also 95 %% intervals, from N samples of the rows drawn with --seed.")
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
        Model model = labelled.model();
        if (costs != null && model.classes().size() != 2) {
            throw new IllegalArgumentException("--cost is for two classes, the model has "
                    + model.classes().size());
        }
        Dataset rows = labelled.rows(model, logits);
        EvaluationText text = new EvaluationText(Measures.of(model, rows, resampling, logits.threads()), costs);
        logits.console().print(logits.json() ? text.json() : text.text());
        return Logits.DONE;
    }
}
