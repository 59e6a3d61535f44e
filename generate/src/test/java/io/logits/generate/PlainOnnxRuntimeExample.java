package io.logits.generate;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.logits.sampling.Logits;
import io.logits.sampling.Sampled;
import io.logits.sampling.Sampler;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import io.logits.sampling.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The sampler in a loop of one's own: one text, ONNX Runtime as it is, and of Logits the module {@code sampling} alone.
 * The logits are sampled where ONNX Runtime writes them; the cache goes back in as it came out.
 */
final class PlainOnnxRuntimeExample {
    private static final int VOCABULARY = 4096;
    private static final int END_OF_TEXT = 0;

    private PlainOnnxRuntimeExample() {}

    /** Continues a prompt, given and returned as tokens. */
    static int[] continueText(Path model, int[] prompt, int mostTokens, SamplingParameters parameters)
            throws OrtException {
        Sequence text = new Sequence(parameters).append(prompt);
        Sampler sampler = new Sampler();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model.toString())) {
            OrtSession.@Nullable Result past = null;
            int seen = 0;
            while (text.length() < prompt.length + mostTokens) {
                int length = text.length() - seen;
                FloatBuffer memory = ByteBuffer.allocateDirect(4 * length * VOCABULARY)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                OrtSession.Result present = run(environment, session, text, seen, past, memory);
                if (past != null) {
                    past.close(); // only now: the run has read it
                }
                past = present;
                seen = text.length();

                // The row after the last token, where it lies.
                Logits row = Logits.of(memory, (length - 1) * VOCABULARY, VOCABULARY, VOCABULARY);
                Sampled next = sampler.sample(row, 0, text);
                text.accept(next);
                if (next.status() != Status.OK || next.token() == END_OF_TEXT) {
                    break;
                }
            }
            if (past != null) {
                past.close();
            }
        }
        int[] tokens = text.tokens();
        return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
    }

    /** Runs the model over the tokens from {@code seen} on. */
    private static OrtSession.Result run(
            OrtEnvironment environment,
            OrtSession session,
            Sequence text,
            int seen,
            OrtSession.@Nullable Result past,
            FloatBuffer memory)
            throws OrtException {
        int end = text.length();
        int length = end - seen;
        Map<String, OnnxTensor> inputs = new HashMap<>();
        Set<String> presents = new TreeSet<>(session.getOutputNames());
        presents.remove("logits");
        try (OnnxTensor ids =
                        tensor(environment, length, LongStream.range(seen, end).map(i -> text.token((int) i)));
                OnnxTensor mask =
                        tensor(environment, end, LongStream.range(0, end).map(i -> 1));
                OnnxTensor positions = tensor(environment, length, LongStream.range(seen, end));
                OnnxTensor empty =
                        OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), new long[] {1, 5, 0, 32});
                OnnxTensor logits = OnnxTensor.createTensor(environment, memory, new long[] {1, length, VOCABULARY})) {
            inputs.put("input_ids", ids);
            inputs.put("attention_mask", mask);
            inputs.put("position_ids", positions);
            for (String name : presents) {
                String input = name.replace("present", "past_key_values");
                inputs.put(
                        input,
                        past == null ? empty : (OnnxTensor) past.get(name).orElseThrow());
            }
            return session.run(inputs, presents, Map.of("logits", logits));
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, int n, LongStream values) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values.toArray()), new long[] {1, n});
    }
}
