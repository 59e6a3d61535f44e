package io.logits.cli;

import io.logits.formats.AtomicFile;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives each row its class and the probabilities of all of them. */
@Command(name = "predict", description = "Gives each row its class and the probabilities of all classes, in order.")
final class PredictCommand implements Callable<Integer> {
    private final Logits logits;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model that fit wrote, or a path of them.")
    private Path modelFile = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "Rows of any kind that fit reads; labels are not needed.")
    private String data = "";

    @Mixin
    private final InputOptions input = new InputOptions();

    @Mixin
    private final PathModels models = new PathModels();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "Where predictions go (standard output).")
    private @Nullable Path output;

    @Option(
            names = "--output-format",
            paramLabel = "KIND",
            converter = Word.OfOutput.class,
            description = "csv (default) or jsonl.")
    private PredictionText.Shape outputFormat = PredictionText.Shape.CSV;

    @Option(names = "--log-proba", description = "Logarithms of the probabilities, right where these are near 0 or 1.")
    private boolean logarithms;

    @Option(
            names = "--explain",
            paramLabel = "N",
            description =
                    "Also the N features that move the logit of the predicted class most, and by how much, against the mean"
                            + " row of the fit (explanation), and the logit of that row (baseline). All contributions and"
                            + " the baseline add up to the row's logit: of two classes the log-odds, of more the logit"
                            + " less the mean of all; of a calibrated model, the logit before that.")
    private int explain;

    @Option(names = "--no-offset", description = "Leave out the offset that the model was fitted with.")
    private boolean noOffset;

    PredictCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        if (explain < 0) {
            throw new IllegalArgumentException("--explain is " + explain + ", a count >= 0 is needed");
        }
        if (output != null) {
            AtomicFile.check(output);
        }
        Model model = models.read(modelFile);
        Rows rows = RowSource.of(input.file(data), logits).read(model, Target.none(), !noOffset);
        rows.remarks().forEach(logits::remark);
        if (explain > 0 && !model.hasMeans()) {
            logits.remark(
                    "the model file is of an older version and has no mean row: explained against a row of zeros");
        }
        int count = rows.features().rows();
        Console console = logits.console();
        if (output == null) {
            PredictionText.Shape shape = logits.json() ? PredictionText.Shape.JSON : outputFormat;
            write(new PredictionText(model, rows, shape, logarithms, explain), count, console.out());
            return Logits.DONE;
        }
        PredictionText text = new PredictionText(model, rows, outputFormat, logarithms, explain);
        AtomicFile.write(output, channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            write(text, count, out);
            out.flush();
        });
        if (logits.json()) {
            console.print(Json.line(Json.object().put("rows", count).put("output", output.toString())));
        }
        return Logits.DONE;
    }

    /** Writes block after block: as many at a time are put into words as there are threads. */
    private void write(PredictionText text, int rows, OutputStream out) throws IOException {
        out.write(text.start());
        int blockRows = text.blockRows();
        int blocks = (rows + blockRows - 1) / blockRows;
        int atOnce = logits.threads();
        try (Workers workers = Workers.of(atOnce)) {
            byte[][] ready = new byte[atOnce][];
            for (int first = 0; first < blocks; first += atOnce) {
                int begin = first;
                int count = Math.min(atOnce, blocks - first);
                workers.run(count, b -> {
                    int from = (begin + b) * blockRows;
                    ready[b] = text.rows(from, Math.min(rows, from + blockRows));
                });
                for (int b = 0; b < count; b++) {
                    out.write(ready[b]);
                }
            }
        }
        out.write(text.end());
    }
}
