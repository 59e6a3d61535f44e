package io.logits.cli;

import io.logits.formats.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that a command will write, by their options: checked before the work. */
final class Outputs {
    private final Map<Path, String> options = new LinkedHashMap<>();

    /**
     * Refuses a file that nothing can be written to, or that an output before this one goes to.
     *
     * @param file null where the option is not given
     * @throws io.logits.data.InputException if its folder is not there, or it is a folder
     * @throws IllegalArgumentException if two outputs are one file
     */
    Outputs check(String option, @Nullable Path file) throws IOException {
        if (file == null) {
            return this;
        }
        Path folder = AtomicFile.check(file);
        boolean exists = Files.exists(file);
        if (exists && !Files.isRegularFile(file)) {
            // A device or a pipe takes any number of outputs.
            return this;
        }
        Path real = exists ? file.toRealPath() : folder.toRealPath().resolve(file.getFileName());
        String other = options.putIfAbsent(real, option);
        if (other != null) {
            throw new IllegalArgumentException(
                    other + " and " + option + " are the same file, " + file + "; each needs one of its own");
        }
        return this;
    }
}
