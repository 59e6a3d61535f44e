package io.logits.plots;

/** Words in XML and HTML. */
public final class Markup {
    private static final int REPLACEMENT = 0xfffd;

    private Markup() {}

    /** The words as text or as the value of an attribute in double quotes. */
    public static String escaped(String words) {
        StringBuilder escaped = new StringBuilder();
        words.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isText(c) ? c : REPLACEMENT);
            }
        });
        return escaped.toString();
    }

    /** Neither XML nor HTML has a way to write control characters, half a surrogate pair, or what is no character. */
    private static boolean isText(int c) {
        boolean control = c < 0x20 && c != '\n' && c != '\t';
        boolean surrogate = c >= 0xd800 && c < 0xe000;
        return !control && !surrogate && c != 0xfffe && c != 0xffff;
    }
}
