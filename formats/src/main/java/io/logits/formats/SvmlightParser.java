package io.logits.formats;

import io.logits.data.CsrMatrix;
import io.logits.data.Precision;
import io.logits.features.IndexedEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns blocks of svmlight lines into blocks of compressed rows. For one thread, block after block; its arrays are used
 * again and only what a block holds is copied out of them.
 */
final class SvmlightParser {
    /** Indices in a file go so far that their number fits an int even if they begin at 0. */
    static final int MAX_INDEX = Integer.MAX_VALUE - 1;

    private static final byte[] QID = {'q', 'i', 'd', ':'};
    private static final Set<String> NOT_FINITE = Set.of("nan", "inf", "infinity");
    /** Rows of this length and longer ones stay in the order they have. */
    private static final int LONG_ROW = 64;

    private final Precision precision;
    private final @Nullable IndexedEncoding expected;
    private final boolean byLength;
    /** What is subtracted from indices: the base, taken as 1 as long as it is not known. */
    private final int base;

    private final DecimalScanner numbers;
    private final LabelDictionary dictionary = new LabelDictionary();

    private int[] rowEnd = new int[1 << 12];
    private int[] labels = new int[1 << 12];
    /** The numbers of a block's rows in order of their lengths, if they are asked for so. */
    private int[] order = new int[0];

    private int rows;
    private int[] index = new int[1 << 14];
    private float[] floats;
    private double[] doubles;
    private int entries;
    private int maxIndex;
    private boolean zeroSeen;
    private long ignored;

    SvmlightParser(SvmlightOptions options) {
        precision = options.precision();
        expected = options.expected();
        byLength = options.byLength();
        base = expected == null ? 1 : expected.base();
        numbers = new DecimalScanner(precision == Precision.FLOAT32);
        floats = new float[precision == Precision.FLOAT32 ? index.length : 0];
        doubles = new double[precision == Precision.FLOAT64 ? index.length : 0];
    }

    /**
     * A block's rows.
     *
     * @param rows columns are indices less the expected base, less 1 if none is expected
     * @param labels the class of each row as a number of {@code dictionary}
     * @param maxIndex the largest index in the file's own count, -1 if there is none
     * @param zeroSeen whether index 0 occurs
     * @param ignored entries beyond the expected features
     * @param lines lines of text, those without a row counted
     */
    record Parsed(
            CsrMatrix.Block rows,
            int[] labels,
            LabelDictionary dictionary,
            int maxIndex,
            boolean zeroSeen,
            long ignored,
            int lines) {}

    /**
     * Parses a block.
     *
     * @throws LineFault at the first bad line
     */
    Parsed parse(LineBlocks.Block block) {
        rows = 0;
        entries = 0;
        maxIndex = -1;
        zeroSeen = false;
        ignored = 0;
        byte[] b = block.bytes;
        int at = block.textStart();
        int lines = 0;
        try {
            while (at < block.length) {
                lines++;
                at = line(b, at);
            }
        } catch (LineFault e) {
            throw e.inLine(lines);
        }
        if (byLength) {
            sort(block.number % 2 == 1);
            return new Parsed(sorted(), sortedLabels(), dictionary, maxIndex, zeroSeen, ignored, lines);
        }
        int[] rowStart = new int[rows + 1];
        System.arraycopy(rowEnd, 0, rowStart, 1, rows);
        int[] columns = Arrays.copyOf(index, entries);
        CsrMatrix.Block stored = precision == Precision.FLOAT32
                ? CsrMatrix.Block.of(rowStart, columns, Arrays.copyOf(floats, entries))
                : CsrMatrix.Block.of(rowStart, columns, Arrays.copyOf(doubles, entries));
        return new Parsed(stored, Arrays.copyOf(labels, rows), dictionary, maxIndex, zeroSeen, ignored, lines);
    }

