package io.logits.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code logits}: options that all commands share, the commands by name, and what an exception means. */
@Command(
        name = "logits",
        description =
                "Logistic and softmax regression with a certificate, and sampling from the logits of language models.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        abbreviateSynopsis = true)
final class Logits {
    static final int DONE = 0;
    /** Our fault. */
    static final int FAULT = 1;
    /** The caller's mistake, or bad input. */
    static final int MISTAKE = 2;
    /** {@code --strict}, and the fit did not converge. */
    static final int NOT_CONVERGED = 3;

    /** The commands' names, in the order of the help. */
    static final List<String> COMMANDS = List.of(
            "fit",
            "path",
            "cv",
            "summary",
            "predict",
            "evaluate",
            "inspect",
            "report",
            "sample",
            "generate",
            "compute",
            "plot",
            "completion");

    private final Console console;

    @Option(
            names = "--threads",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "Threads that compute (all cores). No result depends on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--seed",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "Seed of whatever is drawn by chance (0). Fits draw nothing.")
    private long seed;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no remarks on standard error.")
    private boolean quiet;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Stack traces of errors.")
    private boolean debug;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "The result as one JSON object.")
    private boolean json;

    private Logits(Console console) {
        this.console = console;
    }

    private Callable<Integer> command(String name) {
        return switch (name) {
            case "fit" -> new FitCommand(this);
            case "path" -> new PathCommand(this);
            case "cv" -> new CvCommand(this);
            case "summary" -> new SummaryCommand(this);
            case "predict" -> new PredictCommand(this);
            case "evaluate" -> new EvaluateCommand(this);
            case "inspect" -> new InspectCommand(this);
            case "report" -> new ReportCommand(this);
            case "sample" -> new SampleCommand(this);
            case "generate" -> new GenerateCommand(this);
            case "compute" -> new ComputeCommand(this);
            case "plot" -> new PlotCommand(this);
            case "completion" -> new CompletionCommand(this);
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    /** Runs one command: its exit code. */
    static int run(Console console, String... args) {
        Logits logits = new Logits(console);
        int code;
        try {
            code = asksForVersion(args)
                    ? logits.printVersion()
                    : logits.commandLine(args).execute(args);
            console.out().flush();
        } catch (IOException | OutOfMemoryError e) {
            code = logits.failed(e);
        }
        return code;
    }

    /** Whether that is all that is asked: no parser is needed then, and its start is most of the time of the answer. */
    private static boolean asksForVersion(String... args) {
        return args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
    }

    private int printVersion() throws IOException {
        for (String line : new Version().getVersion()) {
            console.println(line);
        }
        return DONE;
    }

    /** The parser. Where the first word names a command, only that one is built: each costs time at the start. */
    CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(this);
        String first = args.length == 0 ? "" : args[0];
        List<String> built = COMMANDS.contains(first) ? List.of(first) : COMMANDS;
        for (String name : built) {
            line.addSubcommand(name, command(name));
        }
        // Not in the annotation, from which every command would inherit what it says, not whom to ask, at every start.
        Version version = new Version();
        line.getCommandSpec().versionProvider(version);
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(version));
        PrintWriter out = new PrintWriter(console.out(), false, StandardCharsets.UTF_8);
        line.setOut(out);
        Answers answers = new Answers();
        line.setParameterExceptionHandler(answers);
        line.setExecutionExceptionHandler(answers);
        return line;
    }

    /** What an exception means. A class, since lambdas of the parser's types do not go into the archive of classes. */
    private final class Answers implements IParameterExceptionHandler, IExecutionExceptionHandler {
        @Override
        public int handleParseException(ParameterException exception, String[] args) {
            return mistake(exception);
        }

        @Override
        public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
            return failed(exception);
        }
    }

    private int mistake(ParameterException exception) {
        trace(exception);
        console.message(words(exception));
        return MISTAKE;
    }

    private String words(ParameterException exception) {
        CommandSpec spec = exception.getCommandLine().getCommandSpec();
        String help = "; see " + spec.qualifiedName() + " --help";
        if (exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            return word.startsWith("-")
                    ? unknownOption(word.replaceFirst("=.*", ""), spec, help)
                    : unexpected(word, spec, help);
        }
        if (spec.parent() == null) {
            return "a command is needed: " + String.join(", ", COMMANDS) + help;
        }
        String text = Objects.requireNonNullElse(exception.getMessage(), "the call is not understood");
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) + help;
    }

    /** An option of other commands is not taken for a slip of the pen. */
    private String unknownOption(String name, CommandSpec spec, String help) {
        List<String> others = commandsWith(name);
        return others.isEmpty()
                ? "unknown option " + name
                        + meant(Near.words(name, spec.optionsMap().keySet()), help)
                : spec.name() + " has no option " + name + ", " + and(others)
                        + (others.size() == 1 ? " has it" : " have it") + help;
    }

    private static String unexpected(String word, CommandSpec spec, String help) {
        return spec.parent() == null
                ? "unknown command " + word + meant(Near.words(word, COMMANDS), help)
                : "unexpected argument " + word + help;
    }

    private static String meant(List<String> near, String help) {
        return near.isEmpty() ? help : ", did you mean " + String.join(" or ", near) + "?";
    }

    private static String and(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    /** The commands that have an option. */
    private List<String> commandsWith(String name) {
        return commandLine().getSubcommands().entrySet().stream()
                .filter(command ->
                        command.getValue().getCommandSpec().optionsMap().containsKey(name))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tells the caller what went wrong: one line, and the exit code. */
    private int failed(Throwable thrown) {
        if (thrown instanceof IOException && String.valueOf(thrown.getMessage()).contains("Broken pipe")) {
            // Whoever read our output has seen enough.
            return DONE;
        }
        trace(thrown);
        String text = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        if (thrown instanceof OutOfMemoryError) {
            long most = Runtime.getRuntime().maxMemory() >> 20;
            console.message("not enough memory: " + most + " MB are allowed, which is 75 % of what there is");
            return FAULT;
        }
        if (thrown instanceof FileSystemException file) {
            console.message(file.getFile() + ": " + Objects.requireNonNullElse(file.getReason(), reason(file)));
            return MISTAKE;
        }
        if (thrown instanceof IllegalArgumentException || thrown instanceof IOException) {
            console.message(text);
            return MISTAKE;
        }
        console.message("internal error: " + thrown + (debug ? "" : " (--debug shows where)"));
        return FAULT;
    }

    private static String reason(FileSystemException exception) {
        return switch (exception.getClass().getSimpleName()) {
            case "NoSuchFileException" -> "there is no such file";
            case "AccessDeniedException" -> "access is denied";
            case "NotDirectoryException" -> "this is a file, a folder is needed";
            default -> exception.getClass().getSimpleName();
        };
    }

    private void trace(Throwable thrown) {
        if (debug) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            console.err().print(trace);
        }
    }

    Console console() {
        return console;
    }

    /** How many threads compute. */
    int threads() {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads is " + threads + ", at least 1 is needed");
        }
        return threads;
    }

    /** The seed of whatever is random. */
    long seed() {
        return seed;
    }

    /** Whether the result is to be a JSON object. */
    boolean json() {
        return json;
    }

    /** Whether progress is shown: to a terminal that did not ask for silence. */
    boolean showsProgress() {
        return !quiet && console.columns() > 0;
    }

    /** Says that a fit has not converged: an error where {@code --strict} is asked for, else a remark. The exit code. */
    int notConverged(boolean strict, String text) {
        if (strict) {
            console.message(text);
            return NOT_CONVERGED;
        }
        remark(text);
        return DONE;
    }

    /** A remark, left out with {@code --quiet}. */
    void remark(@Nullable String text) {
        if (!quiet && text != null) {
            console.message(text);
        }
    }
}
