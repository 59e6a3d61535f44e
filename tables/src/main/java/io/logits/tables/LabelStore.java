package io.logits.tables;

import io.logits.data.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects labels, by number or by name. */
final class LabelStore {
    /** Different numbers, some of them not whole, that can still be meant as classes. */
    private static final int MOST_FRACTIONS = 100;

    private final Field field;
    private double[] numbers = new double[1024];
    private int count;
    private final List<String> names = new ArrayList<>();
    /** One string object per class. */
    private final Map<String, String> classes = new HashMap<>();

    LabelStore(Field field) {
        this.field = field;
    }

    boolean numeric() {
        return field.kind() == Field.Kind.NUMBER;
    }

    void add(double label) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = label;
    }

    void add(String label) {
        String same = classes.putIfAbsent(label, label);
        names.add(same == null ? label : same);
    }

    Labels build(Relation table) {
        if (!numeric()) {
            return Labels.of(names);
        }
        double[] values = Arrays.copyOf(numbers, count);
        Labels labels = Labels.of(values);
        int distinct = labels.classes().size();
        if (distinct > MOST_FRACTIONS && Arrays.stream(values).anyMatch(x -> x != Math.rint(x))) {
            throw table.refuse(String.format(
                    Locale.ROOT,
                    "label column '%s' has %,d different numbers, not all whole: a quantity, where classes are needed",
                    field.name(),
                    distinct));
        }
        return labels;
    }
}
