package io.logits.cli;

import io.logits.data.Matrix;
import io.logits.model.Explainer;
import io.logits.model.Explainer.Contribution;
import io.logits.model.Model;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Predictions as text: the class of each row, the probabilities of all classes, and what moved the logit. */
final class PredictionText {
    /** Cells of a block: about a megabyte of text. */
    private static final int BLOCK_CELLS = 1 << 16;

    private static final int MOST_BLOCK_ROWS = 1 << 12;

    private final Model model;
    private final Matrix x;
    /** What is added to the logits, row after row, or null. */
    private final double @Nullable [] offset;

    private final Shape shape;
    private final boolean logarithms;
    private final int explain;
    private final @Nullable Explainer explainer;
    /** The logit of each class for the mean row. */
    private final double[] baselines;

    private final List<String> features;
    /** Class names as cells of the shape. */
    private final List<String> names;
    /** What stands before each probability. */
    private final List<String> keys;

    /** How predictions are written. */
    enum Shape {
        /** A header, then a line per row. */
        CSV,
        /** An object per row, a line each. */
        JSONL,
        /** One object of all rows. */
        JSON
    }

    PredictionText(Model model, Rows rows, Shape shape, boolean logarithms, int explain) {
        this.model = model;
        x = rows.features();
        offset = rows.offset();
        this.shape = shape;
        this.logarithms = logarithms;
        this.explain = explain;
        Explainer made = explain > 0 ? new Explainer(model) : null;
        explainer = made;
        baselines = new double[model.classes().size()];
        if (made != null) {
            Arrays.setAll(baselines, made::baseline);
        }
        features = model.encoding().featureNames();
        boolean csv = shape == Shape.CSV;
        names = model.classes().stream().map(csv ? Csv::cell : Json::quoted).toList();
        keys = columns().stream()
                .map(column -> csv ? "," : "," + Json.quoted(column) + ":")
                .toList();
    }

    private List<String> columns() {
        return model.classes().stream()
                .map(name -> (logarithms ? "log_p(" : "p(") + name + ")")
                .toList();
    }

    /** How many rows are put into words at a time. */
    int blockRows() {
        return Math.max(1, Math.min(MOST_BLOCK_ROWS, BLOCK_CELLS / names.size()));
    }

    /** What comes before the first row. */
    byte[] start() {
        return utf8(
                switch (shape) {
                    case CSV ->
                        "prediction,"
                                + columns().stream().map(Csv::cell).collect(Collectors.joining(","))
                                + (explain > 0 ? ",explanation,baseline\n" : "\n");
                    case JSONL -> "";
                    case JSON ->
                        "{\"rows\":" + x.rows() + ",\"classes\":["
                                + model.classes().stream().map(Json::quoted).collect(Collectors.joining(","))
                                + "],\"predictions\":[";
                });
    }

    /** What comes after the last row. */
    byte[] end() {
        return utf8(shape == Shape.JSON ? "]}\n" : "");
    }

    /** The rows {@code from <= i < to}. */
    byte[] rows(int from, int to) {
        int rows = to - from;
        double[] z = new double[rows * model.logits()];
        model.logits(x, from, to, z);
        for (int e = 0; offset != null && e < z.length; e++) {
            z[e] += offset[from * model.logits() + e];
        }
        model.calibrateInPlace(z, rows);
        int[] decided = new int[rows];
        model.decide(z, rows, decided);
        int k = names.size();
        double[] p = new double[rows * k];
        if (logarithms) {
            model.logProbabilitiesOfLogits(z, rows, p);
        } else {
            model.probabilitiesOfLogits(z, rows, p);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(opening(from + i)).append(names.get(decided[i]));
            for (int c = 0; c < k; c++) {
                text.append(keys.get(c)).append(Json.digits(p[i * k + c]));
            }
            if (explain > 0) {
                text.append(explanation(from + i, decided[i]));
            }
            text.append(shape == Shape.CSV ? "\n" : shape == Shape.JSONL ? "}\n" : "}");
        }
        return utf8(text.toString());
    }

    private String opening(int row) {
        return switch (shape) {
            case CSV -> "";
            case JSONL -> "{\"prediction\":";
            case JSON -> row == 0 ? "{\"prediction\":" : ",{\"prediction\":";
        };
    }

    private String explanation(int row, int decided) {
        List<Contribution> parts = Objects.requireNonNull(explainer).largest(x, row, decided, explain);
        String start = Json.digits(baselines[decided] + offset(row, decided));
        if (shape == Shape.CSV) {
            return ","
                    + Csv.cell(parts.stream()
                            .map(part -> features.get(part.feature()) + "=" + Json.digits(part.value()))
                            .collect(Collectors.joining("; ")))
                    + "," + start;
        }
        return ",\"explanation\":["
                + parts.stream()
                        .map(part -> "{\"feature\":" + Json.quoted(features.get(part.feature())) + ",\"contribution\":"
                                + Json.digits(part.value()) + "}")
                        .collect(Collectors.joining(","))
                + "],\"baseline\":" + start;
    }

    /** What the offset of a row adds to the logit of a class. */
    private double offset(int row, int k) {
        if (offset == null) {
            return 0;
        }
        int logits = model.logits();
        if (logits == 1) {
            return k == 0 ? -offset[row] : offset[row];
        }
        double mean = 0;
        for (int c = 0; c < logits; c++) {
            mean += offset[row * logits + c] / logits;
        }
        return offset[row * logits + k] - mean;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
