package io.logits.features;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the features of a matrix are. */
public sealed interface Encoding permits PlainEncoding, IndexedEncoding, ImageEncoding, TableEncoding {
    /** The names of the features in order of columns. The list may be a view that makes names as they are asked for. */
    List<String> featureNames();

    /** The number of features. */
    default int size() {
        return featureNames().size();
    }

    /** The blocks of features in order: those that stand for one thing together, such as the levels of a category. */
    default List<Block> blocks() {
        List<String> names = featureNames();
        return IntStream.range(0, names.size())
                .mapToObj(j -> new Block(names.get(j), j, j + 1))
                .toList();
    }

    /**
     * Encodes one row of raw values, found by name. Where nothing was learnt about raw columns, they are the features
     * themselves: numbers, or truth values that count as 0 and 1.
     *
     * @param row values by name; entries of other names are not looked at
     * @param out {@code size()} entries, overwritten
     * @return how many levels were never seen, by column: their features are 0
     * @throws IllegalArgumentException if {@code out} has another length, or a value is not there or cannot be used
     */
    default Map<String, Long> encode(Map<String, ?> row, double[] out) {
        return TableEncoding.ofNumbers(featureNames()).encode(row, out);
    }

    /**
     * Encodes one row of raw values, the components of a record by their names.
     *
     * @param out {@code size()} entries, overwritten
     * @return how many levels were never seen, by column: their features are 0
     * @throws IllegalArgumentException as {@link #encode(Map, double[])}, and if the record's components cannot be
     *     reached from here, as those of a module that does not open its package
     */
    default Map<String, Long> encode(Record row, double[] out) {
        return encode(RecordValues.of(row), out);
    }
}
