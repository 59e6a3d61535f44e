package io.logits.cli;

import io.logits.sampling.Distribution;
import io.logits.sampling.Sampled;
import io.logits.sampling.Sequence;
import io.logits.sampling.Status;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What came out for a row, as an object in JSON; -Infinity is null there, and so is a token that there is not. */
final class SampledText {
    private SampledText() {}

    /** The object, without an end of line. */
    static byte[] of(Sampled sampled, Sequence sequence) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(bytes)) {
            json.writeStartObject();
            boolean ok = sampled.status() == Status.OK;
            if (sequence.parameters().draws() > 1) {
                writeDraws(json, sampled);
            } else {
                json.writeName("token");
                if (ok) {
                    json.writeNumber(sampled.token());
                } else {
                    json.writeNull();
                }
                json.writeName("logprob");
                write(json, ok ? sampled.logProbability(0) : Double.NaN);
                json.writeName("raw_logprob");
                write(json, ok ? sampled.rawLogProbability(0) : Double.NaN);
            }
            json.writeName("top_logprobs");
            write(json, sampled.top());
            if (sequence.parameters().logprobs() > 0) {
                json.writeName("raw_top_logprobs");
                write(json, sampled.rawTop());
            }
            json.writeNumberProperty("kept", ok ? sampled.kept() : 0);
            json.writeStringProperty("status", sampled.status().name().toLowerCase(Locale.ROOT));
            if (sequence.parameters().mirostat() != 0) {
                json.writeNumberProperty("mirostat_mu", ok ? sampled.mirostatMu() : sequence.mirostatMu());
            }
            if (sequence.parameters().reportDistribution()) {
                json.writeName("distribution");
                write(json, sampled.distribution());
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeDraws(JsonGenerator json, Sampled sampled) {
        json.writeArrayPropertyStart("tokens");
        for (int i = 0; i < sampled.draws(); i++) {
            json.writeNumber(sampled.token(i));
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("logprob");
        for (int i = 0; i < sampled.draws(); i++) {
            write(json, sampled.logProbability(i));
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("raw_logprob");
        for (int i = 0; i < sampled.draws(); i++) {
            write(json, sampled.rawLogProbability(i));
        }
        json.writeEndArray();
    }

    /** A list of pairs of a token and its log-probability, in rank order. */
    private static void write(JsonGenerator json, Sampled.Ranked ranked) {
        json.writeStartArray();
        for (int i = 0; i < ranked.size(); i++) {
            writePair(json, ranked.id(i), ranked.logProbability(i));
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Distribution distribution) {
        json.writeStartArray();
        for (int i = 0; i < distribution.size(); i++) {
            writePair(json, distribution.id(i), distribution.p(i));
        }
        json.writeEndArray();
    }

    private static void writePair(JsonGenerator json, int id, double value) {
        json.writeStartArray();
        json.writeNumber(id);
        write(json, value);
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, double value) {
        if (Double.isFinite(value)) {
            // Not -0.
            json.writeNumber(value + 0.0);
        } else {
            json.writeNull();
        }
    }
}
