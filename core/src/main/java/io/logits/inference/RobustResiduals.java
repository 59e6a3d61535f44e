package io.logits.inference;

import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;

/** The residuals of all rows as a robust covariance takes them. */
final class RobustResiduals {
    private RobustResiduals() {}

    /**
     * A number for each row and logit, {@code layout.stride()} apart. Rows of weight 0 keep their residuals, which no sum has.
     *
     * @throws FrequencyException as {@link HatBlock#row}
     */
    static double[] of(Optimum optimum, Robust kind, WeightKind weights, Workers workers) {
        FittedRows rows = optimum.rows();
        double[] r = rows.residuals();
        if (!kind.byLeverage()) {
            return r;
        }
        CoefLayout layout = rows.likelihood().layout();
        rows.forEachPiece(
                (from, to) -> {
                    HatBlock hat = new HatBlock(rows, optimum.information(), weights);
                    double[] own = new double[layout.freeLogits()];
                    for (int i = from; i < to; i++) {
                        if (rows.weight(i) == 0) {
                            continue;
                        }
                        int at = i * layout.stride() + layout.firstFree();
                        System.arraycopy(r, at, own, 0, own.length);
                        hat.row(i);
                        if (kind == Robust.HC2) {
                            hat.unshrunkInPlace(own);
                        } else {
                            hat.leftOutInPlace(own);
                        }
                        System.arraycopy(own, 0, r, at, own.length);
                    }
                },
                workers);
        return r;
    }
}
