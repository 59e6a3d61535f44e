package io.logits.tables;

import io.logits.data.InputException;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.features.Column;
import io.logits.features.Missing;
import io.logits.features.RowEncoder;
import io.logits.features.TableEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** The pass over a table that encodes its rows and collects labels, weights and offsets. */
final class RowPass {
    private final Relation table;
    private final Plan plan;
    private final TableEncoding encoding;
    private final RowEncoder encoder;
    private final RowStore store;
    private final @Nullable LabelStore labels;
    /** What rows share by the column of groups. */
    private final Groups groups = new Groups();
    /** The row of the table, from 0, that each row came from; collected where these may differ. */
    private int[] origins = new int[0];
    /** Where there are counts: the class of each row. */
    private int[] outcomes = new int[0];
    /** Weights, if there are any, then offsets, then counts: each row after row. */
    private final List<Field> numbers;

    private double[] extra = new double[0];
    private int rows;
    private long row;
    private long dropped;
    /** By column of the encoding, and last the label: how many values are missing, and the first such row. */
    private final long[] missing;

    private final long[] firstMissing;
    /** What stops the pass, said once DuckDB is free to look for the place. */
    private @Nullable Failure failure;

    private record Failure(long row, Field field, String message) {}

    /**
     * What the pass collects.
     *
     * @param features the field of each column of the encoding
     * @param dropMissing whether rows with a missing value are left out
     * @param advice what allows missing values in features
     */
    record Plan(
            TableEncoding encoding,
            List<Field> features,
            @Nullable Field target,
            @Nullable Field weights,
            List<Field> offsets,
            List<Field> counts,
            @Nullable Field groups,
            boolean dropMissing,
            Precision precision,
            String advice) {}

    RowPass(Relation table, Plan plan) {
        this.table = table;
        this.plan = plan;
        encoding = plan.encoding();
        encoder = new RowEncoder(encoding);
        store = RowStore.of(encoding, plan.precision());
        labels = plan.target() == null ? null : new LabelStore(plan.target());
        numbers = new ArrayList<>();
        if (plan.weights() != null) {
            numbers.add(plan.weights());
        }
        numbers.addAll(plan.offsets());
        numbers.addAll(plan.counts());
        missing = new long[plan.features().size() + 1];
        firstMissing = new long[missing.length];
    }

    /**
     * Reads all rows.
     *
     * @throws InputException at the first value that cannot be used, or after the last row for missing ones
     */
    RowPass run() {
        List<String> what = new ArrayList<>();
        for (int c = 0; c < plan.features().size(); c++) {
            what.add(Relation.as(plan.features().get(c), text(c)));
        }
        numbers.forEach(field -> what.add(Relation.as(field, false)));
        if (plan.groups() != null) {
            what.add(Relation.as(plan.groups(), plan.groups().kind() != Field.Kind.NUMBER));
        }
        if (labels != null && plan.target() != null) {
            what.add(Relation.as(plan.target(), !labels.numeric()));
        }
        table.stream(what, "", this::read);
        if (failure != null) {
            throw table.refuse(failure.row(), failure.field(), failure.message());
        }
        checkMissing();
        return this;
    }

    /** Whether column {@code c} is read as text: a number that a category is given goes by its name as a label does. */
    private boolean text(int c) {
        Column column = encoding.columns().get(c);
        return column instanceof Column.Text
                || (column instanceof Column.Category && plan.features().get(c).kind() != Field.Kind.NUMBER);
    }

