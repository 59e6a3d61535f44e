package io.logits.cli;

import io.logits.formats.AtomicFile;
import io.logits.plots.Figure;
import io.logits.selection.PathPoint;
import io.logits.selection.RegularizationPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code path} and {@code cv} have in common: the lambdas, and where tables and pictures of them go. */
final class PathOptions {
    @Option(names = "--n-lambda", paramLabel = "N", description = "How many lambdas there are (100).")
    private @Nullable Integer count;

    @Option(
            names = "--min-ratio",
            paramLabel = "X",
            description = "The least lambda as a part of the largest (0.0001).")
    private @Nullable Double minRatio;

    @Option(names = "--csv", paramLabel = "FILE", description = "Where the table of the lambdas goes too, as CSV.")
    private @Nullable Path csv;

    @Option(names = "--plot", paramLabel = "FILE", description = "Where a picture goes, PNG or SVG by its name.")
    private @Nullable Path plot;

    @Option(names = "--strict", description = "Exit with 3 if not all fits converge.")
    private boolean strict;

    @Nullable
    Integer count() {
        return count;
    }

    @Nullable
    Double minRatio() {
        return minRatio;
    }

    /** Refuses files that nothing can be written to, before the work. */
    void check() throws IOException {
        if (csv != null) {
            AtomicFile.check(csv);
        }
        if (plot != null) {
            Pictures.check(plot);
        }
    }

    /** Writes the table and the picture that are asked for. */
    void write(String table, Supplier<Figure> picture) throws IOException {
        if (csv != null) {
            AtomicFile.write(csv, table.getBytes(StandardCharsets.UTF_8));
        }
        if (plot != null) {
            Pictures.write(plot, picture.get());
        }
    }

    /** Says which fit, if any, has not converged: the exit code. */
    int ended(Logits logits, RegularizationPath path, double tolerance) {
        List<PathPoint> open = path.points().stream()
                .filter(point -> !point.solution().converged())
                .toList();
        return open.isEmpty()
                ? Logits.DONE
                : logits.notConverged(
                        strict,
                        open.size() + " of " + path.points().size() + " fits have not converged, the first at lambda "
                                + Words.number(open.get(0).lambda()) + ": "
                                + open.get(0).solution().reason().sentence() + ", the goal is "
                                + Words.number(tolerance, 3));
    }
}
