package io.logits.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a model came from, as text: what a person asks a year later. Holds no time and no path, so that the same fit
 * gives the same bytes.
 *
 * @param library the version of this library
 * @param kernels which kernels computed
 * @param data rows, features, stored entries, precision
 * @param options every option of the fit by its name
 * @param solution how the fit ended: solver, reason, objective, dual, gap
 */
public record Provenance(
        String library,
        String kernels,
        Map<String, String> data,
        Map<String, String> options,
        Map<String, String> solution) {
    /** Copies the maps, their order kept. */
    public Provenance {
        data = copy(data);
        options = copy(options);
        solution = copy(solution);
    }

    private static Map<String, String> copy(Map<String, String> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The same with one more fact about the data. */
    public Provenance withData(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(data);
        more.put(key, value);
        return new Provenance(library, kernels, more, options, solution);
    }

    /** The same with more options, which take the place of those of the same name. */
    public Provenance withOptions(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(options);
        all.putAll(more);
        return new Provenance(library, kernels, data, all, solution);
    }

    /** The same without an option, as of several fits that differ in it. */
    public Provenance withoutOption(String name) {
        Map<String, String> others = new LinkedHashMap<>(options);
        others.remove(name);
        return new Provenance(library, kernels, data, others, solution);
    }

    /** The same of a fit that ended otherwise. */
    public Provenance withSolution(Map<String, String> newSolution) {
        return new Provenance(library, kernels, data, options, newSolution);
    }

    /** Of a model whose origin is not known. */
    public static Provenance unknown() {
        return new Provenance("unknown", "unknown", Map.of(), Map.of(), Map.of());
    }
}
