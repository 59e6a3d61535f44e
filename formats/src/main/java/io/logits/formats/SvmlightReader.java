package io.logits.formats;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.InputException;
import io.logits.data.Labels;
import io.logits.features.IndexedEncoding;
import io.logits.kernels.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads svmlight files: a line is {@code LABEL INDEX:VALUE INDEX:VALUE ... # comment}, indices increasing.
 *
 * <ul>
 *   <li>A label is a number or any other word; numbers are named as {@link Labels#name(double)} does.
 *   <li>Indices begin at 0 if index 0 occurs in the file and at 1 if not.
 *   <li>Values are finite decimal numbers. Zeros are not stored, but their indices count.
 *   <li>Blanks are spaces and tabs. Blank lines and comments are skipped, {@code qid:N} is ignored, lines may end in
 *       CRLF, the last one need not end.
 *   <li>Gzip and Zstandard are unpacked; of the latter up to a window of 8 MB, as all levels but {@code --long} have.
 * </ul>
 *
 * Workers take turns at reading blocks of lines, of about half a MB, and parse them at the same time. The blocks are kept as
 * blocks of the matrix, so that beside the matrix itself there are only 4 bytes per row and the workers' own buffers.
 */
public final class SvmlightReader {
    private final String name;
    private final SvmlightOptions options;
    private final LineBlocks blocks;
    /** What has been parsed, by the block's place in the text. */
    private final SortedMap<Integer, SvmlightParser.Parsed> parsed = new TreeMap<>();

    private int faultyBlock = Integer.MAX_VALUE;
    private @Nullable Exception fault;

    private SvmlightReader(InputStream in, String name, SvmlightOptions options) {
        this.name = name;
        this.options = options;
        blocks = new LineBlocks(in);
    }

    /**
     * Reads a file.
     *
     * @throws InputException if the file is not there or not svmlight; of several bad lines the first is named
     * @throws IOException if reading fails
     */
    public static SvmlightData read(Path file, SvmlightOptions options) throws IOException {
        try (InputStream in = ByteSource.open(file)) {
            return new SvmlightReader(in, file.toString(), options).read();
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param in not closed
     * @param name what messages call it
     * @throws InputException if it is not svmlight; of several bad lines the first is named
     * @throws IOException if reading fails
     */
    public static SvmlightData read(InputStream in, String name, SvmlightOptions options) throws IOException {
        return new SvmlightReader(ByteSource.unpacked(in, name), name, options).read();
    }

    private SvmlightData read() throws IOException {
        try (Workers workers = Workers.of(options.threads())) {
            workers.run(options.threads(), worker -> parseBlocks());
            throwFault();
            return data(workers);
        }
    }

    /** What has been parsed, put together. */
    private SvmlightData data(Workers workers) {
        List<SvmlightParser.Parsed> parts = List.copyOf(parsed.values());
        long rows = parts.stream().mapToLong(part -> part.labels().length).sum();
        int maxIndex =
                parts.stream().mapToInt(SvmlightParser.Parsed::maxIndex).max().orElse(-1);
        if (rows == 0) {
            throw new InputException(name, "there is no row in it");
        }
        if (rows > Integer.MAX_VALUE - 64) {
            throw new InputException(name, rows + " rows, at most " + (Integer.MAX_VALUE - 64) + " are allowed");
        }
        if (maxIndex < 0 && options.expected() == null) {
            throw new InputException(name, "no line has an index:value, one at least is needed");
        }
        IndexedEncoding encoding = encoding(parts, maxIndex);
        List<CsrMatrix.Block> stored = new ArrayList<>();
        for (SvmlightParser.Parsed part : parts) {
            if (part.labels().length > 0) {
                stored.add(part.rows());
            }
        }
        CsrMatrix matrix = CsrMatrix.ofBlocks(encoding.size(), stored, workers);
        long ignored = parts.stream().mapToLong(SvmlightParser.Parsed::ignored).sum();
        return new SvmlightData(Dataset.of(matrix, labels(parts, (int) rows, workers), encoding), ignored);
    }

    /** The work of one thread: blocks until there is none or something is wrong. */
    private void parseBlocks() {
        SvmlightParser parser = new SvmlightParser(options);
        LineBlocks.Block block = new LineBlocks.Block();
        while (!isFaulty()) {
            try {
                if (!blocks.next(block)) {
                    return;
                }
            } catch (IOException | InputException e) {
                report(blocks.count(), e);
                return;
            }
            try {
                keep(block.number, parser.parse(block));
            } catch (LineFault e) {
                report(block.number, e);
            }
        }
    }

    private synchronized boolean isFaulty() {
        return fault != null;
    }

    private synchronized void keep(int block, SvmlightParser.Parsed part) {
        parsed.put(block, part);
    }

    private synchronized void report(int block, Exception exception) {
        if (block < faultyBlock) {
            faultyBlock = block;
            fault = exception;
        }
    }

    /**
     * Throws the fault of the first faulty block, if there is one. All blocks before it were handed out before it, and
     * workers end what they have begun: so they are parsed, their lines are known, and no earlier fault was missed.
     */
    private synchronized void throwFault() throws IOException {
        if (fault == null) {
            return;
        }
        long linesBefore = parsed.headMap(faultyBlock).values().stream()
                .mapToLong(SvmlightParser.Parsed::lines)
                .sum();
        if (fault instanceof LineFault line) {
            throw line.in(name, linesBefore);
        }
        if (fault instanceof LineBlocks.LineTooLongException tooLong) {
            throw InputException.at(name, linesBefore + 1, 0, String.valueOf(tooLong.getMessage()));
        }
        if (fault instanceof InputException input) {
            throw input;
        }
        throw (IOException) fault;
    }

    /** What the features are; columns are put right if the file turns out to begin at 0. */
    private IndexedEncoding encoding(List<SvmlightParser.Parsed> parts, int maxIndex) {
        IndexedEncoding expected = options.expected();
        if (expected != null) {
            return expected;
        }
        if (parts.stream().noneMatch(SvmlightParser.Parsed::zeroSeen)) {
            return new IndexedEncoding(maxIndex, 1);
        }
        for (SvmlightParser.Parsed part : parts) {
            int[] index = part.rows().index();
            for (int e = 0; e < index.length; e++) {
                index[e]++;
            }
        }
        return new IndexedEncoding(maxIndex + 1, 0);
    }

    private static Labels labels(List<SvmlightParser.Parsed> parts, int rows, Workers workers) {
        Set<LabelDictionary> dictionaries = new HashSet<>();
        parts.forEach(part -> dictionaries.add(part.dictionary()));
        Set<String> distinct = new HashSet<>();
        dictionaries.forEach(dictionary -> distinct.addAll(names(dictionary)));
        List<String> classes = Labels.of(List.copyOf(distinct)).classes();
        Map<String, Integer> classOfName = new HashMap<>();
        for (String name : classes) {
            classOfName.put(name, classOfName.size());
        }
        Map<LabelDictionary, int[]> classesOf = new HashMap<>();
        for (LabelDictionary dictionary : dictionaries) {
            classesOf.put(
                    dictionary,
                    names(dictionary).stream().mapToInt(classOfName::get).toArray());
        }
        int[] indices = new int[rows];
        int[] first = new int[parts.size() + 1];
        for (int p = 0; p < parts.size(); p++) {
            first[p + 1] = first[p] + parts.get(p).labels().length;
        }
        workers.run(parts.size(), p -> {
            int[] classOfNumber =
                    Objects.requireNonNull(classesOf.get(parts.get(p).dictionary()));
            int[] numbers = parts.get(p).labels();
            for (int i = 0; i < numbers.length; i++) {
                indices[first[p] + i] = classOfNumber[numbers[i]];
            }
        });
        return Labels.of(classes, indices);
    }

    /** The names of a dictionary's labels by their numbers. */
    private static List<String> names(LabelDictionary dictionary) {
        List<String> names = new ArrayList<>(dictionary.size());
        DecimalScanner numbers = new DecimalScanner(false);
        for (int number = 0; number < dictionary.size(); number++) {
            byte[] token = dictionary.token(number);
            byte[] ended = Arrays.copyOf(token, token.length + 1);
            boolean isNumber = numbers.scan(ended, 0) == token.length && numbers.valid();
            // Integers of more than 15 digits are kept as they are written: as doubles some would be one.
            names.add(
                    isNumber && Math.abs(numbers.value()) < 1e15
                            ? Labels.name(numbers.value())
                            : new String(token, StandardCharsets.UTF_8));
        }
        return names;
    }
}
