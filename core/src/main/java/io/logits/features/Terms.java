package io.logits.features;

import java.util.Locale;
import java.util.function.Consumer;

/** Takes texts apart: words, which are runs of letters, marks and digits of any script in lower case, and pairs. */
final class Terms {
    private static final int MARKS =
            1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK | 1 << Character.ENCLOSING_MARK;

    private Terms() {}

    /** Gives every word of the text, in order, and after each but the first the pair that it ends. */
    static void forEach(String text, Consumer<String> out) {
        String lower = text.toLowerCase(Locale.ROOT);
        String previous = "";
        int start = -1;
        for (int i = 0; i <= lower.length(); ) {
            int c = i < lower.length() ? lower.codePointAt(i) : ' ';
            if (inWord(c)) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                String word = lower.substring(start, i);
                out.accept(word);
                if (!previous.isEmpty()) {
                    out.accept(previous + " " + word);
                }
                previous = word;
                start = -1;
            }
            i += Character.charCount(c);
        }
    }

    private static boolean inWord(int c) {
        return Character.isLetterOrDigit(c) || (MARKS >>> Character.getType(c) & 1) != 0;
    }
}
