package io.logits.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an export takes and gives, it says what the arithmetic by hand says. */
class ExportsTest {
    @TempDir
    Path folder;

    static List<ToyModel> exports() {
        int int32 = OnnxFile.INT32;
        int int64 = OnnxFile.INT64;
        int half = OnnxFile.FLOAT16;
        int single = OnnxFile.FLOAT;
        return List.of(
                ToyModel.full(),
                new ToyModel(true, true, true, true, false, int64, single),
                new ToyModel(true, true, true, false, true, int64, single),
                new ToyModel(true, true, false, false, false, int64, single),
                new ToyModel(true, true, true, false, false, int64, half),
                new ToyModel(true, true, true, false, false, int32, single),
                new ToyModel(true, false, true, false, false, int64, single),
                new ToyModel(true, false, false, true, true, int32, half),
                new ToyModel(false, true, true, false, false, int64, single),
                new ToyModel(false, false, false, false, false, int64, half));
    }

    @ParameterizedTest
    @MethodSource("exports")
    void everyExportContinuesAsWorkedOutByHand(ToyModel model) throws IOException {
        List<List<Integer>> prompts =
                List.of(List.of(5), List.of(7, 9, 30), List.of(4, 4), List.of(8, 2, 3, 11, 6), List.of(31, 3));
        try (Generator generator = Generator.open(model.writeTo(folder), 1)) {
            List<Request> requests = prompts.stream()
                    .map(prompt -> generator
                            .request(prompt.stream().map(id -> "w" + id).collect(Collectors.joining(" ")))
                            .withMaxNewTokens(8))
                    .toList();
            List<Generation> generations = generator.generate(requests, (request, text) -> {});
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(generations.get(i).promptIds()).isEqualTo(prompts.get(i));
                assertThat(generations.get(i).tokens())
                        .extracting(GeneratedToken::id)
                        .isEqualTo(model.greedy(prompts.get(i), 8));
            }
        }
    }
}
