package io.logits.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.sampling.Candidates;
import io.logits.sampling.Order;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import io.logits.sampling.Step;
import io.logits.sampling.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The step of one's own that docs/sampling.md shows, in a model's text. */
class OwnStepTest {
    /** Favours, after each token, a half of the vocabulary that depends on it and on a secret. */
    record Watermark(long secret, double strength) implements Step {
        @Override
        public String label() {
            return "watermark";
        }

        @Override
        public void apply(Candidates candidates, Sequence sequence) {
            int last = sequence.length() == 0 ? 0 : sequence.token(sequence.length() - 1);
            candidates.update((id, logit) -> isGreen(last, id) ? logit + strength : logit);
        }

        boolean isGreen(int last, int id) {
            return new SplittableRandom(secret ^ (long) last << 32 ^ id).nextBoolean();
        }
    }

    private static double greenShare(Watermark watermark, List<Generation> generations) {
        int green = 0;
        int all = 0;
        for (Generation generation : generations) {
            int last = generation.promptIds().get(generation.promptIds().size() - 1);
            for (GeneratedToken token : generation.tokens()) {
                green += watermark.isGreen(last, token.id()) ? 1 : 0;
                last = token.id();
                all++;
            }
        }
        return (double) green / all;
    }

    @Test
    void aWatermarkIsSeenByWhoKnowsTheSecret() throws IOException {
        Watermark watermark = new Watermark(7, 3);
        SamplingParameters plain = SamplingParameters.defaults();
        SamplingParameters marked = plain.withOrder(Order.hf().before(Steps.TEMPERATURE, watermark));
        List<Request> requests = new ArrayList<>();
        List<Request> markedRequests = new ArrayList<>();
        try (Generator generator = Generator.open(Golden.MODEL, 1)) {
            for (int seed = 0; seed < 16; seed++) {
                Request request = generator.request("python3-").withMaxNewTokens(20);
                requests.add(request.withParameters(plain.withSeed(seed)));
                markedRequests.add(request.withParameters(marked.withSeed(seed)));
            }
            double unmarked = greenShare(watermark, generator.generate(requests, (index, text) -> {}));
            double share = greenShare(watermark, generator.generate(markedRequests, (index, text) -> {}));
            // Of some 250 tokens half are green by chance, with a standard deviation of 3 %.
            assertThat(unmarked).isBetween(.35, .65);
            assertThat(share).isGreaterThan(.8);
        }
    }
}
