package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.InputException;
import io.logits.formats.AtomicFile;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Shows a model on labelled rows, in pictures and words. */
@Command(
        name = "report",
        description = "Shows a model on labelled rows: one HTML page with pictures that needs nothing else.")
final class ReportCommand implements Callable<Integer> {
    private final Logits logits;

    @Mixin
    private final LabelledRows labelled = new LabelledRows();

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
        Path folder = AtomicFile.check(output);
        checkFolder();
        checkName(folder);
        Model model = labelled.model();
        Dataset rows = labelled.rows(model, logits);
        ReportMeasures measures = ReportMeasures.of(model, rows, logits.threads());
        ReportPage page = new ReportPage(model, rows, measures, labelled.title(), logits.threads());
        String html = page.html();
        if (figures != null) {
            Files.createDirectories(figures);
        }
        AtomicFile.write(output, html.getBytes(StandardCharsets.UTF_8));
        if (figures != null) {
            for (Picture picture : page.pictures()) {
                Pictures.write(figures.resolve(picture.name() + ".svg"), picture.figure());
                Pictures.write(figures.resolve(picture.name() + ".png"), picture.figure());
            }
        }
        say(page);
        return Logits.DONE;
    }

    /** Refuses a folder of pictures that is a file, or would be in one, or may not be written. */
    private void checkFolder() throws NotDirectoryException {
        if (figures == null) {
            return;
        }
        Path at = figures;
        while (!Files.exists(at)) {
            at = Objects.requireNonNullElse(at.getParent(), Path.of(""));
        }
        if (!Files.isDirectory(at)) {
            throw new NotDirectoryException(at.toString());
        }
        if (!Files.isWritable(at)) {
            throw new InputException(figures.toString(), "the folder " + at.toAbsolutePath() + " may not be written");
        }
    }

    /** Refuses a page that a picture could be written over. */
    private void checkName(Path folder) throws IOException {
        if (figures == null || !Files.exists(figures) || !Files.isSameFile(folder, figures)) {
            return;
        }
        String name = (Files.exists(output) ? output.toRealPath() : output).toString();
        if (name.endsWith(".svg") || name.endsWith(".png")) {
            throw new IllegalArgumentException("-o " + output
                    + " is in the folder of --figures and named like a picture; name it .html, or give another folder");
        }
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
