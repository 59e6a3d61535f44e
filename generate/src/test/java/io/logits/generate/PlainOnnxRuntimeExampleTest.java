package io.logits.generate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.logits.sampling.SamplingParameters;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainOnnxRuntimeExampleTest {
    private static int[] continueText(Golden golden, SamplingParameters parameters) throws OrtException {
        int[] prompt = golden.promptIds().stream().mapToInt(Integer::intValue).toArray();
        return PlainOnnxRuntimeExample.continueText(
                Golden.MODEL.resolve("model.onnx"), prompt, Golden.MOST_TOKENS, parameters);
    }

    @Test
    void greedyItGivesTheGoldenTokens() throws IOException, OrtException {
        for (Golden golden : Golden.read()) {
            assertThat(continueText(golden, SamplingParameters.defaults().withTemperature(0)))
                    .containsExactly(
                            golden.tokens().stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @Test
    void drawnItGivesWhatTheGeneratorGives() throws IOException, OrtException {
        SamplingParameters drawn =
                SamplingParameters.defaults().withTemperature(.8).withTopP(.9).withSeed(11);
        Golden golden = Golden.read().get(0);
        try (Generator generator = Generator.open(Golden.MODEL, 1)) {
            Request request =
                    generator.request(golden.prompt()).withParameters(drawn).withMaxNewTokens(Golden.MOST_TOKENS);
            Generation generation =
                    generator.generate(List.of(request), (index, text) -> {}).get(0);
            assertThat(generation.tokens())
                    .extracting(GeneratedToken::id)
                    .containsExactly(
                            Arrays.stream(continueText(golden, drawn)).boxed().toArray(Integer[]::new));
        }
    }
}
