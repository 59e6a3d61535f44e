package io.logits.tables;

import io.logits.data.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the lines of a CSV file apart, to say where in the file a cell is. DuckDB reads the data; this follows the same
 * rules (RFC 4180: a cell may be quoted, a quote in it is doubled, lines may end in it; empty lines between records do
 * not count) for the header and for messages.
 */
final class CsvRecords {
    private final String file;
    private final char delimiter;
    private final boolean skipEmpty;
    private final Visitor visitor;

    private long line;
    private long record = -1;
    private List<Cell> cells = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private long cellLine;
    private int cellColumn;
    private boolean open;
    private boolean closed;

    /** A cell and where it begins, lines and columns counted from 1. */
    record Cell(String text, long line, int column) {}

    /** Takes records and says whether it wants more. */
    @FunctionalInterface
    interface Visitor {
        /** Record {@code number}: 0 is the header. */
        boolean record(long number, List<Cell> cells);
    }

    /** Records whose cells are separated by {@code delimiter}; of one column only, an empty line is a record. */
    CsvRecords(String file, char delimiter, int columns, Visitor visitor) {
        this.file = file;
        this.delimiter = delimiter;
        this.skipEmpty = columns != 1;
        this.visitor = visitor;
    }

    /** Takes the next line; false if the visitor wants no more. */
    boolean line(String next) {
        line++;
        String chars = line == 1 && next.startsWith("\uFEFF") ? next.substring(1) : next;
        if (!open) {
            if (chars.isEmpty() && (skipEmpty || record < 0)) {
                return true;
            }
            begin(1);
        }
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            boolean doubled = open && c == '"' && i + 1 < chars.length() && chars.charAt(i + 1) == '"';
            i += doubled ? 1 : 0;
            accept(c, doubled, i);
        }
        if (open) {
            text.append('\n');
            return true;
        }
        finish();
        List<Cell> complete = cells;
        cells = new ArrayList<>();
        record++;
        return visitor.record(record, complete);
    }

    private void accept(char c, boolean doubled, int i) {
        if (open && c == '"' && !doubled) {
            open = false;
            closed = true;
        } else if (open) {
            text.append(c);
        } else if (c == delimiter) {
            finish();
            begin(i + 2);
        } else if (closed) {
            throw new InputException(
                    file + ":" + line + ":" + (i + 1),
                    "text after a closing quote; a quote in a quoted cell is doubled");
        } else if (c == '"' && text.isEmpty()) {
            open = true;
        } else {
            text.append(c);
        }
    }

    private void begin(int column) {
        cellLine = line;
        cellColumn = column;
        closed = false;
    }

    private void finish() {
        cells.add(new Cell(text.toString(), cellLine, cellColumn));
        text.setLength(0);
    }

    /** Says that there are no more lines. */
    void end() {
        if (open) {
            throw new InputException(file + ":" + cellLine + ":" + cellColumn, "a quote is opened and never closed");
        }
    }
}
