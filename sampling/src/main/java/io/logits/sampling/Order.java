package io.logits.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The steps a row goes through, and their order, which matters: of the logits [3, 2, 1], {@code top_p} .8 keeps {0, 1}
 * before a temperature of .5 and {0} after it. The list is complete: a step that it does not name does not run, and its
 * parameters play no part.
 *
 * @param steps in the order of their work
 */
public record Order(List<Step> steps) {
    private static final Order HF = of(
            Steps.BIAS,
            Steps.PENALTIES,
            Steps.DRY,
            Steps.NO_REPEAT_NGRAM,
            Steps.MIN_LENGTH,
            Steps.TEMPERATURE,
            Steps.TOP_K,
            Steps.TOP_P,
            Steps.MIN_P,
            Steps.TYPICAL,
            Steps.EPSILON,
            Steps.ETA);
    private static final Order LLAMA_CPP = of(
            Steps.BIAS,
            Steps.PENALTIES,
            Steps.DRY,
            Steps.TOP_N_SIGMA,
            Steps.TOP_K,
            Steps.TYPICAL,
            Steps.TOP_P,
            Steps.MIN_P,
            Steps.XTC,
            Steps.TEMPERATURE);
    private static final Order VLLM =
            of(Steps.BIAS, Steps.PENALTIES, Steps.TEMPERATURE, Steps.MIN_P, Steps.TOP_K, Steps.TOP_P);

    /**
     * An order of steps.
     *
     * @throws IllegalArgumentException if a step is named twice
     */
    public Order {
        steps = List.copyOf(steps);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.indexOf(steps.get(i)) < i) {
                throw new IllegalArgumentException("order names " + steps.get(i).label() + " twice");
            }
        }
    }

    /** These steps, in this order. */
    public static Order of(Step... steps) {
        return new Order(List.of(steps));
    }

    /** The order of Hugging Face transformers: processors, temperature, then the truncations. The default. */
    public static Order hf() {
        return HF;
    }

    /** The order of llama.cpp: temperature comes last. */
    public static Order llamaCpp() {
        return LLAMA_CPP;
    }

    /** The order of vLLM. */
    public static Order vllm() {
        return VLLM;
    }

    /**
     * The order of a preset: a list of steps and no parameters.
     *
     * @param name {@code hf}, {@code llama.cpp} or {@code vllm}
     * @throws IllegalArgumentException if there is no such preset
     */
    public static Order preset(String name) {
        return switch (name) {
            case "hf" -> HF;
            case "llama.cpp" -> LLAMA_CPP;
            case "vllm" -> VLLM;
            default ->
                throw new IllegalArgumentException("preset is '" + name + "', 'hf', 'llama.cpp' or 'vllm' is allowed");
        };
    }

    /**
     * An order by names of steps, or of their parameters, which serve too ({@code typical_p} for {@code typical}).
     *
     * @throws IllegalArgumentException if a name is unknown or a step is named twice
     */
    public static Order parse(List<String> names) {
        List<Step> steps = new ArrayList<>();
        for (String name : names) {
            steps.add(step(name));
        }
        return new Order(steps);
    }

    private static Step step(String name) {
        for (Steps step : Steps.values()) {
            if (step.isCalled(name)) {
                return step;
            }
        }
        String known = Arrays.stream(Steps.values()).map(Steps::label).collect(Collectors.joining(" "));
        throw new IllegalArgumentException("order names the step '" + name + "', there are " + known);
    }

    /**
     * This order with one more step, in front of one that it names.
     *
     * @throws IllegalArgumentException if it does not name {@code next}
     */
    public Order before(Step next, Step added) {
        int at = steps.indexOf(next);
        if (at < 0) {
            throw new IllegalArgumentException("the order " + this + " does not name " + next.label());
        }
        List<Step> more = new ArrayList<>(steps);
        more.add(at, added);
        return new Order(more);
    }

    /** This order with one more step at its end. */
    public Order then(Step added) {
        List<Step> more = new ArrayList<>(steps);
        more.add(added);
        return new Order(more);
    }

    /** The names of the steps. */
    public List<String> names() {
        return steps.stream().map(Step::label).toList();
    }

    @Override
    public String toString() {
        return String.join(" ", names());
    }
}
