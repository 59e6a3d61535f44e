package io.logits.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the commands on a few rows, so that the launcher can put the classes they need into the archive that makes later
 * starts fast.
 */
public final class Rehearsal {
    private static final String ROWS = "1 1:0.5 3:2\n-1 2:1\n1 1:1 2:0.5\n-1 3:0.25\n";
    private static final String ROWS_OF_THREE = ROWS + "0 1:1\n0 2:1 3:0.5\n";

    /** The classes overlap: else summary, which has no penalty, refuses them. */
    private static final String TABLE = """
            a,b,y
            1,u,no
            2,v,no
            3,u,no
            4,v,no
            1,v,yes
            2,u,yes
            3,v,yes
            5,u,yes
            2,v,maybe
            3,u,maybe
            4,u,maybe
            1,v,maybe
            """;

    private final List<String> failures = new ArrayList<>();

    Rehearsal() {}

    /** Runs them; what they say is dropped. */
    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Class.forName(Main.class.getName());
        new Rehearsal().run();
    }

    /** Runs them; gives the first word and the exit code of those that do not succeed. */
    List<String> run() throws IOException {
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
        return failures;
    }

    private void performOnRows(Path folder) throws IOException {
        String rows = Files.writeString(folder.resolve("rows.svm"), ROWS).toString();
        String model = folder.resolve("rows.safetensors").toString();
        perform("path", rows, "--n-lambda", "3", "-o", model);
        perform("cv", rows, "--folds", "2", "--n-lambda", "3", "-o", model);
        perform("fit", rows, "-o", model);
        perform("fit", rows, "--solver", "lbfgs", "-o", model);
        perform("fit", rows, "--solver", "newton-cg", "-o", model, "--json");
        perform("predict", model, rows);
        perform("evaluate", model, rows, "--json");
        perform("inspect", model);
        String ofThree =
                Files.writeString(folder.resolve("three.svm"), ROWS_OF_THREE).toString();
        perform("fit", ofThree, "--penalty", "l1", "-o", model);
        perform("fit", ofThree, "--solver", "newton-cg", "-o", model);
    }

    private void performOnTables(Path folder) throws IOException {
        String table = Files.writeString(folder.resolve("table.csv"), TABLE).toString();
        String model = folder.resolve("table.safetensors").toString();
        perform("summary", table);
        perform("fit", table, "--penalty", "l1", "-o", model);
        perform("fit", table, "--missing", "mean", "-o", model);
        perform("predict", model, table);
        perform("evaluate", model, table);
        perform("inspect", model);
        perform("report", model, table, "-o", folder.resolve("report.html").toString());
    }

    private void perform(String... args) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        PrintStream unheard = new PrintStream(nowhere, false, StandardCharsets.UTF_8);
        int code = Logits.run(new Console(new ByteArrayInputStream(new byte[0]), nowhere, unheard, 0), args);
        if (code != Logits.DONE) {
            failures.add(args[0] + " " + code);
        }
    }
}
