package io.logits.tables;

import io.logits.data.Dataset;
import io.logits.data.InputException;
import io.logits.data.Labels;
import io.logits.data.Precision;
import io.logits.features.Column;
import io.logits.features.TableEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables. Numbers, decimals and truth values become numbers, text becomes categories or words; dates and nested
 * values are refused. In a CSV file an empty cell and {@code NA} are missing values; a column is numeric if all its other
 * cells are numbers, a truth value if all are {@code true} or {@code false} in any case, else text. A text column of which
 * nine in ten different values are numbers is refused, with the place of the first that is not.
 *
 * <p>Every mistake in a table is an {@link InputException} of one line.
 */
public final class TableReader {
    private TableReader() {}

    /**
     * Reads a table to learn from and learns its encoding: a pass over the table for types, one each for levels and words
     * if there are any, and one for the rows, which are never all in memory beside the result.
     *
     * @throws InputException if the table cannot be used as the options say
     */
    public static LearntTable learn(TableSource source, TableOptions options) {
        return read(source, name -> options.text().contains(name), table -> {
            Roles roles = Roles.of(table, options);
            boolean drop = options.missing() == MissingRule.DROP;
            TableEncoding encoding =
                    new EncodingLearner(table, roles.features(), options, drop ? complete(roles) : "").learn();
            RowPass pass = new RowPass(
                            table,
                            new RowPass.Plan(
                                    encoding,
                                    roles.features(),
                                    roles.target(),
                                    roles.weights(),
                                    roles.offsets(),
                                    roles.counts(),
                                    roles.groups(),
                                    drop,
                                    options.precision(),
                                    "allowed with --missing mean, indicator or drop"))
                    .run();
            if (pass.rows() == 0) {
                throw table.refuse(
                        pass.dropped() == 0
                                ? "the table has no rows"
                                : "all " + pass.dropped() + " rows have missing values, none is left");
            }
            return new LearntTable(
                    data(table, roles, encoding, pass),
                    roles.target() == null ? null : roles.target().name(),
                    roles.offsets().stream().map(Field::name).toList(),
                    pass.groups(),
                    pass.origins(),
                    pass.dropped(),
                    nameless(table));
        });
    }

    /** Does the work with types guessed from the first rows, and if these were wrong again with those of all rows. */
    private static <T> T read(TableSource source, Predicate<String> asText, Function<Relation, T> work) {
        try (Session session = Session.open()) {
            try {
                return work.apply(Relation.open(session, source, asText, true));
            } catch (CsvFile.GuessRefuted e) {
                return work.apply(Relation.open(session, source, asText, false));
            }
        }
    }

    /** What makes DuckDB leave out the rows that {@link RowPass} drops. */
    private static String complete(Roles roles) {
        List<Field> used = new ArrayList<>(roles.features());
        used.addAll(roles.offsets());
        used.addAll(roles.counts());
        for (Field field : new @Nullable Field[] {roles.target(), roles.weights(), roles.groups()}) {
            if (field != null) {
                used.add(field);
            }
        }
        return used.stream()
                .map(field -> field.sql() + " is not null")
                .collect(Collectors.joining(" and ", "where ", ""));
    }

    // NullAway does not see in a class file that arrays may be null: Dataset says so of weights and offset.
    @SuppressWarnings("NullAway")
    private static Dataset data(Relation table, Roles roles, TableEncoding encoding, RowPass pass) {
        Labels labels = Objects.requireNonNull(pass.labels());
        int classes = labels.classes().size();
        int needed = classes <= 2 ? 1 : classes;
        if (!roles.offsets().isEmpty() && roles.offsets().size() != needed) {
            throw table.refuse(
                    roles.offsets().size() + (roles.offsets().size() == 1 ? " offset column is" : " offset columns are")
                            + " named, " + classes + " classes need " + needed);
        }
        try {
            return new Dataset(pass.features(), labels, pass.weights(), pass.offsets(), encoding);
        } catch (IllegalArgumentException e) {
            throw table.refuse(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> nameless(Relation table) {
        List<String> nameless = new ArrayList<>();
        for (int j = 0; j < table.fields().size(); j++) {
            if (table.fields().get(j).nameless()) {
                nameless.add("column " + (j + 1));
            }
        }
        return nameless;
    }

    /**
     * Reads a table and encodes its rows, in their order. Columns are found by name, in any order.
     *
     * @param target the column of labels to read too, or null
     * @param offsets the columns of numbers that are added to the logits, in their order; they may be features too
     * @throws InputException if a column is not there or a value cannot be used
     */
    public static AppliedTable apply(
            TableSource source,
            TableEncoding encoding,
            @Nullable String target,
            List<String> offsets,
            Precision precision) {
        return read(source, name -> isText(encoding, name), table -> {
            List<Field> features = match(table, encoding);
            Field label = target == null ? null : table.field(target);
            if (label != null) {
                Roles.checkTarget(table, label);
            }
            List<Field> added = offsets(table, offsets);
            RowPass pass = new RowPass(
                            table,
                            new RowPass.Plan(
                                    encoding,
                                    features,
                                    label,
                                    null,
                                    added,
                                    List.of(),
                                    null,
                                    false,
                                    precision,
                                    "the model was fitted without --missing mean or indicator"))
                    .run();
            List<String> ignored = table.fields().stream()
                    .filter(field -> !field.nameless() && !field.equals(label))
                    .filter(field -> !features.contains(field) && !added.contains(field))
                    .map(Field::name)
                    .collect(Collectors.toCollection(ArrayList::new));
            ignored.addAll(nameless(table));
            return new AppliedTable(
                    pass.features(), pass.labels(), pass.offsets(), pass.unseen(), List.copyOf(ignored));
        });
    }

    private static List<Field> offsets(Relation table, List<String> names) {
        List<Field> offsets = new ArrayList<>();
        for (String name : names) {
            Field field = table.find(name);
            if (field == null) {
                throw table.refuse(
                        "column '" + name + "' is the offset of the model and is not there; --no-offset leaves it out");
            }
            Roles.checkNumber(table, field);
            offsets.add(field);
        }
        return offsets;
    }

    private static boolean isText(TableEncoding encoding, String name) {
        int at = encoding.columnIndex(name);
        return at >= 0 && !(encoding.columns().get(at) instanceof Column.Numeric);
    }

    private static List<Field> match(Relation table, TableEncoding encoding) {
        List<String> absent = encoding.columns().stream()
                .map(Column::name)
                .filter(name -> table.find(name) == null)
                .toList();
        if (!absent.isEmpty()) {
            String more = absent.size() == 1 ? "" : " and " + (absent.size() - 1) + " more";
            throw table.refuse("column '" + absent.get(0) + "'" + more + " of the model is not there");
        }
        List<Field> features = new ArrayList<>();
        for (Column column : encoding.columns()) {
            Field field = table.field(column.name());
            if (column instanceof Column.Numeric) {
                Roles.checkNumber(table, field);
            } else if (!(column instanceof Column.Text) || field.kind() == Field.Kind.OTHER) {
                Roles.check(table, field);
            }
            features.add(field);
        }
        return features;
    }
}
