package io.logits.cli;

import io.logits.generate.GeneratedToken;
import io.logits.generate.Generation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Continuations for a person, or all of them as one object in JSON. */
final class GenerationText {
    private final OutputStream out;
    private final boolean single;
    private int count;
    private long tokens;

    /**
     * Writes to {@code out}.
     *
     * @param single whether there is one text only, which is written as it comes and not here
     */
    GenerationText(OutputStream out, boolean single) {
        this.out = out;
        this.single = single;
    }

    boolean isSingle() {
        return single;
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text of several: its number and prompt, then what follows. Of a single text the end of its line. */
    void write(Generation generation) throws IOException {
        count++;
        print(
                single
                        ? "\n"
                        : (count == 1 ? "" : "\n") + "[" + count + "] "
                                + generation.request().prompt() + "\n" + generation.text() + "\n");
    }

    void startJson() throws IOException {
        print("{\"generations\":[");
    }

    /** A text with its tokens. */
    void writeJson(Generation generation) throws IOException {
        ObjectNode object = Json.object().put("prompt", generation.request().prompt());
        ArrayNode promptIds = object.putArray("prompt_ids");
        generation.promptIds().forEach(promptIds::add);
        object.put("seed", generation.request().parameters().seed());
        object.put("text", generation.text());
        object.put("finish_reason", generation.ending().name().toLowerCase(Locale.ROOT));
        ArrayNode ids = object.putArray("tokens");
        ArrayNode steps = object.putArray("steps");
        for (GeneratedToken token : generation.tokens()) {
            ids.add(token.id());
            steps.add(step(token));
        }
        tokens += ids.size();
        print((count++ == 0 ? "" : ",") + Json.line(object).strip());
    }

    private static ObjectNode step(GeneratedToken token) {
        ObjectNode step = Json.object().put("token", token.id()).put("text", token.text());
        step.put("logprob", Json.number(token.logProbability() + 0.0));
        step.put("raw_logprob", Json.number(token.rawLogProbability() + 0.0));
        put(step, "top_logprobs", token.top());
        put(step, "raw_top_logprobs", token.rawTop());
        return step;
    }

    private static void put(ObjectNode step, String key, List<GeneratedToken.Candidate> candidates) {
        ArrayNode pairs = step.putArray(key);
        for (GeneratedToken.Candidate candidate : candidates) {
            pairs.addArray().add(candidate.id()).add(candidate.logProbability() + 0.0);
        }
    }

    /** The end of the object: how many tokens came, and how long it took. */
    void endJson(double load, double generate) throws IOException {
        ObjectNode seconds = Json.object().put("load", load).put("generate", generate);
        print("],\"tokens\":" + tokens + ",\"seconds\":" + Json.line(seconds).strip() + "}\n");
    }
}
