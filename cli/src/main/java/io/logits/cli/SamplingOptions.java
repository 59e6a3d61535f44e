package io.logits.cli;

import io.logits.sampling.SamplingParameters;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of sampling, made of the table of its fields: what {@code sample} and {@code generate} share.
 * {@code --seed} is not among them, all commands have it.
 */
final class SamplingOptions {
    private final Set<SamplingField> fields;

    @Mixin
    private final CommandSpec spec = CommandSpec.create();

    /** The options, but for some of them. */
    SamplingOptions(SamplingField... without) {
        fields = EnumSet.allOf(SamplingField.class);
        fields.remove(SamplingField.SEED);
        fields.removeAll(Set.of(without));
        for (SamplingField field : fields) {
            OptionSpec.Builder option =
                    OptionSpec.builder(field.option()).type(String.class).description(field.help());
            if (field.isFlag()) {
                option.arity("0..1").fallbackValue("true").paramLabel("true|false");
            } else {
                option.paramLabel(field.parameterLabel());
            }
            spec.addOption(option.build());
        }
    }

    private @Nullable String text(SamplingField field) {
        return spec.findOption(field.option()).getValue();
    }

    /** Whether one of the options given is for tokens that are drawn, not for the most probable ones. */
    boolean isStochastic() {
        return fields.stream().anyMatch(field -> field.isStochastic() && text(field) != null);
    }

    /**
     * The parameters with what the options say.
     *
     * @throws IllegalArgumentException if a value is not allowed
     */
    SamplingParameters apply(SamplingParameters parameters) {
        if (text(SamplingField.ORDER) != null && text(SamplingField.PRESET) != null) {
            throw new IllegalArgumentException("--preset is an order of steps, leave out --order");
        }
        SamplingParameters changed = parameters;
        for (SamplingField field : fields) {
            String text = text(field);
            if (text != null) {
                changed = field.set(changed, field.value(text));
            }
        }
        return changed;
    }
}
