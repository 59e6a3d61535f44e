package io.logits.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What some peers have and we do not, as steps that a user could write: on the public methods of {@link Candidates}
 * alone.
 */
final class PeerSteps {
    /** Of a bound that is a probability itself: the rounding of its logarithm. */
    private static final double ROUNDING = 1e-9;

    private PeerSteps() {}

    private record Own(String label, BiConsumer<Candidates, Sequence> work) implements Step {
        @Override
        public void apply(Candidates candidates, Sequence sequence) {
            work.accept(candidates, sequence);
        }
    }

    /** The step that these parameters ask for, or null. */
    static @Nullable Step of(JsonNode params) {
        if (params.has("top_h")) {
            double share = params.get("top_h").asDouble();
            return new Own("top_h", (c, text) -> topH(c, share));
        }
        if (params.has("p_less")) {
            return new Own("p_less", (c, text) -> pLess(c));
        }
        if (params.has("guidance_scale")) {
            double[] other = numbers(params.get("uncond_logits"));
            double scale = params.get("guidance_scale").asDouble();
            return new Own("guidance", (c, text) -> guide(c, other, scale));
        }
        if (params.has("sequence_bias")) {
            return new Own("sequence_bias", (c, text) -> {
                for (JsonNode pair : params.get("sequence_bias")) {
                    bias(c, text, pair.get(0), pair.get(1).asDouble());
                }
            });
        }
        if (params.has("bad_words_ids")) {
            int end = params.get("eos_token_id").asInt();
            return new Own("bad_words", (c, text) -> {
                for (JsonNode word : params.get("bad_words_ids")) {
                    if (word.size() > 1 || word.get(0).asInt() != end) {
                        bias(c, text, word, Double.NEGATIVE_INFINITY);
                    }
                }
            });
        }
        if (params.has("xtc_special_tokens")) {
            List<Integer> exempt = new ArrayList<>();
            params.get("xtc_special_tokens").forEach(id -> exempt.add(id.asInt()));
            double threshold = params.get("xtc_threshold").asDouble();
            return new Own("xtc", (c, text) -> excludeTopChoices(c, threshold, exempt));
        }
        return null;
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }

    private static double p(Candidates c, int id) {
        return Math.exp(c.logit(id) - c.logSumExp());
    }

    /** The most probable tokens, as many as leave the entropy of what is kept within a share of the whole entropy. */
    private static void topH(Candidates c, double share) {
        List<Integer> ranked = IntStream.range(0, c.vocabulary())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -c.logit(id)))
                .toList();
        double bound = share * c.entropy();
        double mass = 0;
        double sum = 0;
        int kept = 0;
        for (int id : ranked) {
            double p = p(c, id);
            mass += p;
            sum += p > 0 ? p * Math.log(p) : 0;
            // The entropy of what is kept, made to sum to 1.
            if (Math.log(mass) - sum / mass > bound) {
                break;
            }
            kept++;
        }
        c.keepTop(Math.max(1, kept), false);
    }

    /** Probabilities of at least the chance that two draws agree. */
    private static void pLess(Candidates c) {
        double agreement = 0;
        for (int id = 0; id < c.vocabulary(); id++) {
            agreement += p(c, id) * p(c, id);
        }
        c.keepAtLeast(c.logSumExp() + Math.log(agreement) - ROUNDING, 1);
    }

    /** Away from what the model says without the prompt. */
    private static void guide(Candidates c, double[] other, double scale) {
        double max = IntStream.range(0, other.length)
                .mapToDouble(i -> other[i])
                .max()
                .orElseThrow();
        double sum = 0;
        for (double logit : other) {
            sum += Math.exp(logit - max);
        }
        double otherLogSum = max + Math.log(sum);
        double logSum = c.logSumExp();
        c.update((id, logit) -> {
            double without = other[id] - otherLogSum;
            return without + scale * (logit - logSum - without);
        });
    }

    /** A bias for the last token of a sequence, if the text ends with those before it. */
    private static void bias(Candidates c, Sequence text, JsonNode sequence, double bias) {
        int before = sequence.size() - 1;
        boolean matches = before <= text.length();
        for (int i = 0; i < before && matches; i++) {
            matches = text.token(text.length() - before + i) == sequence.get(i).asInt();
        }
        if (matches) {
            int id = sequence.get(before).asInt();
            c.setLogit(id, c.logit(id) + bias);
        }
    }

    /** Of the tokens above the threshold only the least probable stay, and those exempt. */
    private static void excludeTopChoices(Candidates c, double threshold, List<Integer> exempt) {
        double logSum = c.logSumExp();
        double bound = logSum + Math.log(threshold);
        double least = Double.POSITIVE_INFINITY;
        for (int id = 0; id < c.vocabulary(); id++) {
            least = c.logit(id) > bound ? Math.min(least, c.logit(id)) : least;
        }
        double spared = least;
        c.update((id, logit) -> logit > spared && !exempt.contains(id) ? Double.NEGATIVE_INFINITY : logit);
    }
}
