package io.logits.features;

import java.util.Collection;

/**
 * Products of the features of two columns: {@code A:B} of two numbers, {@code A=a:B} of a level and a number,
 * {@code A=a:B=b} of two levels, B varying fastest. A missing value takes part by its fill, or by the level
 * {@code missing} of a category.
 *
 * @param first the name of a numeric column or a category
 * @param second the name of another
 */
public record Interaction(String first, String second) {
    /**
     * Reads {@code A:B}. A name that holds a colon itself is found if just one way to split gives two known columns.
     *
     * @param columns the names of columns that are known
     * @throws IllegalArgumentException if the text does not name two of the columns
     */
    public static Interaction parse(String text, Collection<String> columns) {
        Interaction found = null;
        for (int at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
            Interaction here = new Interaction(text.substring(0, at), text.substring(at + 1));
            if (columns.contains(here.first) && columns.contains(here.second)) {
                if (found != null) {
                    throw new IllegalArgumentException("interaction '" + text + "' can be read in two ways");
                }
                found = here;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException(
                    "interaction '" + text + "' does not name two feature columns, A:B is needed");
        }
        return found;
    }
}
