package io.logits.cli;

import io.logits.data.Precision;
import io.logits.tables.MissingRule;
import io.logits.tables.TableOptions;
import io.logits.tables.Trials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How rows to learn from are read, and what their columns are for. */
final class LearningOptions {
    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of images (-idx1-ubyte).")
    private @Nullable Path labels;

    @Option(names = "--target", paramLabel = "COL", description = "The label column of a table (the last).")
    private @Nullable String target;

    @Option(
            names = "--successes",
            paramLabel = "COL",
            description = "In place of labels: the column that counts successes, of as many --trials.")
    private @Nullable String successes;

    @Option(names = "--trials", paramLabel = "COL", description = "The column that counts the trials of a row.")
    private @Nullable String trials;

    @Option(names = "--weights", paramLabel = "COL", description = "The column of row weights.")
    private @Nullable String weights;

    @Option(
            names = "--offset",
            paramLabel = "COL",
            split = ",",
            description = "What is added to the logits: a column for two classes, one per class for more.")
    private List<String> offset = new ArrayList<>();

    @Option(names = "--drop", paramLabel = "COL", split = ",", description = "Columns not to use.")
    private List<String> drop = new ArrayList<>();

    @Option(names = "--only", paramLabel = "COL", split = ",", description = "The only columns to use as features.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--text",
            paramLabel = "COL",
            split = ",",
            description = "Columns to take apart into words and pairs of words.")
    private List<String> text = new ArrayList<>();

    @Option(names = "--min-df", paramLabel = "N", description = "In how many rows a word must be to count (2).")
    private @Nullable Integer minDf;

    @Option(
            names = "--interact",
            paramLabel = "A:B",
            split = ",",
            description = "Products of the features of two columns.")
    private List<String> interactions = new ArrayList<>();

    @Option(
            names = "--reference",
            paramLabel = "COL=LEVEL",
            split = ",",
            description = "The level of a category that gets no feature (without a penalty: the first).")
    private List<String> reference = new ArrayList<>();

    @Option(
            names = "--missing",
            paramLabel = "RULE",
            converter = Word.OfMissing.class,
            description = "Missing values in features: error (default), mean, indicator or drop.")
    private @Nullable MissingRule missing;

    @Option(
            names = "--precision",
            paramLabel = "P",
            converter = Word.OfPrecision.class,
            description = "How entries are held: float, double, or auto (default): double for tables, else float.")
    private PrecisionChoice precision = PrecisionChoice.AUTO;

    /** The column whose value rows that belong together share, where a command has a use for that. */
    private @Nullable String groups;

    void groupBy(@Nullable String column) {
        groups = column;
    }

    /** The precision asked for, or else that of the kind of data. */
    Precision precision(Precision byKind) {
        return precision.or(byKind);
    }

    /** The label file of images. */
    @Nullable
    Path labels() {
        return labels;
    }

    /** Refuses options that only tables have. */
    void checkNoTable(DataFile file) {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("--target", target != null);
        given.put("--successes", successes != null);
        given.put("--trials", trials != null);
        given.put("--weights", weights != null);
        given.put("--offset", !offset.isEmpty());
        given.put("--drop", !drop.isEmpty());
        given.put("--only", !only.isEmpty());
        given.put("--text", !text.isEmpty());
        given.put("--min-df", minDf != null);
        given.put("--interact", !interactions.isEmpty());
        given.put("--reference", !reference.isEmpty());
        given.put("--missing", missing != null);
        given.put("a column of groups", groups != null);
        given.forEach((option, isGiven) -> {
            if (isGiven) {
                throw file.refuse(
                        option + " is for tables, this is " + file.format().label());
            }
        });
    }

    /** Refuses a label file where the labels are in the data. */
    void checkNoLabels(DataFile file) {
        if (labels != null) {
            throw file.refuse(
                    "--labels is for images; the labels of " + file.format().label() + " are in the file");
        }
    }

    /**
     * The options of a table.
     *
     * @param penalised whether coefficients are penalised: then every level of a category has a feature
     */
    TableOptions table(boolean penalised) {
        if ((successes == null) != (trials == null)) {
            throw new IllegalArgumentException("--successes and --trials go together, "
                    + (trials == null ? "--trials" : "--successes") + " is missing");
        }
        TableOptions options = TableOptions.defaults()
                .withTarget(target)
                .withWeights(weights)
                .withTrials(successes == null || trials == null ? null : new Trials(successes, trials))
                .withGroups(groups)
                .withOffsets(offset)
                .withDrop(drop)
                .withOnly(only)
                .withText(text)
                .withInteractions(interactions)
                .withReferences(references())
                .withDropReference(!penalised)
                .withPrecision(precision(Precision.FLOAT64));
        options = missing == null ? options : options.withMissing(missing);
        return minDf == null ? options : options.withMinDf(minDf);
    }

    private Map<String, String> references() {
        Map<String, String> levels = new LinkedHashMap<>();
        for (String pair : reference) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("--reference is " + pair + ", COL=LEVEL is needed");
            }
            levels.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return levels;
    }
}
