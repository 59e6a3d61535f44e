package io.logits.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The class of every row. Classes are named and ordered: by value if every name is a finite number, else by the Unicode
 * order of their names, so that the order of rows does not matter.
 */
public final class Labels {
    private final List<String> classes;
    private final int[] indices;

    private Labels(List<String> classes, int[] indices) {
        this.classes = classes;
        this.indices = indices;
    }

    /** Labels by name. Numeric names are taken as they are written. */
    public static Labels of(List<String> names) {
        Map<String, Integer> found = new HashMap<>();
        int[] indices = new int[names.size()];
        List<String> classes = new ArrayList<>();
        for (int i = 0; i < indices.length; i++) {
            String name = names.get(i);
            Integer at = found.putIfAbsent(name, classes.size());
            if (at == null) {
                classes.add(name);
            }
            indices[i] = at == null ? classes.size() - 1 : at;
        }
        return ordered(classes, indices);
    }

    /**
     * Labels by number, named as {@link #name(double)} does.
     *
     * @throws IllegalArgumentException if one is NaN or infinite
     */
    public static Labels of(double[] values) {
        Map<Double, Integer> found = new HashMap<>();
        int[] indices = new int[values.length];
        List<String> classes = new ArrayList<>();
        for (int i = 0; i < indices.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "label of row " + i + " is " + values[i] + ", a finite number is needed");
            }
            double value = values[i] + 0.0; // -0.0 is 0
            Integer at = found.putIfAbsent(value, classes.size());
            if (at == null) {
                classes.add(name(value));
            }
            indices[i] = at == null ? classes.size() - 1 : at;
        }
        return ordered(classes, indices);
    }

    /**
     * Labels by class index, the classes already in their final order.
     *
     * @param indices not copied; {@code 0 <= indices[i] < classes.size()}
     * @throws IllegalArgumentException if an index is out of range or a class is named twice
     */
    public static Labels of(List<String> classes, int[] indices) {
        Set<String> distinct = new HashSet<>(classes);
        if (distinct.size() != classes.size()) {
            throw new IllegalArgumentException("a class is named twice in " + classes);
        }
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= classes.size()) {
                throw new IllegalArgumentException("row " + i + " has class index " + indices[i] + ", 0 to "
                        + (classes.size() - 1) + " are allowed");
            }
        }
        return new Labels(List.copyOf(classes), indices);
    }

    /** The name of a numeric class: shortest digits, without a plus sign or a trailing {@code .0}. */
    public static String name(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(value);
    }

    private static Labels ordered(List<String> classes, int[] indices) {
        Integer[] order = new Integer[classes.size()];
        Arrays.setAll(order, i -> i);
        double[] values = numbers(classes);
        Arrays.sort(order, (a, b) -> {
            int byValue = values.length == 0 ? 0 : Double.compare(values[a], values[b]);
            return byValue != 0 ? byValue : classes.get(a).compareTo(classes.get(b));
        });
        int[] rank = new int[order.length];
        List<String> sorted = new ArrayList<>(order.length);
        for (int k = 0; k < order.length; k++) {
            rank[order[k]] = k;
            sorted.add(classes.get(order[k]));
        }
        for (int i = 0; i < indices.length; i++) {
            indices[i] = rank[indices[i]];
        }
        return new Labels(List.copyOf(sorted), indices);
    }

    /** The value of each name, or an empty array if one of them is not a finite number. */
    private static double[] numbers(List<String> names) {
        double[] values = new double[names.size()];
        for (int k = 0; k < values.length; k++) {
            try {
                values[k] = Double.parseDouble(names.get(k));
            } catch (NumberFormatException e) {
                return new double[0];
            }
            if (!Double.isFinite(values[k])) {
                return new double[0];
            }
        }
        return values;
    }

    /**
     * The same labels with the classes of a model, some of which may have no row here.
     *
     * @param known the classes in their order, distinct
     * @throws IllegalArgumentException if a row has another class
     */
    public Labels among(List<String> known) {
        int[] place = classes.stream().mapToInt(known::indexOf).toArray();
        int[] mapped = new int[indices.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = place[indices[i]];
            if (mapped[i] < 0) {
                throw new IllegalArgumentException("a row is of class " + classes.get(indices[i])
                        + ", the known classes are " + String.join(", ", known));
            }
        }
        return of(known, mapped);
    }

    /** The labels of these rows, in this order; all classes stay known. */
    public Labels select(int[] rows) {
        return new Labels(classes, Arrays.stream(rows).map(i -> indices[i]).toArray());
    }

    /** The names of the classes in order. */
    public List<String> classes() {
        return classes;
    }

    /** The number of rows. */
    public int rows() {
        return indices.length;
    }

    /** The class index of each row; the array itself, not to be changed. */
    public int[] indices() {
        return indices;
    }
}
