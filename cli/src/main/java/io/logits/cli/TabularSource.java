package io.logits.cli;

import io.logits.data.Precision;
import io.logits.features.Encoding;
import io.logits.features.PlainEncoding;
import io.logits.features.TableEncoding;
import io.logits.model.Model;
import io.logits.tables.AppliedTable;
import io.logits.tables.LearntTable;
import io.logits.tables.SpooledTable;
import io.logits.tables.TableReader;
import io.logits.tables.TableSource;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables: their columns have names. */
record TabularSource(DataFile file, Logits logits) implements RowSource {
    /** Where a model remembers the name of its label column. */
    static final String TARGET = "target";

    /** Where a model remembers the names of its offset columns, between commas. */
    static final String OFFSET = "offset";

    private static final int MOST_NAMES = 8;

    @Override
    public Learnt learn(LearningOptions options, boolean penalised, RowOrder order) throws IOException {
        options.checkNoLabels(file);
        LearntTable table = with(source -> TableReader.learn(source, options.table(penalised)));
        List<String> remarks = new ArrayList<>();
        if (table.rowsDropped() > 0) {
            remarks.add(count(table.rowsDropped(), "row") + " with missing values left out");
        }
        if (!table.ignored().isEmpty()) {
            remarks.add("not used: " + names(table.ignored()));
        }
        return new Learnt(table.data(), table.target(), table.offsets(), table.groups(), table.origins(), remarks);
    }

    @Override
    public Rows read(Model model, Target target, boolean offset) throws IOException {
        String learnt = model.provenance().data().get(TARGET);
        String labels = target.wanted() ? labels(target, learnt) : null;
        TableEncoding encoding = encoding(model.encoding());
        Precision precision = Rows.precisionFor(model, Precision.FLOAT64);
        String columns = model.provenance().data().get(OFFSET);
        List<String> offsets = offset && columns != null ? List.of(columns.split(",")) : List.of();
        AppliedTable table = with(source -> TableReader.apply(source, encoding, labels, offsets, precision));
        return new Rows(table.features(), table.offsets(), table.labels(), remarks(table, learnt));
    }

    private String labels(Target target, @Nullable String learnt) {
        String column = target.column() == null ? learnt : target.column();
        if (column == null) {
            throw file.refuse("which column holds the labels? say --target COL");
        }
        return column;
    }

    private TableEncoding encoding(Encoding encoding) {
        if (encoding instanceof TableEncoding table) {
            return table;
        }
        if (encoding instanceof PlainEncoding plain) {
            return TableEncoding.ofNumbers(plain.featureNames());
        }
        throw file.refuse("this is a table, the model was not fitted on one");
    }

    private static List<String> remarks(AppliedTable table, @Nullable String target) {
        List<String> remarks = new ArrayList<>();
        List<String> extra =
                table.ignored().stream().filter(name -> !name.equals(target)).toList();
        if (!extra.isEmpty()) {
            remarks.add("not used, the model does not know: " + names(extra));
        }
        if (!table.unseen().isEmpty()) {
            remarks.add("values never seen in the fit count as zero: "
                    + table.unseen().entrySet().stream()
                            .map(entry -> entry.getKey() + " in " + count(entry.getValue(), "row"))
                            .collect(Collectors.joining(", ")));
        }
        return remarks;
    }

    private <T> T with(Function<TableSource, T> use) throws IOException {
        withoutFlightRecorder();
        if (file.isStandardInput()) {
            try (SpooledTable spooled =
                    SpooledTable.of(logits.console().in(), file.format().label(), file.name())) {
                return use.apply(spooled.source().withSql(file.sql()));
            }
        }
        return use.apply(TableSource.of(file.path(), file.format().label()).withSql(file.sql()));
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String names(List<String> columns) {
        return columns.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                + (columns.size() > MOST_NAMES ? " and " + (columns.size() - MOST_NAMES) + " more" : "");
    }

    /**
     * Lets the driver believe that it has registered its event with the JDK's flight recorder. That would start the
     * recorder, which takes longer than to read a small table, and the driver has no setting against it. Where its
     * classes are others than we know, the recorder starts and nothing else changes.
     */
    private static void withoutFlightRecorder() {
        try {
            Field registered = Class.forName("org.duckdb.DuckDBMemoryMonitor").getDeclaredField("initialized");
            registered.setAccessible(true);
            registered.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Only slower.
        }
    }
}
