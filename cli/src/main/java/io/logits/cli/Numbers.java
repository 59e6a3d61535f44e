package io.logits.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value that is one number, or where a command can use them several with commas between. */
record Numbers(List<Double> values) {
    /**
     * The one number.
     *
     * @throws IllegalArgumentException if there are several
     */
    double single(String option) {
        if (values.size() > 1) {
            throw new IllegalArgumentException(option + " is " + this + ", one number is needed here");
        }
        return values.get(0);
    }

    /** The numbers as an array. */
    double[] array() {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public String toString() {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Reads them. */
    static final class Converter implements ITypeConverter<Numbers> {
        @Override
        public Numbers convert(String given) {
            List<Double> values = new ArrayList<>();
            for (String part : given.split(",", -1)) {
                try {
                    values.add(Double.parseDouble(part));
                } catch (NumberFormatException e) {
                    throw new TypeConversionException("'" + part + "' is not a double");
                }
            }
            return new Numbers(values);
        }
    }
}
