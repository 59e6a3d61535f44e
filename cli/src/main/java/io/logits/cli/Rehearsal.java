package io.logits.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the commands on a few rows, so that the launcher can put the classes they need into the archive that makes later
 * starts fast.
 */
public final class Rehearsal {
    private static final String ROWS = "1 1:0.5 3:2\n-1 2:1\n1 1:1 2:0.5\n-1 3:0.25\n";

    private static final String TABLE = "a,b,y\n1,u,no\n2,v,yes\n3,u,maybe\n2.5,v,no\n";

    private Rehearsal() {}

    /** Runs them; what they say is dropped. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("logits");
        Path rows = folder.resolve("rows.svm");
        Path table = folder.resolve("table.csv");
        Path logits = folder.resolve("logits.jsonl");
        Path model = folder.resolve("model.safetensors");
        try {
            Files.writeString(rows, ROWS);
            Files.writeString(table, TABLE);
            perform("--version");
            perform("--help");
            perform("fit", rows.toString(), "-o", model.toString());
            perform("fit", rows.toString(), "-o", model.toString(), "--json");
            perform("predict", model.toString(), rows.toString());
            perform("evaluate", model.toString(), rows.toString(), "--json");
            perform("inspect", model.toString());
            perform("fit", table.toString(), "-o", model.toString());
            perform("predict", model.toString(), table.toString());
            perform("compute", "softmax");
            perform("fit", "--no-such-option");
            Files.writeString(logits, "{\"logits\":[3,2,1],\"top_k\":2}\n");
            perform("sample", logits.toString(), "--temperature", "0.8");
            perform("generate", folder.toString(), "--prompt", "");
        } finally {
            Files.deleteIfExists(rows);
            Files.deleteIfExists(table);
            Files.deleteIfExists(logits);
            Files.deleteIfExists(model);
            Files.delete(folder);
        }
    }

    private static void perform(String... args) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        PrintStream unheard = new PrintStream(nowhere, false, StandardCharsets.UTF_8);
        Logits.run(new Console(new ByteArrayInputStream(new byte[0]), nowhere, unheard, 0), args);
    }
}
