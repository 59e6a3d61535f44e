package io.logits.cli;

import io.logits.data.InputException;
import io.logits.formats.AtomicFile;
import io.logits.kernels.Workers;
import io.logits.sampling.SamplingParameters;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws a token from each row of logits. */
@Command(
        name = "sample",
        description = {
            "Draws a token from each row of logits, an object of JSON out for each row in.",
            "A line in FILE is an object with the field logits (or probs) and any of history, position, mirostat_mu,"
                    + " seed and the parameters below, with _ for -: {\"logits\": [3, 2, 1], \"top_k\": 2}.",
            "Options hold for the rows that do not say otherwise."
        })
final class SampleCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Logits logits;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Lines of JSON, a row each; - is standard input (the default).")
    private @Nullable String lines;

    @Option(names = "--logits", paramLabel = "F", description = "Rows of raw little-endian numbers instead of FILE.")
    private @Nullable String binary;

    @Option(names = "--vocab", paramLabel = "V", description = "Numbers of a raw row.")
    private int vocabulary;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = Word.OfNumbers.class,
            description = "Type of raw numbers: f32 (default), f16 or bf16.")
    private SampleBinary.Type type = SampleBinary.Type.F32;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--history", paramLabel = "IDS", description = "The tokens before: 5,3,5.")
    private String history = "";

    @Option(
            names = "--position",
            paramLabel = "N",
            description = "Position of each row's random numbers (the number of the row, from 0).")
    private @Nullable Long position;

    @Option(names = "--distribution", description = "Report the distribution that was drawn from.")
    private boolean distribution;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "Where the results go (standard output).")
    private @Nullable Path output;

    SampleCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        if (binary != null && lines != null) {
            throw new IllegalArgumentException("--logits " + binary + " takes the place of " + lines + ", give one");
        }
        SampleRow.Defaults defaults = defaults();
        Path target = output;
        Console console = logits.console();
        if (target == null) {
            run(defaults, new SampleSink(console.out(), logits.json()));
            return Logits.DONE;
        }
        AtomicFile.check(target);
        long[] rows = {0};
        AtomicFile.write(target, channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            rows[0] = run(defaults, new SampleSink(out, false));
        });
        if (logits.json()) {
            console.print(Json.line(Json.object().put("rows", rows[0]).put("output", target.toString())));
        }
        return Logits.DONE;
    }

    private SampleRow.Defaults defaults() {
        SamplingParameters parameters = sampling.apply(
                SamplingParameters.defaults().withSeed(logits.seed()).withLogprobs(0));
        if (position != null && position < 0) {
            throw new IllegalArgumentException("position is " + position + ", 0 or more is allowed");
        }
        return new SampleRow.Defaults(
                parameters.withReportKept(true).withReportDistribution(distribution),
                new FieldValue("history", OptionText.ids(history)).ids(),
                position);
    }

    private long run(SampleRow.Defaults defaults, SampleSink sink) throws IOException {
        try (Workers workers = Workers.of(logits.threads())) {
            if (binary == null) {
                runLines(lines == null ? STANDARD_INPUT : lines, defaults, workers, sink);
            } else {
                runBinary(binary, defaults, workers, sink);
            }
        }
        return sink.end();
    }

    private void runLines(String given, SampleRow.Defaults defaults, Workers workers, SampleSink sink)
            throws IOException {
        if (given.equals(STANDARD_INPUT)) {
            new SampleLines("standard input", defaults, workers)
                    .run(logits.console().in(), sink);
            return;
        }
        try (InputStream in = Files.newInputStream(file(given))) {
            new SampleLines(given, defaults, workers).run(in, sink);
        }
    }

    private void runBinary(String given, SampleRow.Defaults defaults, Workers workers, SampleSink sink)
            throws IOException {
        if (given.equals(STANDARD_INPUT)) {
            new SampleBinary("standard input", type, vocabulary, defaults)
                    .run(Channels.newChannel(logits.console().in()), workers, sink);
            return;
        }
        SampleBinary rows = new SampleBinary(given, type, vocabulary, defaults);
        Path file = file(given);
        if (Files.isRegularFile(file)) {
            rows.check(Files.size(file));
        }
        try (FileChannel in = FileChannel.open(file)) {
            rows.run(in, workers, sink);
        }
    }

    private static Path file(String given) {
        Path file = Path.of(given);
        if (Files.isDirectory(file)) {
            throw new InputException(given, "this is a folder, a file is needed");
        }
        return file;
    }
}
