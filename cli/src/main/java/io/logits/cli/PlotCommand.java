package io.logits.cli;

import io.logits.plots.LogitFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Draws the pictures that explain logits. */
@Command(name = "plot", description = "Draws a picture that explains logits, as PNG or SVG.")
final class PlotCommand implements Callable<Integer> {
    private final Logits logits;

    @Parameters(
            paramLabel = "PICTURE",
            converter = Word.OfPicture.class,
            description = "sigmoid: from logits to probabilities. log-loss: what a probability costs."
                    + " softmax-temperature: how it sharpens or flattens. sampling: how temperature, top-k, top-p and min-p"
                    + " cut a language model's next word.")
    private LogitFigures picture = LogitFigures.SIGMOID;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where it goes, PNG or SVG by its name (PICTURE.png).")
    private @Nullable Path output;

    PlotCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Path file = output == null ? Path.of(picture.label() + ".png") : output;
        Pictures.check(file);
        Pictures.write(file, picture.figure());
        if (logits.json()) {
            ObjectNode report = Json.object().put("picture", picture.label()).put("output", file.toString());
            logits.console().print(Json.line(report));
        } else {
            logits.remark("the picture is in " + file);
        }
        return Logits.DONE;
    }
}
