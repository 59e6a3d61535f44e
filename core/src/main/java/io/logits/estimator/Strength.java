package io.logits.estimator;

/** How strong the penalty is, on either of the two scales in use: {@code C = 1/(S lambda)}, S the sum of weights. */
public sealed interface Strength {
    /** The factor of the penalty in {@code mean loss + lambda * penalty}, given the sum of the row weights. */
    double lambda(double totalWeight);

    /**
     * The factor of the penalty beside the mean loss, as in glmnet.
     *
     * @param value finite and {@code >= 0}
     */
    record Lambda(double value) implements Strength {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if {@code value} is negative, infinite or NaN
         */
        public Lambda {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("lambda is " + value + ", a finite number >= 0 is needed");
            }
        }

        @Override
        public double lambda(double totalWeight) {
            return value;
        }
    }

    /**
     * The factor of the summed loss beside the penalty, as in scikit-learn and LIBLINEAR.
     *
     * @param value finite and {@code > 0}
     */
    record C(double value) implements Strength {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if {@code value} is not positive, infinite or NaN
         */
        public C {
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("C is " + value + ", a finite number > 0 is needed");
            }
        }

        @Override
        public double lambda(double totalWeight) {
            return 1 / (totalWeight * value);
        }
    }
}
