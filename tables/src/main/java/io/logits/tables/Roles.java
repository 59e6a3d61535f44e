package io.logits.tables;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which field of a table is what, checked. */
record Roles(Field target, @Nullable Field weights, List<Field> offsets, List<Field> features) {
    static Roles of(Relation table, TableOptions options) {
        List<Field> fields = table.fields();
        Field last = fields.get(fields.size() - 1);
        Field target = options.target() == null ? last : table.field(options.target());
        Field weights = options.weights() == null ? null : table.field(options.weights());
        List<Field> offsets = options.offsets().stream().map(table::field).toList();
        Set<Field> taken = new HashSet<>();
        for (Field field : roles(target, weights, offsets)) {
            if (!taken.add(field)) {
                throw table.refuse("column '" + field.name() + "' is named twice as label, weights or offset");
            }
        }
        for (String dropped : options.drop()) {
            taken.add(table.field(dropped));
        }
        List<Field> features = features(table, options, taken);
        for (String text : options.text()) {
            if (!features.contains(table.field(text))) {
                throw table.refuse("column '" + text + "' is named as a text, but is not among the features");
            }
        }
        checkTarget(table, target);
        for (Field feature : features) {
            check(table, feature);
        }
        offsets.forEach(offset -> checkNumber(table, offset));
        if (weights != null) {
            checkNumber(table, weights);
        }
        return new Roles(target, weights, offsets, features);
    }

    private static List<Field> roles(Field target, @Nullable Field weights, List<Field> offsets) {
        List<Field> roles = new ArrayList<>(offsets);
        roles.add(target);
        if (weights != null) {
            roles.add(weights);
        }
        return roles;
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
