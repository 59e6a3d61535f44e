package io.logits.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
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
    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Class.forName(Main.class.getName());
        Path folder = Files.createTempDirectory("logits");
        try {
            perform("--version");
            perform("--help");
            performOnRows(folder);
            performOnTables(folder);
            perform("compute", "softmax");
            perform("fit", "--no-such-option");
            Path logits = Files.writeString(folder.resolve("logits.jsonl"), "{\"logits\":[3,2,1],\"top_k\":2}\n");
            perform("sample", logits.toString(), "--temperature", "0.8");
            perform("generate", folder.toString(), "--prompt", "");
            perform("plot", "sigmoid", "-o", folder.resolve("sigmoid.svg").toString());
        } finally {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void performOnRows(Path folder) throws IOException {
        String rows = Files.writeString(folder.resolve("rows.svm"), ROWS).toString();
        String model = folder.resolve("rows.safetensors").toString();
        perform("path", rows, "--n-lambda", "3", "-o", model);
        perform("cv", rows, "--folds", "2", "--n-lambda", "3", "-o", model);
        perform("fit", rows, "-o", model);
        perform("fit", rows, "-o", model, "--json");
        perform("predict", model, rows);
        perform("evaluate", model, rows, "--json");
        perform("inspect", model);
    }

    private static void performOnTables(Path folder) throws IOException {
        String table = Files.writeString(folder.resolve("table.csv"), TABLE).toString();
        String model = folder.resolve("table.safetensors").toString();
        perform("summary", table);
        perform("fit", table, "--missing", "mean", "-o", model);
        perform("predict", model, table);
        perform("evaluate", model, table);
        perform("inspect", model);
        perform("report", model, table, "-o", folder.resolve("report.html").toString());
    }

    private static void perform(String... args) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        PrintStream unheard = new PrintStream(nowhere, false, StandardCharsets.UTF_8);
        Logits.run(new Console(new ByteArrayInputStream(new byte[0]), nowhere, unheard, 0), args);
    }
}
