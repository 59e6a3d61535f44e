package io.logits.features;

import io.logits.data.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Encodes rows one after the other: give every column its value, then call {@link #encode()}. Allocates nothing per
 * row for numbers and categories. Counts levels never seen. For one thread.
 */
public final class RowEncoder {
    private final TableEncoding encoding;
    private final List<Column> columns;
    /** Pairs of column indices of the interactions. */
    private final int[] factors;

    /** The number of a numeric column; for a category 1, or 0 if none of its features is on. */
    private final double[] value;

    /** Which feature of a category is on; 0 for a numeric column. */
    private final int[] place;

    private final String[] text;
    private final boolean[] missing;
    private final long[] unseen;

    /** The entries of the row that are not 0, features increasing. */
    private int[] index = new int[16];

    private double[] entry = new double[16];
    private int count;

    /** The terms of a text by feature, repeated as they come. */
    private int[] terms = new int[64];

    private int termCount;

    /** An encoder that has seen no row. */
    public RowEncoder(TableEncoding encoding) {
        this.encoding = encoding;
        columns = encoding.columns();
        int n = columns.size();
        factors = encoding.interactions().stream()
                .flatMap(i -> List.of(i.first(), i.second()).stream())
                .mapToInt(encoding::columnIndex)
                .toArray();
        value = new double[n];
        place = new int[n];
        text = new String[n];
        missing = new boolean[n];
        unseen = new long[n];
        Arrays.fill(text, "");
    }

    /**
     * Gives column {@code c} a number. A category takes it by name, as {@link Labels#name} does.
     *
     * @throws IllegalArgumentException if the number is not finite, or the column is a text
     */
    public void number(int c, double x) {
        Column column = columns.get(c);
        if (!Double.isFinite(x)) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' is " + x + ", a finite number is needed");
        }
        if (column instanceof Column.Numeric) {
            missing[c] = false;
            value[c] = x;
        } else {
            text(c, Labels.name(x));
        }
    }

    /** Gives column {@code c} a truth value: 0 or 1 for a numeric column, else {@code false} or {@code true} by name. */
    public void flag(int c, boolean x) {
        if (columns.get(c) instanceof Column.Numeric) {
            number(c, x ? 1 : 0);
        } else {
            text(c, Boolean.toString(x));
        }
    }

    /**
     * Gives column {@code c} a text. A level never seen is counted.
     *
     * @throws IllegalArgumentException if the column is numeric
     */
    public void text(int c, String x) {
        Column column = columns.get(c);
        missing[c] = false;
        if (column instanceof Column.Numeric) {
            throw new IllegalArgumentException("column '" + column.name() + "' is '" + x + "', a number is needed");
        }
        if (column instanceof Column.Text) {
            text[c] = x;
            return;
        }
        Integer at = encoding.places(c).get(x);
        if (at == null) {
            unseen[c]++;
        }
        place[c] = at == null ? -1 : at;
        value[c] = place[c] < 0 ? 0 : 1;
    }

    /**
     * Says that column {@code c} has no value.
     *
     * @throws IllegalArgumentException if the column refuses that
     */
    public void missing(int c) {
        Column column = columns.get(c);
        if (column.missing() == Missing.ERROR) {
            throw new IllegalArgumentException("column '" + column.name()
                    + "' has a missing value, and no rule for missing values was chosen in the fit");
        }
        if (column instanceof Column.Numeric numeric) {
            value[c] = numeric.fill();
        } else if (column instanceof Column.Text) {
            text[c] = "";
        } else if (column instanceof Column.Category category && category.fill() != null) {
            text(c, category.fill());
        } else {
            place[c] = column.size() - 1;
            value[c] = 1;
        }
        missing[c] = true;
    }

    /**
     * Encodes the row whose values were given: afterwards {@code index()[0 .. count-1]} are the features that are not 0,
     * increasing, and {@code values()[0 .. count-1]} their values.
     *
     * @return count
     * @throws IllegalArgumentException if the product of two numbers is not finite
     */
    public int encode() {
        count = 0;
        for (int c = 0; c < columns.size(); c++) {
            Column column = columns.get(c);
            int start = encoding.start(c);
            if (column instanceof Column.Text words) {
                addTerms(words, start, c);
            } else {
                add(start + place[c], value[c]);
            }
            if (missing[c] && column.missing() == Missing.INDICATOR && !(column instanceof Column.Category)) {
                add(start + column.size() - 1, 1);
            }
        }
        for (int i = 0; i < factors.length; i += 2) {
            int a = factors[i];
            int b = factors[i + 1];
            int width = TableEncoding.factorSize(columns.get(b));
            double product = value[a] * value[b];
            if (!Double.isFinite(product)) {
                throw new IllegalArgumentException("the product of columns '"
                        + columns.get(a).name() + "' and '" + columns.get(b).name() + "' is " + product);
            }
            add(encoding.start(columns.size() + i / 2) + place[a] * width + place[b], product);
        }
        return count;
    }

    /** The features of the last row that are not 0; valid until the next row. */
    public int[] index() {
        return index;
    }

    /** The values of the last row that are not 0; valid until the next row. */
    public double[] values() {
        return entry;
    }

    /**
     * Encodes the row whose values were given, with its zeros.
     *
     * @param out as many entries as the encoding has features
     */
    public void encode(double[] out) {
        Arrays.fill(out, 0);
        int n = encode();
        for (int e = 0; e < n; e++) {
            out[index[e]] = entry[e];
        }
    }

    /** How many levels were never seen, by column, in all rows so far; columns without any are not there. */
    public Map<String, Long> unseen() {
        return encoding.byColumn(unseen);
    }

    private void add(int feature, double x) {
        if (x == 0) {
            return;
        }
        if (count == index.length) {
            index = Arrays.copyOf(index, 2 * count);
            entry = Arrays.copyOf(entry, 2 * count);
        }
        index[count] = feature;
        entry[count] = x;
        count++;
    }

    private void addTerms(Column.Text column, int start, int c) {
        Vocabulary vocabulary = column.vocabulary();
        Map<String, Integer> places = encoding.places(c);
        termCount = 0;
        Terms.forEach(text[c], term -> {
            int feature = vocabulary.hashed()
                    ? vocabulary.featureOfBucket(Vocabulary.bucket(term, vocabulary.bucketCount()))
                    : places.getOrDefault(term, -1);
            if (feature >= 0) {
                if (termCount == terms.length) {
                    terms = Arrays.copyOf(terms, 2 * termCount);
                }
                terms[termCount++] = feature;
            }
        });
        Arrays.sort(terms, 0, termCount);
        int first = count;
        double squares = 0;
        for (int t = 0; t < termCount; ) {
            int end = t + 1;
            while (end < termCount && terms[end] == terms[t]) {
                end++;
            }
            double tf = column.sublinear() ? 1 + Math.log(end - t) : end - t;
            double weight = tf * vocabulary.inverseDocumentFrequency(terms[t]);
            squares += weight * weight;
            add(start + terms[t], weight);
            t = end;
        }
        double length = Math.sqrt(squares);
        for (int e = first; e < count; e++) {
            entry[e] /= length;
        }
    }
}
