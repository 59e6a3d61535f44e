package io.logits.data;

/**
 * Input that cannot be used: a file that is not what it should be. The message is one line that says where, what was
 * found and what is allowed: {@code FILE:LINE:COLUMN: text}.
 */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String where;

    /**
     * At a place already spelt out.
     *
     * @param where a file, or a file with a place in it
     * @param text what was found and what is allowed, one line
     */
    public InputException(String where, String text) {
        super(where + ": " + text);
        this.where = where;
    }

    /**
     * At a place in a text file.
     *
     * @param line from 1; 0 if it is not known
     * @param column in characters from 1; 0 if it is not known
     */
    public static InputException at(String file, long line, long column, String text) {
        String where = line < 1 ? file : column < 1 ? file + ":" + line : file + ":" + line + ":" + column;
        return new InputException(where, text);
    }

    /** The place: {@code FILE}, {@code FILE:LINE} or {@code FILE:LINE:COLUMN}. */
    public String where() {
        return where;
    }
}