    private boolean read(DuckDBDataChunkReader chunk) {
        int features = plan.features().size();
        int width = (int) chunk.columnCount();
        DuckDBReadableVector[] vectors = new DuckDBReadableVector[width];
        for (int j = 0; j < width; j++) {
            vectors[j] = chunk.vector(j);
        }
        boolean[] text = new boolean[features];
        for (int c = 0; c < features; c++) {
            text[c] = text(c);
        }
        for (long i = 0; i < chunk.rowCount(); i++) {
            row++;
            if (plan.dropMissing() && anyMissing(vectors, i)) {
                dropped++;
                continue;
            }
            boolean complete = true;
            for (int c = 0; c < features; c++) {
                complete &= text[c] ? text(c, vectors[c], i) : number(c, vectors[c], i);
            }
            complete &= labels == null || label(labels, vectors[width - 1], i);
            for (int e = 0; e < numbers.size(); e++) {
                extra(e, vectors[features + e], i);
            }
            Object shared = plan.groups() == null ? "" : group(plan.groups(), vectors[features + numbers.size()], i);
            if (failure == null && !plan.counts().isEmpty()) {
                keepTrials(complete, shared);
            } else if (failure == null) {
                keep(complete, shared);
            }
            if (failure != null) {
                return false;
            }
        }
        return true;
    }

    private void keep(boolean complete, Object shared) {
        if (complete) {
            store.add(encoder);
        }
        if (plan.groups() != null) {
            groups.add(shared);
        }
        if (hasOrigins()) {
            origins = rows < origins.length ? origins : Arrays.copyOf(origins, Math.max(1024, 2 * rows));
            origins[rows] = Math.toIntExact(row - 1);
        }
        rows++;
    }

    /** Whether rows may be left out, or come twice. */
    private boolean hasOrigins() {
        return plan.dropMissing() || !plan.counts().isEmpty();
    }

    /** Keeps the row once for its successes and once for its failures, each if there are any. */
    private void keepTrials(boolean complete, Object shared) {
        int width = numbers.size();
        double[] given = Arrays.copyOfRange(extra, rows * width, (rows + 1) * width);
        double successes = given[width - 2];
        double all = given[width - 1];
        if (successes > all) {
            fail(plan.counts().get(0), "is " + successes + ", the trials are " + all + " and at least as many");
            return;
        }
        for (int outcome = 0; outcome < 2; outcome++) {
            double count = outcome == 0 ? all - successes : successes;
            if (count > 0) {
                reserve();
                System.arraycopy(given, 0, extra, rows * width, width - 1);
                extra[rows * width + width - 1] = count;
                outcomes = rows < outcomes.length ? outcomes : Arrays.copyOf(outcomes, Math.max(1024, 2 * rows));
                outcomes[rows] = outcome;
                keep(complete, shared);
            }
        }
    }

    private static boolean anyMissing(DuckDBReadableVector[] vectors, long i) {
        for (DuckDBReadableVector vector : vectors) {
            if (vector.isNull(i)) {
                return true;
            }
        }
        return false;
    }

    /** False if a value is missing that may not be. */
    private boolean number(int c, DuckDBReadableVector vector, long i) {
        double x = vector.getDouble(i, Double.NaN);
        boolean fits = plan.precision() == Precision.FLOAT64 ? Double.isFinite(x) : Float.isFinite((float) x);
        if (fits) {
            encoder.number(c, x);
            return true;
        }
        if (vector.isNull(i)) {
            return absent(c);
        }
        fail(
                plan.features().get(c),
                Double.isFinite(x)
                        ? "is " + x + ", too large for float32; --precision double"
                        : "is " + x + ", a finite number is needed");
        return false;
    }

    private boolean text(int c, DuckDBReadableVector vector, long i) {
        @Nullable String x = vector.getString(i);
        if (x == null) {
            return absent(c);
        }
        encoder.text(c, x);
        return true;
    }

    private boolean absent(int c) {
        if (encoding.columns().get(c).missing() != Missing.ERROR) {
            encoder.missing(c);
            return true;
        }
        return count(c);
    }

    private boolean count(int c) {
        if (missing[c]++ == 0) {
            firstMissing[c] = row;
        }
        return false;
    }

    private boolean label(LabelStore to, DuckDBReadableVector vector, long i) {
        if (vector.isNull(i)) {
            return count(missing.length - 1);
        }
        if (!to.numeric()) {
            to.add(vector.getString(i));
            return true;
        }
        double x = vector.getDouble(i);
        if (!Double.isFinite(x) && plan.target() != null) {
            fail(plan.target(), "is " + x + ", a label is a finite number or text");
        }
        to.add(x);
        return true;
    }

