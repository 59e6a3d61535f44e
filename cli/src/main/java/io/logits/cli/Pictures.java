package io.logits.cli;

import io.logits.formats.AtomicFile;
import io.logits.plots.Figure;
import io.logits.plots.Png;
import io.logits.plots.Svg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Pictures in files, PNG or SVG by their names. */
final class Pictures {
    private Pictures() {}

    /**
     * Refuses a file that no picture can go to.
     *
     * @throws IllegalArgumentException if its name ends neither in .png nor in .svg
     * @throws io.logits.data.InputException if its folder is not there or may not be written to
     */
    static void check(Path file) throws IOException {
        if (!isSvg(file) && !lower(file).endsWith(".png")) {
            throw new IllegalArgumentException(file + ": the name ends neither in .png nor in .svg");
        }
        AtomicFile.check(file);
    }

    static void write(Path file, Figure figure) throws IOException {
        byte[] bytes = isSvg(file) ? Svg.of(figure).getBytes(StandardCharsets.UTF_8) : Png.of(figure);
        AtomicFile.write(file, bytes);
    }

    private static boolean isSvg(Path file) {
        return lower(file).endsWith(".svg");
    }

    private static String lower(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }
}
