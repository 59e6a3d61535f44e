package io.logits.cli;

import io.logits.data.Precision;
import io.logits.formats.NumberText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies a function to rows of numbers. */
@Command(
        name = "compute",
        description =
                "Applies a function to rows of numbers: a row out per row in, with the shortest digits that read back"
                        + " the same.")
final class ComputeCommand implements Callable<Integer> {
    private final Logits logits;

    @Parameters(
            index = "0",
            paramLabel = "FUNCTION",
            converter = Word.OfFunction.class,
            description = "Of each number: sigmoid, log-sigmoid, softplus, logit. Of each row: softmax, log-softmax,"
                    + " log-sum-exp. Of rows with a label first: log-loss (0 or 1, then one logit), cross-entropy (a class"
                    + " from 0, then a logit for each class).")
    private LogitFunction function = LogitFunction.SIGMOID;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "Rows of numbers between spaces, tabs or commas; inf, -inf, nan are numbers. .gz and .zst are"
                    + " unpacked (standard input).")
    private String file = "-";

    @Option(names = "--float", description = "Compute in float32, and print what is the shortest of these.")
    private boolean single;

    ComputeCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Precision precision = single ? Precision.FLOAT32 : Precision.FLOAT64;
        NumberText text = new NumberText(function.shape(), precision, logits.threads());
        Console console = logits.console();
        boolean json = logits.json();
        Supplier<NumberText.Transform> transforms =
                () -> new ComputedText(function, Computation.of(function, precision), json);
        if (!json) {
            transform(text, transforms, console.out());
            return Logits.DONE;
        }
        console.print("{\"function\":" + Json.quoted(function.label()) + ",\"precision\":"
                + Json.quoted(Word.OfPrecision.word(precision)) + ",\"values\":[");
        long rows = transform(text, transforms, console.out());
        console.print("],\"rows\":" + rows + "}\n");
        return Logits.DONE;
    }

    private long transform(NumberText text, Supplier<NumberText.Transform> transforms, OutputStream out)
            throws IOException {
        return file.equals("-")
                ? text.transform(logits.console().in(), "standard input", transforms, out)
                : text.transform(Path.of(file), transforms, out);
    }
}
