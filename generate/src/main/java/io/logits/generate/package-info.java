/**
 * A decoder behind the sampler: a folder with {@code model.onnx} and {@code tokenizer.json}, as Hugging Face exports
 * it, continues prompts on ONNX Runtime.
 *
 * <pre>{@code
 * try (Generator generator = Generator.open(folder, 2)) {
 *     Request request = generator.request("python3-").withMaxNewTokens(24);
 *     Generation generation = generator.generate(List.of(request), (prompt, text) -> print(text)).get(0);
 * }
 * }</pre>
 *
 * <p>Nothing about a model is assumed but the names of what an export takes and gives; which of them there are, how
 * many layers, heads and numbers of 16 or 32 bits, is the session's to say. The tokenizer unpacks its native library
 * from its jar on first use; the system property {@code RUST_FLAVOR=cpu} keeps it from looking for another.
 */
@NullMarked
package io.logits.generate;

import org.jspecify.annotations.NullMarked;
