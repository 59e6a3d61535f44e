package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.formats.AtomicFile;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Shows a model on labelled rows, in pictures and words. */
@Command(
        name = "report",
        description = "Shows a model on labelled rows: one HTML page with pictures that needs nothing else.")
final class ReportCommand implements Callable<Integer> {
    private final Logits logits;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model that fit wrote.")
    private Path modelFile = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "Rows with labels, of any kind that fit reads; best rows that the model did not learn from.")
    private String data = "";

    @Mixin
    private final PathModels models = new PathModels();

    @Mixin
    private final InputOptions input = new InputOptions();

    @Option(names = "--target", paramLabel = "COL", description = "The column of a table that holds the labels.")
    private @Nullable String target;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of images (-idx1-ubyte).")
    private @Nullable Path labels;

    @Option(names = "--no-offset", description = "Leave out the offset that the model was fitted with.")
    private boolean noOffset;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "HTML",
            description = "Where the page goes (report.html).")
    private Path output = Path.of("report.html");

    @Option(
            names = "--figures",
            paramLabel = "DIR",
            description = "Also each picture as SVG and PNG in this folder, which is made if it is not there.")
    private @Nullable Path figures;

    ReportCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        AtomicFile.check(output);
        Model model = models.read(modelFile);
        DataFile file = input.file(data);
        Rows rows = RowSource.of(file, logits).read(model, new Target(true, target, labels), !noOffset);
        rows.remarks().forEach(logits::remark);
        if (rows.labels() == null) {
            throw file.refuse("there are no labels in it");
        }
        Dataset labelled = EvaluateCommand.labelled(model, rows, rows.labels());
        String title = name(modelFile) + " on " + (file.isStandardInput() ? file.name() : name(file.path()));
        ReportPage page = new ReportPage(model, rows, ReportMeasures.of(model, labelled, logits.threads()), title);
        AtomicFile.write(output, page.html().getBytes(StandardCharsets.UTF_8));
        if (figures != null) {
            Files.createDirectories(figures);
            for (Picture picture : page.pictures()) {
                Pictures.write(figures.resolve(picture.name() + ".svg"), picture.figure());
                Pictures.write(figures.resolve(picture.name() + ".png"), picture.figure());
            }
        }
        say(page);
        return Logits.DONE;
    }

    private static String name(Path path) {
        return Objects.requireNonNullElse(path.getFileName(), path).toString();
    }

    private void say(ReportPage page) throws IOException {
        if (logits.json()) {
            ObjectNode report = Json.object().put("output", output.toString());
            Json.put(
                    report,
                    "pictures",
                    page.pictures().stream().map(Picture::name).toList());
            report.put("figures", figures == null ? null : figures.toString());
            logits.console().print(Json.line(report));
        } else {
            logits.remark("the report is in " + output + (figures == null ? "" : ", its pictures are in " + figures));
        }
    }
}
