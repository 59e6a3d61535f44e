package io.logits.formats;

import io.logits.data.InputException;

/** What is wrong with a line of a block, lines and columns from 1. It carries no stack: it is caught where it counts. */
final class LineFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    private LineFault(int line, int column, String text) {
        super(text, null, false, false);
        this.line = line;
        this.column = column;
    }

    /**
     * A fault whose line is not counted yet.
     *
     * @param b a text
     * @param lineStart where the line begins
     * @param at where the fault is
     */
    static LineFault at(byte[] b, int lineStart, int at, String text) {
        int column = 1;
        for (int i = lineStart; i < at; i++) {
            // Bytes 10xxxxxx continue a character of UTF-8.
            column += (b[i] & 0xc0) == 0x80 ? 0 : 1;
        }
        return new LineFault(0, column, text);
    }

    /** The same fault in that line of the block. */
    LineFault inLine(int number) {
        return new LineFault(number, column, text());
    }

    /** What a caller is told, given how many lines the file has before the block. */
    InputException in(String file, long linesBefore) {
        return InputException.at(file, linesBefore + line, column, text());
    }

    private String text() {
        return String.valueOf(getMessage());
    }
}
