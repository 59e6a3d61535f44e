package io.logits.cli;

import io.logits.formats.AtomicFile;
import io.logits.plots.Figure;
import io.logits.selection.CrossValidation;
import io.logits.selection.PathPoint;
import io.logits.selection.RegularizationPath;
import io.logits.selection.ValidationCurve;
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

    @Option(
            names = "--strict",
            description = "Exit with 3 if not all fits converge, of cv those with a fold held out too.")
    private boolean strict;

    @Nullable
    Integer count() {
        return count;
    }

    @Nullable
    Double minRatio() {
        return minRatio;
    }

    /** Refuses files that nothing can be written to, and two outputs in one file, before the work. */
    void check(@Nullable Path output) throws IOException {
        if (plot != null) {
            Pictures.check(plot);
        }
        new Outputs().check("-o", output).check("--csv", csv).check("--plot", plot);
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

    /** Says which fit of a path, if any, has not converged: the exit code. */
    int ended(Logits logits, RegularizationPath path, double tolerance) {
        List<PathPoint> open = path.points().stream()
                .filter(point -> !point.solution().converged())
                .toList();
        return open.isEmpty()
                ? Logits.DONE
                : notConverged(
                        logits,
                        open.size(),
                        path.points().size(),
                        Words.number(open.get(0).lambda()) + ": "
                                + open.get(0).solution().reason().sentence(),
                        tolerance);
    }

    /**
     * The same of all fits of a cross-validation: the paths of all rows, and those with a fold held out. If all of these have
     * converged, those for the calibration are asked.
     */
    int ended(
            Logits logits,
            CrossValidation validation,
            CrossValidation.Choice choice,
            Calibrating calibrating,
            double tolerance) {
        int open = 0;
        double first = Double.NEGATIVE_INFINITY;
        for (ValidationCurve curve : choice.curves()) {
            for (int l = 0; l < curve.open().length; l++) {
                PathPoint point = curve.path().points().get(l);
                int own = curve.open()[l] + (point.solution().converged() ? 0 : 1);
                open += own;
                first = own > 0 ? Math.max(first, point.lambda()) : first;
            }
        }
        return open == 0
                ? calibrating.ended(logits, strict, tolerance)
                : notConverged(logits, open, validation.fits(), Words.number(first), tolerance);
    }

    private int notConverged(Logits logits, int open, int of, String first, double tolerance) {
        return logits.notConverged(
                strict,
                open + " of " + of + " fits have not converged, the first at lambda " + first + ", the goal is "
                        + Words.number(tolerance, 3));
    }
}