    /** The rows in order of their lengths. */
    private CsrMatrix.Block sorted() {
        int[] rowStart = new int[rows + 1];
        int[] columns = new int[entries];
        float[] narrow = new float[precision == Precision.FLOAT32 ? entries : 0];
        double[] wide = new double[precision == Precision.FLOAT64 ? entries : 0];
        for (int r = 0; r < rows; r++) {
            int from = start(order[r]);
            int length = rowEnd[order[r]] - from;
            int to = rowStart[r];
            System.arraycopy(index, from, columns, to, length);
            if (precision == Precision.FLOAT32) {
                System.arraycopy(floats, from, narrow, to, length);
            } else {
                System.arraycopy(doubles, from, wide, to, length);
            }
            rowStart[r + 1] = to + length;
        }
        return new CsrMatrix.Block(rowStart, columns, precision, narrow, wide);
    }

    private int[] sortedLabels() {
        int[] sorted = new int[rows];
        for (int r = 0; r < rows; r++) {
            sorted[r] = labels[order[r]];
        }
        return sorted;
    }

    /** Where row i begins. */
    private int start(int i) {
        return i == 0 ? 0 : rowEnd[i - 1];
    }

    /**
     * Puts the numbers of the rows in order of their lengths.
     *
     * @param down the longest first: else rows that are taken at even distances, for a sample, could all be short
     */
    private void sort(boolean down) {
        order = order.length < rows ? new int[rowEnd.length] : order;
        int first = down ? LONG_ROW : 0;
        int sign = down ? -1 : 1;
        int[] next = new int[LONG_ROW + 2];
        int from = 0;
        for (int i = 0; i < rows; i++) {
            next[1 + first + sign * Math.min(LONG_ROW, rowEnd[i] - from)]++;
            from = rowEnd[i];
        }
        for (int rank = 0; rank <= LONG_ROW; rank++) {
            next[rank + 1] += next[rank];
        }
        from = 0;
        for (int i = 0; i < rows; i++) {
            order[next[first + sign * Math.min(LONG_ROW, rowEnd[i] - from)]++] = i;
            from = rowEnd[i];
        }
    }

