package io.logits.tables;

import io.logits.features.Column;
import io.logits.features.Interaction;
import io.logits.features.Missing;
import io.logits.features.TableEncoding;
import io.logits.features.VocabularyLearner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** Learns how the feature columns of a table become features, by queries over it. */
final class EncodingLearner {
    private final Relation table;
    private final List<Field> features;
    private final TableOptions options;
    /** What to write behind the table's name so that rows to be dropped are not there. */
    private final String rest;

    private final Map<Field, Column> columns = new HashMap<>();

    EncodingLearner(Relation table, List<Field> features, TableOptions options, String rest) {
        this.table = table;
        this.features = features;
        this.options = options;
        this.rest = rest;
    }

    TableEncoding learn() {
        checkNames();
        Map<Field, Stats> stats = stats();
        List<Field> texts = new ArrayList<>();
        List<Field> categories = new ArrayList<>();
        for (Field field : features) {
            if (options.text().contains(field.name())) {
                texts.add(field);
            } else if (field.kind() == Field.Kind.TEXT) {
                categories.add(field);
            } else {
                Stats of = of(stats, field);
                Missing missing = missing(of);
                columns.put(field, new Column.Numeric(field.name(), missing, missing == Missing.ERROR ? 0 : of.mean()));
            }
        }
        learnCategories(categories, stats);
        learnTexts(texts, stats);
        List<String> names = features.stream()
                .filter(f -> !texts.contains(f))
                .map(Field::name)
                .toList();
        try {
            List<Interaction> interactions = options.interactions().stream()
                    .map(text -> Interaction.parse(text, names))
                    .toList();
            return new TableEncoding(features.stream().map(columns::get).toList(), interactions);
        } catch (IllegalArgumentException e) {
            throw table.refuse(String.valueOf(e.getMessage()));
        }
    }

    private void checkNames() {
        for (String name : options.references().keySet()) {
            boolean category = features.stream()
                    .anyMatch(field -> field.name().equals(name)
                            && field.kind() == Field.Kind.TEXT
                            && !options.text().contains(name));
            if (!category) {
                throw table.refuse("a reference level is given for column '" + name + "', which is no category");
            }
        }
    }

    /** Missing values of a column and the mean of those that are there; for texts 0. */
    private record Stats(long missing, double mean) {}

    private static final Stats NONE_MISSING = new Stats(0, 0);

    private Map<Field, Stats> stats() {
        Map<Field, Stats> stats = new HashMap<>();
        if (options.missing() != MissingRule.MEAN && options.missing() != MissingRule.INDICATOR) {
            return stats;
        }
        StringBuilder what = new StringBuilder("count(*)");
        for (Field field : features) {
            String number = Relation.as(field, false);
            what.append(", count(*) - count(").append(field.sql()).append("), ");
            what.append(
                    field.kind() == Field.Kind.TEXT ? "0" : "avg(" + number + ") filter (isfinite(" + number + "))");
        }
        @Nullable Object[] row = table.rows(what.toString(), rest).get(0);
        long rows = number(row[0]).longValue();
        for (int k = 0; k < features.size(); k++) {
            long missing = number(row[1 + 2 * k]).longValue();
            if (missing == rows && rows > 0) {
                throw table.refuse("column '" + features.get(k).name()
                        + "' has no value in any row, there is nothing to fill it with; --drop it");
            }
            stats.put(features.get(k), new Stats(missing, number(row[2 + 2 * k]).doubleValue()));
        }
        return stats;
    }

    private static Stats of(Map<Field, Stats> stats, Field field) {
        return stats.getOrDefault(field, NONE_MISSING);
    }

    private Missing missing(Stats of) {
        return switch (options.missing()) {
            case ERROR, DROP -> Missing.ERROR;
            case MEAN -> Missing.FILL;
            case INDICATOR -> of.missing() > 0 ? Missing.INDICATOR : Missing.FILL;
        };
    }

    private void learnCategories(List<Field> categories, Map<Field, Stats> stats) {
        if (categories.isEmpty()) {
            return;
        }
        List<Map<String, Long>> levels = new ArrayList<>();
        categories.forEach(field -> levels.add(new TreeMap<>()));
        for (@Nullable Object[] row : table.levels(categories, rest, options.maxLevels())) {
            Field field = categories.get(number(row[0]).intValue());
            long count = number(row[3]).longValue();
            checkLevels(field, count, number(row[4]).longValue());
            levels.get(number(row[0]).intValue())
                    .put(String.valueOf(row[1]), number(row[2]).longValue());
        }
        for (int k = 0; k < categories.size(); k++) {
            Field field = categories.get(k);
            columns.put(field, category(field.name(), levels.get(k), missing(of(stats, field))));
        }
    }

    private void checkLevels(Field field, long count, long numbers) {
        if (table.fromCsv() && 10 * numbers >= 9 * count) {
            throw table.refuseText(field);
        }
        if (count > options.maxLevels()) {
            throw table.refuse(String.format(
                    Locale.ROOT,
                    "column '%s' has %,d different texts, a category may have %,d; --drop it, or --text for its words",
                    field.name(),
                    count,
                    options.maxLevels()));
        }
    }

    private Column category(String name, Map<String, Long> counts, Missing missing) {
        List<String> levels = List.copyOf(counts.keySet());
        String reference = options.references().get(name);
        if (reference != null && !levels.contains(reference)) {
            throw table.refuse("column '" + name + "' has no level '" + reference + "', its levels are "
                    + String.join(", ", levels));
        }
        if (reference == null && options.dropReference() && !levels.isEmpty()) {
            reference = levels.get(0);
        }
        String fill = missing == Missing.FILL ? mostFrequent(counts) : null;
        return new Column.Category(name, levels, reference, missing, fill);
    }

    /** The level that is there most often, the first of equals; null if there is none. */
    private static @Nullable String mostFrequent(Map<String, Long> counts) {
        String found = null;
        long most = 0;
        for (Map.Entry<String, Long> level : counts.entrySet()) {
            if (level.getValue() > most) {
                most = level.getValue();
                found = level.getKey();
            }
        }
        return found;
    }

    private void learnTexts(List<Field> texts, Map<Field, Stats> stats) {
        if (texts.isEmpty()) {
            return;
        }
        List<VocabularyLearner> learners =
                texts.stream().map(field -> new VocabularyLearner()).toList();
        table.stream(texts.stream().map(field -> Relation.as(field, true)).toList(), rest, chunk -> {
            for (int k = 0; k < learners.size(); k++) {
                DuckDBReadableVector cells = chunk.vector(k);
                for (long i = 0; i < chunk.rowCount(); i++) {
                    @Nullable String text = cells.getString(i);
                    learners.get(k).add(text == null ? "" : text);
                }
            }
            return true;
        });
        for (int k = 0; k < texts.size(); k++) {
            Field field = texts.get(k);
            Column.Text column = new Column.Text(
                    field.name(),
                    learners.get(k).learn(options.minDf()),
                    options.sublinear(),
                    missing(of(stats, field)));
            if (column.vocabulary().size() == 0) {
                throw table.refuse("column '" + field.name() + "' has no word that is in " + options.minDf()
                        + " rows or more; lower --min-df, or --drop it");
            }
            columns.put(field, column);
        }
    }

    private static Number number(@Nullable Object value) {
        return value instanceof Number n ? n : 0;
    }
}
