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
        text.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Markup.escaped(caption))
                .append("\"><table><caption>")
                .append(Markup.escaped(caption))
                .append("</caption>\n");
        if (!heads.isEmpty()) {
            text.append("<thead><tr>");
            heads.forEach(head -> text.append("<th scope=\"col\">")
                    .append(Markup.escaped(head))
                    .append("</th>"));
            text.append("</tr></thead>\n");
        }
        text.append("<tbody>\n");
        return this;
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
