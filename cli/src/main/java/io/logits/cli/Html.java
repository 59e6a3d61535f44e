package io.logits.cli;

import io.logits.plots.Markup;
import java.util.List;

/** Writes HTML: whatever comes from data is escaped. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Markup as it is. */
    Html raw(String markup) {
        text.append(markup).append('\n');
        return this;
    }

    /** An element of words. */
    Html words(String name, String words) {
        text.append('<')
                .append(name)
                .append('>')
                .append(Markup.escaped(words))
                .append("</")
                .append(name)
                .append(">\n");
        return this;
    }

    /** A row of a table; the first cell is its head. */
    Html row(String... cells) {
        text.append("<tr>");
        for (int i = 0; i < cells.length; i++) {
            text.append(i == 0 ? "<th scope=\"row\">" : "<td>")
                    .append(Markup.escaped(cells[i]))
                    .append(i == 0 ? "</th>" : "</td>");
        }
        text.append("</tr>\n");
        return this;
    }

    /** The start of a table that scrolls by itself where it is too wide; {@link #endTable} ends it. */
    Html table(String caption, List<String> heads) {
        start(caption);
        if (!heads.isEmpty()) {
            text.append("<thead><tr>");
            heads.forEach(head -> head("scope=\"col\"", head));
            text.append("</tr></thead>\n");
        }
        text.append("<tbody>\n");
        return this;
    }

    /** The same where all columns but the first have a head in common. */
    Html table(String caption, String first, String common, List<String> heads) {
        start(caption);
        text.append("<thead><tr>");
        head("scope=\"col\" rowspan=\"2\"", first);
        head("scope=\"colgroup\" colspan=\"" + heads.size() + "\"", common);
        text.append("</tr>\n<tr>");
        heads.forEach(head -> head("scope=\"col\"", head));
        text.append("</tr></thead>\n<tbody>\n");
        return this;
    }

    private void start(String caption) {
        text.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Markup.escaped(caption))
                .append("\"><table><caption>")
                .append(Markup.escaped(caption))
                .append("</caption>\n");
    }

    private void head(String attributes, String head) {
        text.append("<th ")
                .append(attributes)
                .append('>')
                .append(Markup.escaped(head))
                .append("</th>");
    }

    /** The end of a table. */
    Html endTable() {
        return raw("</tbody></table></div>");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
