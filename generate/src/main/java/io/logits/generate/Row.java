package io.logits.generate;

import io.logits.sampling.Sampled;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import io.logits.sampling.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text of a batch: its request, its tokens so far, and why it ended if it did. */
final class Row {
    private final int index;
    private final Request request;
    private final int[] prompt;
    private final int most;
    private final Sequence sequence;
    private final TextStream text;
    private final TextListener listener;
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private @Nullable Ending ending;

    /**
     * A text.
     *
     * @param index of the request, for the listener
     * @param contextLength tokens that the model can hold
     */
    Row(int index, Request request, int[] prompt, int contextLength, Tokenizer tokenizer, TextListener listener) {
        this.index = index;
        this.request = request;
        this.prompt = prompt;
        this.listener = listener;
        most = Math.min(request.maxNewTokens(), contextLength - prompt.length);
        SamplingParameters given = request.parameters();
        int least =
                Math.max(given.minLength(), request.minNewTokens() == 0 ? 0 : prompt.length + request.minNewTokens());
        int[] ends = request.stopTokens().stream().mapToInt(Integer::intValue).toArray();
        SamplingParameters parameters = given.withDraws(1)
                .withLogprobs(Math.max(0, given.logprobs()))
                .withMinLength(least)
                .withEos(ends);
        sequence = new Sequence(parameters).append(prompt);
        text = new TextStream(tokenizer, prompt, request.stopStrings());
    }

    Sequence sequence() {
        return sequence;
    }

    /** Tokens of prompt and continuation. */
    int length() {
        return sequence.length();
    }

    boolean isLive() {
        return ending == null;
    }

    /** Takes what was drawn. */
    void accept(Sampled drawn) {
        if (drawn.status() != Status.OK) {
            end(drawn.status() == Status.NAN ? Ending.NAN : Ending.EMPTY);
            return;
        }
        sequence.accept(drawn);
        int token = drawn.token();
        boolean isEnd = request.stopTokens().contains(token);
        String more = isEnd ? "" : text.add(token);
        tokens.add(new GeneratedToken(
                token,
                more,
                drawn.logProbability(0),
                drawn.rawLogProbability(0),
                candidates(drawn.top()),
                candidates(drawn.rawTop())));
        if (isEnd) {
            end(Ending.END);
        } else if (text.isStopped()) {
            end(Ending.STOP);
        } else if (tokens.size() == most) {
            end(most == request.maxNewTokens() ? Ending.LENGTH : Ending.CONTEXT);
        } else {
            tell(text.tell());
        }
    }

    private static List<GeneratedToken.Candidate> candidates(Sampled.Ranked ranked) {
        List<GeneratedToken.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            candidates.add(new GeneratedToken.Candidate(ranked.id(i), ranked.logProbability(i)));
        }
        return candidates;
    }

    private void end(Ending why) {
        tell(text.end());
        // The last characters may have made a stop string whole.
        ending = text.isStopped() ? Ending.STOP : why;
    }

    private void tell(String more) {
        if (!more.isEmpty()) {
            listener.text(index, more);
        }
    }

    /** What came of it, once it has ended. */
    Generation generation() {
        if (ending == null) {
            throw new IllegalStateException("the text has not ended");
        }
        return new Generation(
                request, Arrays.stream(prompt).boxed().toList(), List.copyOf(tokens), text.text(), ending);
    }
}
