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
        if (kind == Robust.HC0 || kind == Robust.HC1) {
            Arrays.fill(factors, 1);
            return factors;
        }
        if (optimum.likelihood().layout().logits() > 1) {
            throw new IllegalArgumentException(
                    kind + " divides by 1 - leverage, which is a number for two classes only, " + "the data has "
                            + optimum.likelihood().classes().size() + "; use HC0 or HC1");
        }
        double[] leverage = leverage();
        for (int i = 0; i < n; i++) {
            double rest = 1 - leverage[i];
            factors[i] = kind == Robust.HC2 ? 1 / rest : 1 / (rest * rest);
        }
        return factors;
    }

    /** By how much each observation of two classes draws its own fitted logit: {@code w p (1-p) x'Vx}. */
    private double[] leverage() {
        FittedRows rows = optimum.rows();
        RowForms forms = new RowForms(
                optimum.likelihood().x(),
                optimum.likelihood().layout(),
                optimum.information().inverse());
        double[] leverage = new double[optimum.likelihood().x().rows()];
        for (int i = 0; i < leverage.length; i++) {
            forms.row(i);
            double w = weights == WeightKind.FREQUENCY ? 1 : rows.weight(i);
            leverage[i] = w * rows.curvature(i, 0, 0) * forms.form(0, 0);
        }
        return leverage;
    }
}