    /** Parses the line that begins at {@code start}; where the next one begins. */
    private int line(byte[] b, int start) {
        int at = skipBlanks(b, start);
        if (!endsText(b[at])) {
            at = label(b, start, at);
            at = features(b, start, skipBlanks(b, at));
        }
        while (b[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private int features(byte[] b, int start, int first) {
        int at = first;
        long previous = -1;
        while (!endsText(b[at])) {
            int token = at;
            long feature = 0;
            int c;
            while ((c = b[at] - '0') >= 0 && c <= 9) {
                feature = Math.min(feature * 10 + c, MAX_INDEX + 1L);
                at++;
            }
            if (b[at] != ':' || at == token) {
                at = skipBlanks(b, queryEnd(b, start, token));
                continue;
            }
            if (feature <= previous || feature > MAX_INDEX) {
                throw badIndex(b, start, token, at, feature, previous);
            }
            int value = at + 1;
            at = numbers.scan(b, value);
            double x = numbers.value();
            if (!numbers.valid() || !endsToken(b[at]) || !(Math.abs(x) < Double.POSITIVE_INFINITY)) {
                throw badValue(b, start, value, feature);
            }
            if (feature == 0 && expected != null && base == 1) {
                throw LineFault.at(b, start, token, "feature index 0, the features of the model begin at 1");
            }
            add((int) feature, x);
            previous = feature;
            at = skipBlanks(b, at);
        }
        if (rows == rowEnd.length) {
            rowEnd = Arrays.copyOf(rowEnd, 2 * rows);
        }
        rowEnd[rows++] = entries;
        return at;
    }

    private void add(int feature, double x) {
        maxIndex = Math.max(maxIndex, feature);
        zeroSeen |= feature == 0;
        int column = feature - base;
        if (expected != null && column >= expected.size()) {
            ignored++;
        } else if (x != 0) {
            if (entries == index.length) {
                int grown = (int) Math.min(Integer.MAX_VALUE - 64, 2L * entries);
                index = Arrays.copyOf(index, grown);
                floats = floats.length == 0 ? floats : Arrays.copyOf(floats, grown);
                doubles = doubles.length == 0 ? doubles : Arrays.copyOf(doubles, grown);
            }
            index[entries] = column;
            if (precision == Precision.FLOAT32) {
                floats[entries] = (float) x;
            } else {
                doubles[entries] = x;
            }
            entries++;
        }
    }

    private int label(byte[] b, int start, int from) {
        int to = tokenEnd(b, from);
        int known = dictionary.size();
        int number = dictionary.number(b, from, to);
        if (number == known) {
            checkLabel(b, start, from, to);
        }
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
        }
        labels[rows] = number;
        return to;
    }

    private void checkLabel(byte[] b, int start, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, from, to - from));
        } catch (CharacterCodingException e) {
            throw LineFault.at(b, start, from, "the label " + Quote.of(b, from, to) + " is not UTF-8");
        }
        if (expected == null) {
            int digits = from;
            while (b[digits] >= '0' && b[digits] <= '9') {
                digits++;
            }
            if (digits > from && b[digits] == ':') {
                throw LineFault.at(b, start, from, "found " + Quote.of(b, from, to) + ", a line begins with a label");
            }
            if (isNotFinite(b, from, to)) {
                String shown = Quote.of(b, from, to);
                throw LineFault.at(b, start, from, "the label is " + shown + ", a finite number or a name is needed");
            }
        }
    }

    /** Whether a token spells infinity or not-a-number. */
    private static boolean isNotFinite(byte[] b, int from, int to) {
        if (to - from > 9) {
            return false;
        }
        String word = new String(b, from, to - from, StandardCharsets.ISO_8859_1);
        boolean signed = word.startsWith("+") || word.startsWith("-");
        return NOT_FINITE.contains(word.substring(signed ? 1 : 0).toLowerCase(Locale.ROOT));
    }

    /** The end of a {@code qid:N}, which is ignored; anything else that is no feature is a fault. */
    private static int queryEnd(byte[] b, int start, int token) {
        int end = tokenEnd(b, token);
        if (Arrays.mismatch(b, token, Math.min(end, token + QID.length), QID, 0, QID.length) >= 0) {
            throw LineFault.at(b, start, token, "found " + Quote.of(b, token, end) + ", index:value is needed");
        }
        return end;
    }

    private static LineFault badIndex(byte[] b, int start, int token, int colon, long feature, long previous) {
        if (feature > MAX_INDEX) {
            String shown = Quote.plain(new String(b, token, colon - token, StandardCharsets.ISO_8859_1), 40);
            return LineFault.at(b, start, token, "feature index " + shown + ", at most " + MAX_INDEX + " is allowed");
        }
        return LineFault.at(b, start, token, "feature indices must increase, " + feature + " after " + previous);
    }

    private LineFault badValue(byte[] b, int start, int from, long feature) {
        int to = tokenEnd(b, from);
        if (to == from) {
            return LineFault.at(b, start, from, "feature " + feature + " has no value, index:value is needed");
        }
        String given = "the value of feature " + feature + " is " + Quote.of(b, from, to);
        if (numbers.valid() && endsToken(b[numbers.scan(b, from)])) {
            return LineFault.at(b, start, from, given + ", at most " + largest() + " is allowed");
        }
        return LineFault.at(b, start, from, given + ", a finite decimal number is needed");
    }

    private String largest() {
        return precision == Precision.FLOAT32
                ? "3.4028235E38 in float32 and 1.7976931348623157E308 in float64"
                : "1.7976931348623157E308";
    }

    private static int skipBlanks(byte[] b, int from) {
        int at = from;
        while (b[at] == ' ' || b[at] == '\t' || b[at] == '\r') {
            at++;
        }
        return at;
    }

    private static int tokenEnd(byte[] b, int from) {
        int at = from;
        while (!endsToken(b[at])) {
            at++;
        }
        return at;
    }

    private static boolean endsToken(byte c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '#';
    }

    /** The end of a line or the comment before it. */
    private static boolean endsText(byte c) {
        return c == '\n' || c == '#';
    }
}
