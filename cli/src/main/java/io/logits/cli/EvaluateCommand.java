package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.formats.ModelFile;
import io.logits.metrics.Evaluation;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Measures a model on labelled rows. */
@Command(name = "evaluate", description = "Measures a model on labelled rows.")
final class EvaluateCommand implements Callable<Integer> {
    /** Classes whose confusion matrix still fits a terminal. */
    private static final int MOST_CLASSES = 12;

    private final Logits logits;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model that fit wrote.")
    private Path modelFile = Path.of("");

    @Parameters(index = "1", paramLabel = "DATA", description = "Rows with labels, of any kind that fit reads.")
    private String data = "";

    @Mixin
    private final InputOptions input = new InputOptions();

    @Option(names = "--target", paramLabel = "COL", description = "The column of a table that holds the labels.")
    private @Nullable String target;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of images (-idx1-ubyte).")
    private @Nullable Path labels;

    @Option(names = "--no-offset", description = "Leave out the offset that the model was fitted with.")
    private boolean noOffset;

    EvaluateCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Model model = ModelFile.read(modelFile);
        DataFile file = input.file(data);
        Rows rows = RowSource.of(file, logits).read(model, new Target(true, target, labels), !noOffset);
        rows.remarks().forEach(logits::remark);
        if (rows.labels() == null) {
            throw file.refuse("there are no labels in it");
        }
        Dataset labelled = labelled(model, rows, rows.labels());
        Evaluation evaluation = Evaluation.of(model, labelled, logits.threads());
        logits.console().print(logits.json() ? json(evaluation) : text(evaluation));
        return Logits.DONE;
    }

    // NullAway does not see in a class file that arrays may be null: Dataset says so of weights and offset.
    @SuppressWarnings("NullAway")
    private static Dataset labelled(Model model, Rows rows, Labels labels) {
        return new Dataset(rows.features(), labels.among(model.classes()), null, rows.offset(), model.encoding());
    }

    private static String json(Evaluation evaluation) {
        ObjectNode report = Json.object();
        report.put("rows", evaluation.rows())
                .put("log_loss", Json.number(evaluation.logLoss()))
                .put("accuracy", Json.number(evaluation.accuracy()))
                .put("brier", Json.number(evaluation.brier()));
        if (evaluation.classes().size() == 2) {
            report.put("auc", Json.number(evaluation.auc()));
        }
        report.put(
                "expected_calibration_error",
                Json.number(evaluation.calibration().expectedError()));
        ArrayNode confusion = report.putArray("confusion");
        for (double[] row : evaluation.confusion()) {
            ArrayNode counts = confusion.addArray();
            for (double count : row) {
                counts.add((long) count);
            }
        }
        Json.put(report, "classes", evaluation.classes());
        return Json.line(report);
    }

    private static String text(Evaluation evaluation) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "rows                        %,d%n", evaluation.rows()));
        line(text, "log loss", evaluation.logLoss());
        line(text, "accuracy", evaluation.accuracy());
        line(text, "Brier score", evaluation.brier());
        if (evaluation.classes().size() == 2) {
            line(text, "area under the ROC curve", evaluation.auc());
        }
        line(text, "expected calibration error", evaluation.calibration().expectedError());
        if (evaluation.classes().size() <= MOST_CLASSES) {
            confusion(text, evaluation);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, double value) {
        text.append(String.format(Locale.ROOT, "%-27s %s%n", name, Words.number(value)));
    }

    private static void confusion(StringBuilder text, Evaluation evaluation) {
        List<String> classes = evaluation.classes();
        int width = Math.max(9, classes.stream().mapToInt(String::length).max().orElse(0));
        text.append(String.format(Locale.ROOT, "%n%-" + width + "s", "true"));
        for (String name : classes) {
            text.append(String.format(Locale.ROOT, "  %" + width + "s", name));
        }
        text.append("   as predicted\n");
        for (int t = 0; t < classes.size(); t++) {
            text.append(String.format(Locale.ROOT, "%-" + width + "s", classes.get(t)));
            for (double count : evaluation.confusion()[t]) {
                text.append(String.format(Locale.ROOT, "  %," + width + "d", (long) count));
            }
            text.append("\n");
        }
    }
}
