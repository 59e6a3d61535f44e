package io.logits.formats;

import java.nio.charset.StandardCharsets;

/** Pieces of input as they may stand in a one-line message: in quotes, cut short, without control characters. */
final class Quote {
    private static final int LONGEST = 40;

    private Quote() {}

    /** The bytes {@code b[from .. to-1]}, taken as UTF-8. */
    static String of(byte[] b, int from, int to) {
        int cut = Math.min(to, from + 4 * LONGEST);
        return of(new String(b, from, cut - from, StandardCharsets.UTF_8));
    }

    /** A text. */
    static String of(String text) {
        return "\"" + plain(text, LONGEST) + "\"";
    }

    /** A text without quotes, at most {@code longest} characters of it. */
    static String plain(String text, int longest) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c));
        return out + (text.codePoints().skip(longest).findAny().isPresent() ? "..." : "");
    }
}
