package io.logits.plots;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Logits that a language model gave: a small GPT of 4,096 tokens, trained on the names and descriptions of Debian
 * packages, for what comes after {@value #PROMPT}. The resource has a line per token, its logit and its text.
 *
 * @param tokens the text of each token
 * @param logits one each
 */
record NextWord(List<String> tokens, float[] logits) {
    /** What the model was to continue. */
    static final String PROMPT = "libxml-parser-perl: Perl module for";

    private static final String RESOURCE = "next-word.tsv";

    /** Reads the resource. */
    static NextWord read() {
        try (InputStream in = NextWord.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar");
            }
            List<String[]> lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(line -> line.split("\t", 2))
                    .toList();
            float[] logits = new float[lines.size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Float.parseFloat(lines.get(i)[0]);
            }
            return new NextWord(lines.stream().map(line -> line[1]).toList(), logits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
