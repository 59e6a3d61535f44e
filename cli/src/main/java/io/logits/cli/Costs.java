package io.logits.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What wrong decisions cost.
 *
 * @param falsePositive of a row wrongly taken for the second class, finite and {@code > 0}
 * @param falseNegative of a row wrongly taken for the first class, finite and {@code > 0}
 */
record Costs(double falsePositive, double falseNegative) {
    /** The log-odds at which both decisions cost the same in expectation. */
    double calibratedLogit() {
        return Math.log(falsePositive / falseNegative);
    }

    /** The probability at which both decisions cost the same in expectation. */
    double calibratedProbability() {
        return falsePositive / (falsePositive + falseNegative);
    }

    /** Two numbers with a comma between. */
    static final class Converter implements ITypeConverter<Costs> {
        @Override
        public Costs convert(String given) {
            String[] parts = given.split(",", -1);
            try {
                Costs costs = new Costs(Double.parseDouble(parts[0]), Double.parseDouble(parts[parts.length - 1]));
                if (parts.length == 2 && isCost(costs.falsePositive) && isCost(costs.falseNegative)) {
                    return costs;
                }
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw new TypeConversionException("'" + given + "' is not FP,FN, two finite numbers > 0");
        }

        private static boolean isCost(double value) {
            return value > 0 && value < Double.POSITIVE_INFINITY;
        }
    }
}
