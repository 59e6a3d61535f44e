package io.logits.inference;

import java.util.Arrays;

/** What leverage makes of the squared residual of each row. */
final class RobustFactors {
    private final Optimum optimum;
    private final WeightKind weights;

    RobustFactors(Optimum optimum, WeightKind weights) {
        this.optimum = optimum;
        this.weights = weights;
    }

    /** A factor for each row. */
    double[] of(Robust kind) {
        int n = optimum.likelihood().x().rows();
        double[] factors = new double[n];
        if (!kind.byLeverage()) {
            Arrays.fill(factors, 1);
            return factors;
        }
        kind.checkClasses(optimum.likelihood().classes().size());
        double[] leverage = new Observations(optimum.rows(), new int[0], weights)
                .leverage(optimum.information().inverse());
        for (int i = 0; i < n; i++) {
            double rest = 1 - leverage[i];
            factors[i] = kind == Robust.HC2 ? 1 / rest : 1 / (rest * rest);
        }
        return factors;
    }
}
