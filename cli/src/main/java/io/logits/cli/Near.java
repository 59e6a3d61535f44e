package io.logits.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the words that were probably meant. */
final class Near {
    private static final int MOST_WORDS = 3;

    private Near() {}

    /** The words within a third of {@code given}'s letters of it, nearest first, or those that it begins. */
    static List<String> words(String given, Collection<String> known) {
        int most = Math.max(1, given.replaceFirst("^-+", "").length() / 3 + 1);
        return known.stream()
                .filter(word -> distance(given, word) <= most || (given.length() > 2 && word.startsWith(given)))
                .sorted(Comparator.comparingInt((String word) -> distance(given, word))
                        .thenComparing(word -> word))
                .limit(MOST_WORDS)
                .toList();
    }

    /** What to say of a field that there is not, in the input of a command. */
    static String unknownField(String name, Collection<String> known, String command) {
        List<String> near = words(name, known);
        return "unknown field " + Json.quoted(name)
                + (near.isEmpty()
                        ? "; see logits " + command + " --help"
                        : ", did you mean " + String.join(" or ", near) + "?");
    }

    /** Letters to insert, drop, replace, or swap with their neighbour (the optimal string alignment distance). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(d[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            d[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
