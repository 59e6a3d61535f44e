package io.logits.cli;

import io.logits.estimator.Trace;
import io.logits.formats.PathFile;
import io.logits.model.Model;
import io.logits.model.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what a model is. */
@Command(name = "inspect", description = "Shows what a model is, how it was fitted, and its coefficients.")
final class InspectCommand implements Callable<Integer> {
    private static final int LARGEST = 10;

    private final Logits logits;

    @Parameters(paramLabel = "MODEL", description = "A model that fit wrote, or a path of them.")
    private Path modelFile = Path.of("");

    @Mixin
    private final PathModels models = new PathModels();

    @Option(
            names = "--coefficients",
            description =
                    "All coefficients that are not zero, as CSV with full digits: class,feature,coefficient, of a path also its"
                            + " lambda; with --json in the object.")
    private boolean coefficients;

    InspectCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Console console = logits.console();
        if (models.wholePath(modelFile)) {
            PathInspection inspection = new PathInspection(PathFile.read(modelFile));
            if (coefficients && !logits.json()) {
                inspection.coefficients(console);
            } else {
                console.print(logits.json() ? inspection.json(coefficients) : inspection.text());
            }
            return Logits.DONE;
        }
        Model model = models.read(modelFile);
        if (logits.json()) {
            console.print(json(model));
        } else if (coefficients) {
            console.println("class,feature,coefficient");
            new Coefficients(model)
                    .<IOException>forEach(entry -> console.println(Csv.cell(entry.className()) + ","
                            + Csv.cell(entry.feature()) + "," + Json.digits(entry.value())));
        } else {
            console.print(text(model));
        }
        return Logits.DONE;
    }

    private String json(Model model) {
        Coefficients all = new Coefficients(model);
        Provenance provenance = model.provenance();
        ObjectNode report = Json.object();
        report.put("family", Family.of(model.classes().size()));
        Json.put(report, "classes", model.classes());
        report.put("features", model.features())
                .put("nonzero_coefficients", all.nonzero())
                .put("library", provenance.library())
                .put("kernels", provenance.kernels());
        put(report.putObject("data"), provenance.data());
        put(report.putObject("options"), provenance.options());
        put(report.putObject("solution"), provenance.solution());
        ArrayNode entries = report.putArray("coefficients");
        if (coefficients) {
            all.forEach(entry -> entry.addTo(entries));
        } else {
            all.largest(LARGEST).forEach(entry -> entry.addTo(entries));
        }
        return Json.line(report);
    }

    private static void put(ObjectNode object, Map<String, String> texts) {
        texts.forEach(object::put);
    }

    private static String text(Model model) {
        Provenance provenance = model.provenance();
        List<String> lines = new ArrayList<>();
        String classes = String.join(", ", model.classes());
        lines.add("model     "
                + (model.logits() == 1
                        ? "logistic regression: one logit, that of class "
                                + model.classes().get(1) + " (the other is "
                                + model.classes().get(0) + ")"
                        : "softmax regression of " + model.classes().size() + " classes: " + classes));
        lines.add(String.format(
                Locale.ROOT,
                "features  %,d, %,d coefficients are not zero",
                model.features(),
                new Coefficients(model).nonzero()));
        lines.add("data      " + words(provenance.data()));
        lines.add("options   " + words(provenance.options()));
        lines.add("solution  " + words(provenance.solution()));
        lines.add("library   " + provenance.library() + ", " + provenance.kernels() + " kernels");
        if (model.logits() == 1) {
            lines.add("intercept " + Words.number(model.intercept(0)));
        }
        lines.addAll(FitReport.largest(model));
        return String.join("\n", lines) + "\n";
    }

    private static String words(Map<String, String> texts) {
        return texts.isEmpty()
                ? "not known"
                : texts.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(Trace.KEY))
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }
}
