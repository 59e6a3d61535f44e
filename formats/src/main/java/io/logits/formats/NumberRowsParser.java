package io.logits.formats;

import io.logits.data.Precision;
import java.nio.charset.StandardCharsets;

/** Parses blocks of lines of numbers, for one thread. What a line may be is told in {@link NumberText}. */
final class NumberRowsParser {
    private static final int LONGEST_NAME = "-infinity".length();

    private final NumberText.Shape shape;
    private final boolean single;
    private final DecimalScanner numbers;
    private final NumberRows parsed;

    private double value;
    private int lines;

    NumberRowsParser(NumberText.Shape shape, Precision precision) {
        this.shape = shape;
        single = precision == Precision.FLOAT32;
        numbers = new DecimalScanner(single);
        parsed = new NumberRows(precision, shape != NumberText.Shape.NUMBERS);
    }

    /** Lines of the block parsed last. */
    int lines() {
        return lines;
    }

    /**
     * Parses a block: its rows, until the next one is parsed.
     *
     * @throws LineFault at the first bad line
     */
    NumberRows parse(LineBlocks.Block block) {
        parsed.clear(block.number == 0);
        lines = 0;
        int at = block.textStart();
        try {
            while (at < block.length) {
                lines++;
                at = line(block.bytes, at);
            }
        } catch (LineFault e) {
            throw e.inLine(lines);
        }
        return parsed;
    }

    /** Parses the line that begins at {@code start}; where the next one begins. */
    private int line(byte[] b, int start) {
        int at = skipBlanks(b, start);
        if (b[at] == '\n') {
            throw LineFault.at(b, start, start, "the line is empty, a row has at least one number");
        }
        int first = at;
        double label = 0;
        int begin = parsed.size();
        if (parsed.labelled()) {
            at = number(b, start, at);
            label = value;
            at = next(b, start, at);
        }
        int second = at;
        while (b[at] != '\n') {
            at = number(b, start, at);
            parsed.add(value);
            at = next(b, start, at);
        }
        parsed.endRow(parsed.labelled() ? label(b, start, first, second, label, parsed.size() - begin) : 0);
        return at + 1;
    }

    /** The label as a class, if the row fits it. */
    private int label(byte[] b, int start, int from, int second, double label, int count) {
        if (shape == NumberText.Shape.LABEL_AND_LOGIT && count != 1) {
            throw LineFault.at(
                    b,
                    start,
                    second,
                    "the label is followed by " + (count == 0 ? "no number" : count + " numbers")
                            + ", one logit is needed");
        }
        if (count == 0) {
            throw LineFault.at(b, start, second, "the label is followed by no number, logits are needed");
        }
        int most = shape == NumberText.Shape.LABEL_AND_LOGIT ? 1 : count - 1;
        if (!(label >= 0 && label <= most) || label != Math.rint(label)) {
            throw LineFault.at(
                    b,
                    start,
                    from,
                    "the label is " + Quote.of(b, from, tokenEnd(b, from))
                            + (most == 1 ? ", 0 or 1 is allowed" : ", 0 to " + most + " are allowed")
                            + (shape == NumberText.Shape.LABEL_AND_LOGITS ? " with " + count + " logits" : ""));
        }
        return (int) label;
    }

    /** Reads a number into {@link #value}; where it ends. */
    private int number(byte[] b, int start, int from) {
        int at = numbers.scan(b, from);
        if (numbers.valid() && endsToken(b[at])) {
            value = numbers.value();
            if (Double.isInfinite(value)) {
                throw LineFault.at(
                        b,
                        start,
                        from,
                        Quote.of(b, from, at) + " is beyond the largest number, "
                                + (single ? "3.4028235E38 in float32" : "1.7976931348623157E308"));
            }
            return at;
        }
        int end = tokenEnd(b, from);
        if (!named(b, from, end)) {
            String found = end == from ? "nothing before the comma" : Quote.of(b, from, end);
            throw LineFault.at(b, start, from, "found " + found + ", a number, inf, -inf or nan is needed");
        }
        return end;
    }

    /** Reads a number that is no decimal into {@link #value}; false if it is none either. */
    private boolean named(byte[] b, int from, int end) {
        if (end - from > LONGEST_NAME) {
            return false;
        }
        boolean negative = b[from] == '-';
        int sign = negative || b[from] == '+' ? 1 : 0;
        String name = new String(b, from + sign, end - from - sign, StandardCharsets.ISO_8859_1);
        if (name.equalsIgnoreCase("nan")) {
            value = Double.NaN;
            return true;
        }
        value = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        return name.equalsIgnoreCase("inf") || name.equalsIgnoreCase("infinity");
    }

    /** Where the next number begins, or the line ends: behind blanks and at most one comma. */
    private static int next(byte[] b, int start, int end) {
        int at = skipBlanks(b, end);
        if (b[at] != ',') {
            return at;
        }
        int comma = at;
        at = skipBlanks(b, at + 1);
        if (b[at] == '\n') {
            throw LineFault.at(b, start, comma, "a comma ends the line, a number is needed behind it");
        }
        return at;
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
        return c == ' ' || c == '\n' || c == ',' || c == '\t' || c == '\r';
    }
}
