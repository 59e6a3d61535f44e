package io.logits.tables;

import io.logits.data.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;
import java.util.Objects;
import org.duckdb.DuckDBDriver;

/**
 * The native library of DuckDB's driver, where its jar has none for this platform: then the driver looks for it by name, and
 * beside the jar. What it says where that fails goes to standard error as stack traces, so it is looked for here before.
 */
final class DriverLibrary {
    private DriverLibrary() {}

    /**
     * Loads it, unless the driver's jar has it or another class loader than ours is to have it.
     *
     * @throws InputException if it is not there, or not for this machine
     */
    static void load() {
        String name = "libduckdb_java.so_" + system() + "_" + processor();
        CodeSource jar = DuckDBDriver.class.getProtectionDomain().getCodeSource();
        if (jar == null
                || !Objects.equals(DuckDBDriver.class.getClassLoader(), DriverLibrary.class.getClassLoader())
                || DuckDBDriver.class.getResource("/" + name) != null) {
            return;
        }
        try {
            loadFrom(Path.of(jar.getLocation().toURI()).resolveSibling(name));
        } catch (URISyntaxException e) {
            throw new InputException(jar.getLocation().toString(), "DuckDB's library is not found beside this");
        }
    }

    /** Loads the library of java.library.path or, if there is none, this file. */
    @SuppressWarnings("restricted")
    static void loadFrom(Path file) {
        try {
            System.loadLibrary("duckdb_java");
            return;
        } catch (UnsatisfiedLinkError e) {
            // It is a file then.
        }
        if (!Files.exists(file)) {
            throw new InputException(file.toString(), "there is no such file, DuckDB's library for this platform");
        }
        try {
            System.load(file.toRealPath().toString());
        } catch (UnsatisfiedLinkError | IOException e) {
            throw unusable(file.toString(), e);
        }
    }

    /** In one line, what is the matter with the library. */
    static InputException unusable(String where, Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new InputException(where, "DuckDB's library cannot be loaded: " + reason.replace(where + ": ", ""));
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "macos" : "linux";
    }

    private static String processor() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }
}
