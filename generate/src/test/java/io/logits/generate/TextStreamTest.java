package io.logits.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStreamTest {
    private static final int[] PROMPT = {0, 361};

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = Tokenizer.open(new ModelFiles(Golden.MODEL), OptionalInt.empty());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    /** What is told token by token, and at the end. */
    private static List<String> told(TextStream stream, int[] tokens) {
        List<String> told = new ArrayList<>();
        for (int token : tokens) {
            if (!stream.isStopped()) {
                stream.add(token);
                told.add(stream.isStopped() ? "" : stream.tell());
            }
        }
        told.add(stream.end());
        return told;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain text",
                "größer",
                "日本語のパッケージ",
                "a 🎉 party 👩‍👩‍👧 of many",
                "\uFFFD in the middle",
                "Ελληνικά, русский"
            })
    void charactersOfSeveralTokensComeWhole(String text) {
        int[] tokens = tokenizer.encode(text);
        TextStream stream = new TextStream(tokenizer, PROMPT, List.of());
        List<String> told = told(stream, tokens);
        assertThat(String.join("", told)).isEqualTo(text);
        assertThat(stream.text()).isEqualTo(text);
        if (text.indexOf('\uFFFD') < 0) {
            assertThat(told).noneMatch(more -> more.indexOf('\uFFFD') >= 0);
        }
        assertThat(told).noneMatch(more -> !more.isEmpty() && Character.isLowSurrogate(more.charAt(0)));
    }

    @Test
    void aCharacterOfFourTokensIsTakenApartByTheTokenizer() {
        assertThat(tokenizer.encode("🎉").length).isGreaterThan(1);
        assertThat(tokenizer.encode("語").length).isGreaterThan(1);
    }

    @Test
    void anIncompleteCharacterAtTheEndIsLeftOut() {
        int[] tokens = tokenizer.encode("ab🎉");
        TextStream stream = new TextStream(tokenizer, PROMPT, List.of());
        List<String> told = told(stream, Arrays.copyOf(tokens, tokens.length - 1));
        assertThat(String.join("", told)).isEqualTo("ab");
    }

    @Test
    void theBeginningOfAStopStringIsHeldBack() {
        TextStream stream = new TextStream(tokenizer, PROMPT, List.of("ab ac", "x"));
        assertThat(told(stream, tokenizer.encode("ab ab"))).last().isEqualTo("ab");
        assertThat(stream.text()).isEqualTo("ab ab");
        assertThat(stream.isStopped()).isFalse();
    }

    @Test
    void theFirstStopStringEndsTheText() {
        TextStream stream = new TextStream(tokenizer, PROMPT, List.of("d e", "b c d"));
        List<String> told = told(stream, tokenizer.encode("a b c d e f"));
        assertThat(stream.isStopped()).isTrue();
        assertThat(stream.text()).isEqualTo("a ");
        assertThat(String.join("", told)).isEqualTo("a ");
    }
}
