package io.logits.cli;

/** Comma-separated values as of RFC 4180, lines ending in LF. */
final class Csv {
    private Csv() {}

    /** A text as a cell: in quotes, and its quotes doubled, if it has a comma, a quote or a line end. */
    static String cell(String text) {
        boolean plain =
                text.indexOf(',') < 0 && text.indexOf('"') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** A number as a cell, with digits enough to read back the same double; what does not exist (NaN) is an empty cell. */
    static String number(double value) {
        return Double.isNaN(value) ? "" : Json.digits(value);
    }
}
