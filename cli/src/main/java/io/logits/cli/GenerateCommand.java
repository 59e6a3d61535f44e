package io.logits.cli;

import io.logits.data.InputException;
import io.logits.generate.Generation;
import io.logits.generate.Generator;
import io.logits.generate.ModelConfig;
import io.logits.generate.Request;
import io.logits.generate.TextListener;
import io.logits.sampling.SamplingParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Continues prompts with a language model. */
@Command(
        name = "generate",
        description = {
            "Continues prompts with a language model in ONNX, as Hugging Face exports it.",
            "Takes the most probable token each time, unless the model's generation_config.json says do_sample or an"
                    + " option is given that is for drawing: --temperature, --top-p and so on."
        })
final class GenerateCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Logits logits;

    @Parameters(
            index = "0",
            paramLabel = "MODEL_DIR",
            description = "A folder with model.onnx and tokenizer.json; config.json, generation_config.json and"
                    + " tokenizer_config.json are read if they are there.")
    private Path folder = Path.of("");

    @Option(names = "--prompt", paramLabel = "TEXT", description = "A text to continue; may be given several times.")
    private List<String> prompts = new ArrayList<>();

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "A prompt in each line; in a .jsonl file an object with prompt and any parameter below,"
                    + " with _ for -. - is standard input.")
    private @Nullable String promptsFile;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Tokens at most (what generation_config.json says, or 128).")
    private @Nullable Integer maxNewTokens;

    @Option(names = "--min-new-tokens", paramLabel = "N", description = "No end before so many tokens.")
    private @Nullable Integer minNewTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends a text; may be given several times.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--stop-token",
            paramLabel = "IDS",
            split = ",",
            description = "Tokens that end a text, besides the model's own.")
    private List<Integer> stopTokens = new ArrayList<>();

    @Option(names = "--batch", paramLabel = "N", description = "Texts that are continued together at most (8).")
    private int batch = 8;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions(SamplingField.EOS);

    GenerateCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Stopwatch watch = new Stopwatch();
        List<PromptLine> lines = lines();
        try (Generator generator = Generator.open(folder, logits.threads(), batch)) {
            ModelConfig config = generator.config();
            if (!config.ignored().isEmpty()) {
                logits.remark(folder.resolve("generation_config.json") + ": left out: "
                        + String.join(", ", config.ignored()));
            }
            List<Request> requests = new ArrayList<>();
            for (PromptLine line : lines) {
                requests.addAll(requests(generator, line));
            }
            double load = watch.lap();
            GenerationText text = new GenerationText(logits.console().out(), requests.size() == 1);
            if (logits.json()) {
                text.startJson();
            }
            for (int first = 0; first < requests.size(); first += batch) {
                List<Request> some = requests.subList(first, Math.min(requests.size(), first + batch));
                for (Generation generation : generator.generate(some, listener(text))) {
                    if (logits.json()) {
                        text.writeJson(generation);
                    } else {
                        text.write(generation);
                    }
                }
                logits.console().out().flush();
            }
            if (logits.json()) {
                text.endJson(load, watch.lap());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Logits.DONE;
    }

    private TextListener listener(GenerationText text) {
        if (logits.json() || !text.isSingle()) {
            return (request, more) -> {};
        }
        return (request, more) -> {
            try {
                logits.console().print(more);
                logits.console().out().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private List<PromptLine> lines() throws IOException {
        String file = promptsFile;
        if (prompts.isEmpty() == (file == null)) {
            throw new IllegalArgumentException(
                    file == null
                            ? "a prompt is needed: --prompt TEXT or --prompts FILE"
                            : "--prompts takes the place of --prompt, give one");
        }
        if (file == null) {
            return prompts.stream().map(PromptLine::ofOption).toList();
        }
        List<PromptLine> lines;
        if (file.equals(STANDARD_INPUT)) {
            lines = PromptLine.read(logits.console().in(), "standard input", false);
        } else {
            if (Files.isDirectory(Path.of(file))) {
                throw new InputException(file, "this is a folder, a file is needed");
            }
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                lines = PromptLine.read(in, file, file.endsWith(".jsonl"));
            }
        }
        if (lines.isEmpty()) {
            throw new InputException(file, "there is no prompt in it, one in each line is needed");
        }
        return lines;
    }

    /** The requests of a prompt: one, or as many as texts are asked for, with seeds that follow each other. */
    private List<Request> requests(Generator generator, PromptLine line) {
        try {
            ModelConfig config = generator.config();
            boolean draws = sampling.isStochastic() || line.isStochastic();
            SamplingParameters parameters = line.apply(
                    sampling.apply((draws ? config.sampled() : config.parameters()).withSeed(logits.seed())));
            Request request = limited(generator.request(line.prompt()), line);
            generator.check(request.withParameters(parameters));
            return IntStream.range(0, parameters.draws())
                    .mapToObj(i -> request.withParameters(parameters.withSeed(parameters.seed() + i)))
                    .toList();
        } catch (InputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            String text = String.valueOf(e.getMessage());
            throw line.where().isEmpty() ? e : new InputException(line.where(), text);
        }
    }

    private Request limited(Request request, PromptLine line) {
        FieldValue stop = line.find(PromptLine.STOP);
        FieldValue token = line.find(PromptLine.STOP_TOKEN);
        List<String> texts = stop != null ? stop.oneOrMoreTexts() : stops;
        List<Integer> ends = new ArrayList<>(request.stopTokens());
        ends.addAll(token != null ? IntStream.of(token.ids()).boxed().toList() : stopTokens);
        return request.withMaxNewTokens(
                        first(line.find(PromptLine.MAX_NEW_TOKENS), maxNewTokens, request.maxNewTokens()))
                .withMinNewTokens(first(line.find(PromptLine.MIN_NEW_TOKENS), minNewTokens, request.minNewTokens()))
                .withStopStrings(texts.isEmpty() ? request.stopStrings() : texts)
                .withStopTokens(ends);
    }

    /** What the line says, else the option, else the model. */
    private static int first(@Nullable FieldValue field, @Nullable Integer option, int model) {
        if (field != null) {
            return field.integer();
        }
        return option != null ? option : model;
    }
}