    private void extra(int e, DuckDBReadableVector vector, long i) {
        Field field = numbers.get(e);
        boolean offset = plan.offsets().contains(field);
        String kind = offset ? "offset" : field.equals(plan.weights()) ? "weight" : "count";
        if (vector.isNull(i)) {
            fail(field, "has a missing value, " + kind + "s must be there");
            return;
        }
        double x = vector.getDouble(i);
        if (!Double.isFinite(x) || (!offset && x < 0)) {
            fail(
                    field,
                    "is " + x
                            + (offset ? ", an offset is a finite number" : ", a " + kind + " is a finite number >= 0"));
        }
        reserve();
        extra[rows * numbers.size() + e] = x;
    }

    /** Makes room for the numbers of another row. */
    private void reserve() {
        if ((rows + 1) * numbers.size() > extra.length) {
            extra = Arrays.copyOf(extra, Math.max(1024, 2 * extra.length));
        }
    }

    private Object group(Field field, DuckDBReadableVector vector, long i) {
        if (vector.isNull(i)) {
            fail(field, "has a missing value, every row is of a group");
            return "";
        }
        return field.kind() == Field.Kind.NUMBER ? (Object) (vector.getDouble(i) + 0.0) : vector.getString(i);
    }

    private void fail(Field field, String message) {
        if (failure == null) {
            failure = new Failure(row, field, message);
        }
    }

    private void checkMissing() {
        int target = missing.length - 1;
        int first = -1;
        StringBuilder others = new StringBuilder();
        for (int c = 0; c < target; c++) {
            if (missing[c] > 0 && first < 0) {
                first = c;
            } else if (missing[c] > 0) {
                others.append(others.isEmpty() ? " (also '" : ", '")
                        .append(plan.features().get(c).name())
                        .append("' ")
                        .append(missing[c]);
            }
        }
        if (first >= 0) {
            others.append(others.isEmpty() ? "" : ")");
            throw table.refuse(
                    firstMissing[first],
                    plan.features().get(first),
                    "has " + values(missing[first]) + others + "; " + plan.advice());
        }
        if (missing[target] > 0 && plan.target() != null) {
            throw table.refuse(
                    firstMissing[target],
                    plan.target(),
                    "is the label and has " + values(missing[target]) + "; --missing drop leaves such rows out");
        }
    }

    private static String values(long count) {
        return count == 1 ? "1 missing value" : count + " missing values";
    }

    /** Rows that were kept. */
    int rows() {
        return rows;
    }

    /** Rows that were left out. */
    long dropped() {
        return dropped;
    }

    Matrix features() {
        return store.build();
    }

    @Nullable
    Labels labels() {
        if (!plan.counts().isEmpty()) {
            return Labels.of(Trials.CLASSES, Arrays.copyOf(outcomes, rows));
        }
        return labels == null ? null : labels.build(table);
    }

    Map<String, Long> unseen() {
        return encoder.unseen();
    }

    /** The weight of each row, or null: with counts the count, times the weight that was given. */
    double @Nullable [] weights() {
        int width = numbers.size();
        if (plan.counts().isEmpty()) {
            return plan.weights() == null ? null : pick(0, 1);
        }
        double[] weights = pick(width - 1, 1);
        for (int i = 0; i < rows && plan.weights() != null; i++) {
            weights[i] *= extra[i * width];
        }
        return weights;
    }

    /** The offsets of each row, or null. */
    double @Nullable [] offsets() {
        int count = plan.offsets().size();
        return count == 0 ? null : pick(numbers.size() - plan.counts().size() - count, count);
    }

    /** A number for each row, the same where the column of groups has the same value, or null. */
    int @Nullable [] groups() {
        return plan.groups() == null ? null : groups.build();
    }

    /** The row of the table, from 0, that each row came from, or null where that is the row itself. */
    int @Nullable [] origins() {
        return hasOrigins() ? Arrays.copyOf(origins, rows) : null;
    }

    private double[] pick(int from, int count) {
        double[] picked = new double[rows * count];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(extra, i * numbers.size() + from, picked, i * count, count);
        }
        return picked;
    }
}
