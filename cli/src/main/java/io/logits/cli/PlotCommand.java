package io.logits.cli;

import io.logits.formats.AtomicFile;
import io.logits.plots.Figure;
import io.logits.plots.LogitFigures;
import io.logits.plots.Png;
import io.logits.plots.Svg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
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
        String name = file.toString().toLowerCase(Locale.ROOT);
        boolean svg = name.endsWith(".svg");
        if (!svg && !name.endsWith(".png")) {
            throw new IllegalArgumentException(file + ": the name ends neither in .png nor in .svg");
        }
        AtomicFile.check(file);
        Figure figure = picture.figure();
        byte[] bytes = svg ? Svg.of(figure).getBytes(StandardCharsets.UTF_8) : Png.of(figure);
        AtomicFile.write(file, channel -> {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
        if (logits.json()) {
            ObjectNode report = Json.object().put("picture", picture.label()).put("output", file.toString());
            logits.console().print(Json.line(report));
        } else {
            logits.remark("the picture is in " + file);
        }
        return Logits.DONE;
    }
}
