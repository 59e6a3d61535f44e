package io.logits.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.sampling.SamplingParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    /** golden.json has six digits behind the point; the rest is another library's order of additions. */
    private static final double GOLDEN_DIGITS = 2e-5;

    private static final TextListener NOBODY = (request, text) -> {};
    private static final SamplingParameters DRAWN =
            SamplingParameters.defaults().withTemperature(.9).withTopP(.95).withTopK(50);

    private static Generator generator;

    @BeforeAll
    static void open() throws IOException {
        generator = Generator.open(Golden.MODEL, 2);
    }

    @AfterAll
    static void close() {
        generator.close();
    }

    private static List<Request> goldenRequests() throws IOException {
        return Golden.read().stream()
                .map(golden -> generator.request(golden.prompt()).withMaxNewTokens(Golden.MOST_TOKENS))
                .toList();
    }

    private static void assertGolden(Generation generation, Golden golden) {
        assertThat(generation.promptIds()).isEqualTo(golden.promptIds());
        assertThat(generation.tokens()).extracting(GeneratedToken::id).isEqualTo(golden.tokens());
        assertThat(generation.text()).isEqualTo(golden.text());
        assertThat(generation.ending()).isEqualTo(endsItself(golden) ? Ending.END : Ending.LENGTH);
        for (int i = 0; i < golden.tokens().size(); i++) {
            GeneratedToken token = generation.tokens().get(i);
            assertThat(Math.abs(token.rawLogProbability() - golden.logprobs().get(i)))
                    .isLessThan(GOLDEN_DIGITS);
            assertThat(token.logProbability()).isZero();
        }
    }

    private static boolean endsItself(Golden golden) {
        return golden.tokens().get(golden.tokens().size() - 1) == 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void greedyTextsAreThoseOfPyTorch(int batchSize) throws IOException {
        List<Golden> golden = Golden.read();
        try (Generator batched = Generator.open(Golden.MODEL, 2, batchSize)) {
            List<Generation> generations = batched.generate(goldenRequests(), NOBODY);
            assertThat(generations).hasSameSizeAs(golden);
            for (int i = 0; i < golden.size(); i++) {
                assertGolden(generations.get(i), golden.get(i));
            }
        }
    }

    @Test
    void drawnTextsDependOnTheSeedAndNotOnTheBatch() throws IOException {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            requests.add(goldenRequests().get(i % 4).withParameters(DRAWN.withSeed(i)));
        }
        List<Generation> together = generator.generate(requests, NOBODY);
        assertThat(generator.generate(requests, NOBODY)).isEqualTo(together);
        assertThat(together).extracting(Generation::text).doesNotHaveDuplicates();
        for (int i = 0; i < requests.size(); i++) {
            Generation alone =
                    generator.generate(List.of(requests.get(i)), NOBODY).get(0);
            assertThat(alone.tokens())
                    .extracting(GeneratedToken::id)
                    .isEqualTo(together.get(i).tokens().stream()
                            .map(GeneratedToken::id)
                            .toList());
        }
    }

    @Test
    void logProbabilitiesAreReportedForEachStep() {
        Request request = generator.request("fonts-").withParameters(DRAWN.withLogprobs(3));
        for (GeneratedToken token :
                generator.generate(List.of(request), NOBODY).get(0).tokens()) {
            assertThat(token.top()).hasSizeBetween(1, 3);
            assertThat(token.logProbability()).isBetween(-20.0, 0.0);
            assertThat(token.rawLogProbability()).isNegative();
            for (GeneratedToken.Candidate candidate : token.top()) {
                if (candidate.id() == token.id()) {
                    assertThat(candidate.logProbability()).isEqualTo(token.logProbability());
                }
            }
        }
    }

    @Test
    void whatIsHeardIsTheText() throws IOException {
        List<Request> requests = goldenRequests();
        List<StringBuilder> heard = new ArrayList<>();
        requests.forEach(request -> heard.add(new StringBuilder()));
        List<Integer> pieces = new ArrayList<>();
        List<Generation> generations = generator.generate(requests, (request, text) -> {
            assertThat(text).isNotEmpty();
            heard.get(request).append(text);
            pieces.add(request);
        });
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).hasToString(generations.get(i).text());
        }
        assertThat(pieces.size()).isGreaterThan(10 * requests.size() / 2);
    }

    @Test
    void aStopStringEndsTheTextAndIsNotHeard() throws IOException {
        Golden golden = Golden.read().get(0);
        Request request = generator
                .request(golden.prompt())
                .withMaxNewTokens(Golden.MOST_TOKENS)
                .withStopStrings(List.of("never", "hon3 bind"));
        StringBuilder heard = new StringBuilder();
        Generation generation = generator
                .generate(List.of(request), (index, text) -> heard.append(text))
                .get(0);
        assertThat(generation.text())
                .isEqualTo(golden.text().substring(0, golden.text().indexOf("hon3 bind")));
        assertThat(heard).hasToString(generation.text());
        assertThat(generation.ending()).isEqualTo(Ending.STOP);
        assertThat(generation.tokens().size()).isLessThan(golden.tokens().size());
    }

    @Test
    void aStopTokenEndsTheText() throws IOException {
        Golden golden = Golden.read().get(0);
        Request request = generator.request(golden.prompt()).withStopTokens(List.of(419, 7));
        Generation generation = generator.generate(List.of(request), NOBODY).get(0);
        assertThat(generation.ending()).isEqualTo(Ending.END);
        assertThat(generation.tokens()).extracting(GeneratedToken::id).endsWith(419);
        assertThat(golden.text()).startsWith(generation.text());
    }

    @Test
    void noEndComesBeforeTheLeastLength() {
        Request request = generator.request("python3-").withMinNewTokens(30).withMaxNewTokens(40);
        Generation generation = generator.generate(List.of(request), NOBODY).get(0);
        assertThat(generation.tokens()).hasSizeBetween(30, 40);
        assertThat(generation.tokens().subList(0, 29))
                .extracting(GeneratedToken::id)
                .doesNotContain(0);
    }

    @Test
    void aTextEndsWithTheContextWhateverItsBatch() {
        int context = generator.config().contextLength();
        assertThat(context).isEqualTo(96);
        Request longOne = generator.request("a library ".repeat(20).strip()).withMaxNewTokens(1000);
        Request shortOne = generator.request("lib").withMaxNewTokens(1000);
        List<Request> both = List.of(
                longOne.withParameters(
                        SamplingParameters.defaults().withTemperature(0).withBanned(0)),
                shortOne.withParameters(
                        SamplingParameters.defaults().withTemperature(0).withBanned(0)));
        List<Generation> together = generator.generate(both, NOBODY);
        for (int i = 0; i < 2; i++) {
            Generation generation = together.get(i);
            assertThat(generation.ending()).isEqualTo(Ending.CONTEXT);
            assertThat(generation.promptIds().size() + generation.tokens().size())
                    .isEqualTo(context);
            assertThat(generator.generate(List.of(both.get(i)), NOBODY).get(0).text())
                    .isEqualTo(generation.text());
        }
    }

    @Test
    void anEmptyPromptStartsFromTheStartToken() {
        Generation generation =
                generator.generate(List.of(generator.request("")), NOBODY).get(0);
        assertThat(generation.promptIds()).containsExactly(0);
        assertThat(generation.text()).isNotBlank();
        assertThat(generator.tokens("<|endoftext|>python3-")).isEqualTo(generator.tokens("python3-"));
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedBeforeAnythingRuns() {
        List<String> heard = new ArrayList<>();
        String text = "a library ".repeat(60);
        int tokens = text.split(" ").length;
        assertThatThrownBy(() -> generator.tokens(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("the prompt has \\d+ tokens, up to 95 are allowed: the model's context holds 96");
        assertThat(tokens).isGreaterThan(96);
        assertThatThrownBy(() -> generator.generate(
                        List.of(generator.request("lib"), generator.request(text)), (i, more) -> heard.add(more)))
                .hasMessageStartingWith("prompt 2: the prompt has ");
        Request unknown = generator
                .request("lib")
                .withParameters(SamplingParameters.defaults().withBanned(5000));
        assertThatThrownBy(() ->
                        generator.generate(List.of(generator.request("lib"), unknown), (i, more) -> heard.add(more)))
                .hasMessage("prompt 2: banned names token 5000, the row has tokens 0 to 4095");
        assertThat(heard).isEmpty();
    }

    @Test
    void requestsOutOfRangeAreRefused() {
        Request request = generator.request("lib");
        assertThatThrownBy(() -> request.withMaxNewTokens(0)).hasMessage("max_new_tokens is 0, 1 or more is allowed");
        assertThatThrownBy(() -> request.withMinNewTokens(-1)).hasMessage("min_new_tokens is -1, 0 or more is allowed");
        assertThatThrownBy(() -> request.withStopStrings(List.of("a", "")))
                .hasMessage("a stop string is empty, a text is allowed");
    }

    @Test
    void aTextWithoutATokenSaysSo() {
        Request request = generator
                .request("lib")
                .withParameters(SamplingParameters.defaults().withAllowed());
        Generation generation = generator.generate(List.of(request), NOBODY).get(0);
        assertThat(generation.ending()).isEqualTo(Ending.EMPTY);
        assertThat(generation.tokens()).isEmpty();
        assertThat(generation.text()).isEmpty();
    }
}
