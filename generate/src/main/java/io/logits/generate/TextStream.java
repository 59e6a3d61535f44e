package io.logits.generate;

import java.util.Arrays;
import java.util.List;

/**
 * Tokens in, text out as soon as it is sure: in whole characters, and not what may turn out to be the beginning of a
 * stop string. A token's text can depend on the one before (a leading blank, say), so each is decoded together with
 * some that came before, and the text of these taken away.
 */
final class TextStream {
    /** Tokens of the prompt that the first token is decoded with. */
    private static final int BEFORE = 4;

    private static final char PART_OF_A_CHARACTER = '\uFFFD';

    private final Tokenizer tokenizer;
    private final List<String> stops;
    private int[] tokens;
    private int size;
    private int known;
    private int decoded;
    private final StringBuilder text = new StringBuilder();
    private int told;
    private boolean stopped;

    TextStream(Tokenizer tokenizer, int[] prompt, List<String> stops) {
        this.tokenizer = tokenizer;
        this.stops = stops;
        tokens = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - BEFORE), prompt.length);
        size = tokens.length;
        decoded = size;
    }

    /** Takes a token; the characters that it completes. */
    String add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size + 1);
        }
        tokens[size++] = token;
        String more = pending();
        if (more.isEmpty() || more.charAt(more.length() - 1) == PART_OF_A_CHARACTER) {
            return "";
        }
        known = decoded;
        decoded = size;
        append(more);
        return more;
    }

    /** The text of the tokens not told yet, perhaps with a part of a character at its end. */
    private String pending() {
        String before = tokenizer.decode(tokens, known, decoded);
        String all = tokenizer.decode(tokens, known, size);
        return all.length() > before.length() ? all.substring(before.length()) : "";
    }

    private void append(String more) {
        int from = text.length();
        text.append(more);
        int end = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = text.indexOf(stop, Math.max(0, from - stop.length() + 1));
            end = at >= 0 ? Math.min(end, at) : end;
        }
        if (end < Integer.MAX_VALUE) {
            text.setLength(end);
            stopped = true;
        }
    }

    /** Whether a stop string came. */
    boolean isStopped() {
        return stopped;
    }

    /** What is sure and was not told yet. */
    String tell() {
        int sure = text.length() - (stopped ? 0 : beginningOfAStop());
        String more = text.substring(Math.min(told, sure), sure);
        told = Math.max(told, sure);
        return more;
    }

    /** The longest end of the text with which a stop string begins. */
    private int beginningOfAStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, text.length()); n > longest; n--) {
                if (stop.startsWith(text.substring(text.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    /** The end: the rest of the text that was not told yet. A part of a character is left out. */
    String end() {
        if (!stopped) {
            String rest = pending();
            int end = rest.length();
            while (end > 0 && rest.charAt(end - 1) == PART_OF_A_CHARACTER) {
                end--;
            }
            append(rest.substring(0, end));
            decoded = size;
        }
        String more = text.substring(Math.min(told, text.length()));
        told = text.length();
        return more;
    }

    /** All text so far. */
    String text() {
        return text.toString();
    }
}
