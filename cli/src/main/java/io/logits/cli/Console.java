package io.logits.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command talks to.
 *
 * @param in standard input
 * @param out where results go, buffered; flushed by {@link Logits#run}
 * @param err where messages and progress go
 * @param columns the width of the terminal behind {@code err}, 0 if it is none
 */
record Console(InputStream in, OutputStream out, PrintStream err, int columns) {
    /** Writes a result as UTF-8. */
    void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a line of a result. */
    void println(String line) throws IOException {
        print(line + "\n");
    }

    /** One line for a person, on standard error. */
    void message(String text) {
        err.println("logits: " + text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }
}
