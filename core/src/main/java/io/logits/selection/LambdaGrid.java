package io.logits.selection;

import java.util.Arrays;

/** The lambdas of a path, largest first. */
public sealed interface LambdaGrid {
    /** 100 lambdas from lambda_max down to a ten-thousandth of it. */
    static LambdaGrid defaults() {
        return new Spaced(100, 1e-4);
    }

    /**
     * The lambdas, decreasing.
     *
     * @param lambdaMax the least lambda that leaves no coefficient but 0; 0 where no feature has any effect
     */
    double[] lambdas(double lambdaMax);

    /** How many there are. */
    int count();

    /**
     * Equally spaced on a logarithmic scale, from lambda_max to {@code minRatio} of it. Where lambda_max is 0, as no
     * feature has any effect, they begin at 1.
     *
     * @param count at least 1; one alone is lambda_max
     * @param minRatio above 0 and below 1
     */
    record Spaced(int count, double minRatio) implements LambdaGrid {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a number is out of range or NaN
         */
        public Spaced {
            if (count < 1) {
                throw new IllegalArgumentException("the path has " + count + " lambdas, at least 1 is needed");
            }
            if (!(minRatio > 0 && minRatio < 1)) {
                throw new IllegalArgumentException(
                        "the least lambda is " + minRatio + " of the largest, a number between 0 and 1 is needed");
            }
        }

        @Override
        public double[] lambdas(double lambdaMax) {
            double max = lambdaMax > 0 ? lambdaMax : 1;
            double[] lambdas = new double[count];
            for (int l = 0; l < count; l++) {
                lambdas[l] = l == 0 ? max : max * Math.pow(minRatio, l / (count - 1.0));
            }
            return lambdas;
        }
    }

    /** These lambdas, in any order. */
    record Listed(double... values) implements LambdaGrid {
        /**
         * Checks and copies them.
         *
         * @throws IllegalArgumentException if there is none, one is twice there, negative, infinite or NaN
         */
        public Listed {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            if (sorted.length == 0) {
                throw new IllegalArgumentException("the path has no lambda, at least 1 is needed");
            }
            for (int l = 0; l < sorted.length; l++) {
                if (!(sorted[l] >= 0 && sorted[l] < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("lambda is " + sorted[l] + ", finite numbers >= 0 are needed");
                }
                if (l > 0 && sorted[l] == sorted[l - 1]) {
                    throw new IllegalArgumentException("lambda " + sorted[l] + " is there twice");
                }
            }
            values = sorted;
        }

        @Override
        public double[] lambdas(double lambdaMax) {
            double[] decreasing = new double[values.length];
            for (int l = 0; l < values.length; l++) {
                decreasing[l] = values[values.length - 1 - l];
            }
            return decreasing;
        }

        @Override
        public int count() {
            return values.length;
        }
    }
}
