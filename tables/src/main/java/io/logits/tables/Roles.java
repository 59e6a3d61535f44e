package io.logits.tables;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which field of a table is what, checked.
 *
 * @param target the label, or null where counts take its place
 * @param counts successes and trials, or empty
 */
record Roles(
        @Nullable Field target,
        List<Field> counts,
        @Nullable Field weights,
        List<Field> offsets,
        @Nullable Field groups,
        List<Field> features) {
    static Roles of(Relation table, TableOptions options) {
        Field target = target(table, options);
        List<Field> counts = counts(table, options);
        Field weights = options.weights() == null ? null : table.field(options.weights());
        List<Field> offsets = options.offsets().stream().map(table::field).toList();
        List<Field> numbers = new ArrayList<>(counts);
        numbers.addAll(offsets);
        if (weights != null) {
            numbers.add(weights);
        }
        Set<Field> taken = new HashSet<>();
        if (target != null) {
            taken.add(target);
        }
        for (Field field : numbers) {
            if (!taken.add(field)) {
                throw table.refuse("column '" + field.name() + "' is named twice as label, weights or offset");
            }
        }
        for (String dropped : options.drop()) {
            taken.add(table.field(dropped));
        }
        Field groups = options.groups() == null ? null : table.field(options.groups());
        if (groups != null) {
            check(table, groups);
            taken.add(groups);
        }
        List<Field> features = features(table, options, taken);
        for (String text : options.text()) {
            if (!features.contains(table.field(text))) {
                throw table.refuse("column '" + text + "' is named as a text, but is not among the features");
            }
        }
        if (target != null) {
            checkTarget(table, target);
        }
        for (Field feature : features) {
            check(table, feature);
        }
        numbers.forEach(number -> checkNumber(table, number));
        return new Roles(target, counts, weights, offsets, groups, features);
    }

    private static @Nullable Field target(Relation table, TableOptions options) {
        if (options.trials() != null) {
            if (options.target() != null) {
                throw table.refuse("a label column is named, and columns of successes and trials that take its place");
            }
            return null;
        }
        List<Field> fields = table.fields();
        return options.target() == null ? fields.get(fields.size() - 1) : table.field(options.target());
    }

    private static List<Field> counts(Relation table, TableOptions options) {
        Trials trials = options.trials();
        return trials == null ? List.of() : List.of(table.field(trials.successes()), table.field(trials.trials()));
    }

    private static List<Field> features(Relation table, TableOptions options, Set<Field> taken) {
        Set<Field> only = new HashSet<>();
        for (String name : options.only()) {
            only.add(table.field(name));
        }
        List<Field> features = table.fields().stream()
                .filter(field -> !field.nameless() && !taken.contains(field))
                .filter(field -> only.isEmpty() || only.contains(field))
                .toList();
        if (features.isEmpty()) {
            throw table.refuse("no column is left for the features");
        }
        return features;
    }

    /** Refuses a label that cannot be one. */
    static void checkTarget(Relation table, Field target) {
        if (target.nameless()) {
            throw table.refuse("the last column has no name, name the label column with --target");
        }
        check(table, target);
    }

    /** Refuses what is neither number, truth value nor text. */
    static void check(Relation table, Field field) {
        if (field.kind() == Field.Kind.TIME) {
            throw table.refuse("column '" + field.name() + "' holds dates or times (" + field.type()
                    + "), numbers, truth values and text are allowed; --drop it, or make numbers of it with --sql");
        }
        if (field.kind() == Field.Kind.OTHER) {
            String type = field.type().equals("JSON") ? "values of different kinds" : "values of type " + field.type();
            throw table.refuse("column '" + field.name() + "' holds " + type
                    + ", numbers, truth values and text are allowed; --drop it, or take it apart with --sql");
        }
    }

    /** Refuses what is neither number nor truth value. */
    static void checkNumber(Relation table, Field field) {
        check(table, field);
        if (field.kind() == Field.Kind.TEXT) {
            throw table.refuseText(field);
        }
    }
}
