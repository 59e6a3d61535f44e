package io.logits.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of the command: its exit code and what it said. */
record Run(int code, String out, String err) {
    /** Runs the command without a terminal and with nothing on standard input. */
    static Run of(Object... args) {
        return with("", 0, args);
    }

    /** Runs the command with a text on standard input, and a terminal of so many columns behind standard error. */
    static Run with(String input, int columns, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                columns);
        int code = Logits.run(console, Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    List<String> lines() {
        return out.lines().toList();
    }

    JsonNode json() {
        return new JsonMapper().readTree(out);
    }
}
