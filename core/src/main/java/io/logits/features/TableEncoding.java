package io.logits.features;

import io.logits.data.Labels;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the named columns of a table become features: the blocks of the columns in order, then those of the interactions.
 * Learnt once from a table, stored in the model, applied to every later row. Immutable; rows are encoded with a
 * {@link RowEncoder} per thread, or one at a time with {@link #encode}.
 */
public final class TableEncoding implements Encoding {
    private final List<Column> columns;
    private final List<Interaction> interactions;
    private final Map<String, Integer> position = new HashMap<>();
    /** Where each block begins: columns, then interactions, then the end. */
    private final int[] start;

    /** For each column its levels or terms by name, with their place in the block; -1 for the reference level. */
    private final List<Map<String, Integer>> places;

    /**
     * An encoding of these columns.
     *
     * @param interactions between two columns that are there and are no texts
     * @throws IllegalArgumentException if two columns or two features share a name, or an interaction does not fit
     */
    public TableEncoding(List<Column> columns, List<Interaction> interactions) {
        this.columns = List.copyOf(columns);
        this.interactions = List.copyOf(interactions);
        for (Column column : columns) {
            if (position.putIfAbsent(column.name(), position.size()) != null) {
                throw new IllegalArgumentException("two columns are named '" + column.name() + "'");
            }
        }
        places = this.columns.stream().map(TableEncoding::places).toList();
        start = new int[columns.size() + interactions.size() + 1];
        for (int b = 0; b + 1 < start.length; b++) {
            long size = b < columns.size() ? columns.get(b).size() : product(interactions.get(b - columns.size()));
            start[b + 1] = Math.toIntExact(start[b] + size);
        }
        Set<String> names = new HashSet<>();
        for (String name : featureNames()) {
            if (!names.add(name)) {
                throw new IllegalArgumentException("two features would be named '" + name + "', rename a column");
            }
        }
    }

    /** Numeric columns that are used as they are and refuse missing values. */
    public static TableEncoding ofNumbers(List<String> names) {
        return new TableEncoding(
                names.stream().map(name -> (Column) Column.Numeric.of(name)).toList(), List.of());
    }

    private static Map<String, Integer> places(Column column) {
        Map<String, Integer> places = new HashMap<>();
        if (column instanceof Column.Category category) {
            int next = 0;
            for (String level : category.levels()) {
                places.put(level, level.equals(category.reference()) ? -1 : next++);
            }
        } else if (column instanceof Column.Text text) {
            for (String term : text.vocabulary().terms()) {
                places.put(term, places.size());
            }
        }
        return places;
    }

    private long product(Interaction interaction) {
        return (long) factorSize(factor(interaction.first())) * factorSize(factor(interaction.second()));
    }

    private Column factor(String name) {
        Integer at = position.get(name);
        if (at == null || columns.get(at) instanceof Column.Text) {
            throw new IllegalArgumentException("an interaction names '" + name + "', which is no "
                    + (at == null ? "feature column" : "numeric column or category"));
        }
        return columns.get(at);
    }

    /** Features with which a column takes part in an interaction: those of a category, the number of a numeric one. */
    static int factorSize(Column column) {
        return column instanceof Column.Numeric ? 1 : column.size();
    }

    /** The raw columns. */
    public List<Column> columns() {
        return columns;
    }

    /** The products of columns. */
    public List<Interaction> interactions() {
        return interactions;
    }

    /** The place of a raw column in {@link #columns}, or -1 if there is none of that name. */
    public int columnIndex(String name) {
        return position.getOrDefault(name, -1);
    }

    /** The first feature of column {@code c}, or, from {@code columns().size()} on, of an interaction. */
    int start(int block) {
        return start[block];
    }

    Map<String, Integer> places(int column) {
        return places.get(column);
    }

    @Override
    public int size() {
        return start[start.length - 1];
    }

    @Override
    public List<String> featureNames() {
        return new AbstractList<>() {
            @Override
            public String get(int j) {
                return featureName(Objects.checkIndex(j, size()));
            }

            @Override
            public int size() {
                return TableEncoding.this.size();
            }
        };
    }

    /** A block for each column, then for each interaction, but for those without features. */
    @Override
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int b = 0; b + 1 < start.length; b++) {
            if (start[b + 1] > start[b]) {
                blocks.add(new Block(blockName(b), start[b], start[b + 1]));
            }
        }
        return blocks;
    }

    private String blockName(int b) {
        if (b < columns.size()) {
            return columns.get(b).name();
        }
        Interaction interaction = interactions.get(b - columns.size());
        return interaction.first() + ":" + interaction.second();
    }

    private String featureName(int j) {
        int found = Arrays.binarySearch(start, j);
        int block = found >= 0 ? found : -found - 2;
        while (start[block + 1] == j) { // empty blocks share their start with the next
            block++;
        }
        int local = j - start[block];
        if (block < columns.size()) {
            return columns.get(block).featureName(local);
        }
        Interaction interaction = interactions.get(block - columns.size());
        Column second = factor(interaction.second());
        int width = factorSize(second);
        return factor(interaction.first()).featureName(local / width) + ":" + second.featureName(local % width);
    }

    /**
     * Whether rows are better stored without their zeros: there are texts, or 100 features or more of which a row has at
     * most one in five.
     */
    public boolean sparse() {
        return columns.stream().anyMatch(column -> column instanceof Column.Text)
                || (size() >= 100 && 5 * (columns.size() + interactions.size()) <= size());
    }

    /**
     * Encodes one row of raw values: numbers and booleans for numeric columns; text, numbers (named as
     * {@link Labels#name} does) and booleans for categories; text for texts; null for a missing value. Entries of other
     * names are not looked at.
     *
     * @param out {@code size()} entries
     * @return how many levels were never seen, by column: their features are 0
     * @throws IllegalArgumentException if a column is not in the row, a number is not finite or is text, or a value is
     *     missing in a column that refuses that
     */
    @Override
    public Map<String, Long> encode(Map<String, ?> row, double[] out) {
        if (out.length != size()) {
            throw new IllegalArgumentException("out has " + out.length + " entries, the encoding has " + size());
        }
        RowEncoder encoder = new RowEncoder(this);
        for (int c = 0; c < columns.size(); c++) {
            String name = columns.get(c).name();
            @Nullable Object value = row.get(name);
            if (value == null && !row.containsKey(name)) {
                throw new IllegalArgumentException("the row has no column '" + name + "'");
            }
            set(encoder, c, value);
        }
        encoder.encode(out);
        return encoder.unseen();
    }

    private static void set(RowEncoder encoder, int c, @Nullable Object value) {
        if (value == null) {
            encoder.missing(c);
        } else if (value instanceof Number number) {
            encoder.number(c, number.doubleValue());
        } else if (value instanceof Boolean flag) {
            encoder.flag(c, flag);
        } else {
            encoder.text(c, value.toString());
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TableEncoding that
                && columns.equals(that.columns)
                && interactions.equals(that.interactions);
    }

    @Override
    public int hashCode() {
        return 31 * columns.hashCode() + interactions.hashCode();
    }

    @Override
    public String toString() {
        return "TableEncoding of " + columns.size() + " columns to " + size() + " features";
    }

    /** Counts by name of column, those above 0 alone, in order of columns. */
    Map<String, Long> byColumn(long[] counts) {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] > 0) {
                named.put(columns.get(c).name(), counts[c]);
            }
        }
        return named;
    }
}
