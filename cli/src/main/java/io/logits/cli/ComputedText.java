package io.logits.cli;

import io.logits.formats.Digits;
import io.logits.formats.NumberRows;
import io.logits.formats.NumberText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Results as text, a row out per row in. One thread uses it. */
final class ComputedText implements NumberText.Transform {
    /** The most bytes between one number and the next. */
    private static final int BETWEEN = 3;

    private static final byte[] NULL = bytes("null");
    private static final byte[] NAN = bytes("nan");
    private static final byte[] INFINITY = bytes("inf");
    private static final byte[] MINUS_INFINITY = bytes("-inf");

    private final LogitFunction function;
    private final Computation computation;
    private final boolean json;

    private byte[] text = new byte[1 << 16];
    private int end;

    /** @param json whether rows are the elements of a JSON array, or a line each */
    ComputedText(LogitFunction function, Computation computation, boolean json) {
        this.function = function;
        this.computation = computation;
        this.json = json;
    }

    @Override
    public byte[] apply(NumberRows rows) {
        computation.compute(rows);
        end = 0;
        for (int row = 0; row < rows.rows(); row++) {
            int from = function.foldsRows() ? row : rows.start(row);
            int to = function.foldsRows() ? row + 1 : rows.start(row + 1);
            ensure();
            if (json && !(row == 0 && rows.first())) {
                text[end++] = ',';
            }
            if (json) {
                text[end++] = '[';
            }
            for (int i = from; i < to; i++) {
                ensure();
                if (i > from) {
                    text[end++] = (byte) (json ? ',' : ' ');
                }
                put(i);
            }
            text[end++] = (byte) (json ? ']' : '\n');
        }
        return Arrays.copyOf(text, end);
    }

    /** Makes room for a number and what stands around it. */
    private void ensure() {
        if (text.length - end < Digits.LONGEST + 2 * BETWEEN) {
            text = Arrays.copyOf(text, (int) Math.min(Integer.MAX_VALUE - 64, 2L * text.length));
        }
    }

    private void put(int i) {
        double result = computation.result(i);
        if (Double.isFinite(result)) {
            end = computation.put(i, text, end);
        } else {
            byte[] name = json ? NULL : Double.isNaN(result) ? NAN : result > 0 ? INFINITY : MINUS_INFINITY;
            System.arraycopy(name, 0, text, end, name.length);
            end += name.length;
        }
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }
}
