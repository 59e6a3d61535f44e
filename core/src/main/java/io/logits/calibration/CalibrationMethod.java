package io.logits.calibration;

import io.logits.model.Calibrator;
import io.logits.model.Calibrator.Curve;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How logits of held-out rows become calibrated ones. */
public enum CalibrationMethod {
    /**
     * A line of the log-odds, of many classes one for each class against the rest, by maximum likelihood with Platt's
     * targets (1999), which keep it finite where rows are separable.
     */
    PLATT {
        @Override
        public Calibrator of(HeldOut rows) {
            return againstRest(rows, PlattLine::of);
        }
    },
    /**
     * The best curve that never falls, of many classes one for each class against the rest: pool adjacent violators,
     * linear between its steps. Probabilities stay within 1/(n+2) of 0 and 1, n the weight of all rows.
     */
    ISOTONIC {
        @Override
        public Calibrator of(HeldOut rows) {
            return againstRest(rows, AdjacentPools::of);
        }
    },
    /** All logits over one temperature, by maximum likelihood, between 1/100 and 100 (Guo et al. 2017). */
    TEMPERATURE {
        @Override
        public Calibrator of(HeldOut rows) {
            Curve line = new Calibrator.Line(Temperature.inverse(rows), 0);
            return new Calibrator(label(), false, Collections.nCopies(rows.logits(), line));
        }
    },
    /**
     * A line for each logit of three classes or more, by penalised likelihood: the distance from slope 1 and shift 0 counts
     * as much as one row, so that lines stay finite where rows are separable (Guo et al. 2017 have no penalty).
     */
    VECTOR {
        @Override
        public Calibrator of(HeldOut rows) {
            checkClasses(rows.logits() == 1 ? 2 : rows.logits());
            return new Calibrator(label(), false, VectorScaling.lines(rows));
        }
    };

    /**
     * Refuses a number of classes that it is not for.
     *
     * @throws IllegalArgumentException if these are two, for {@link #VECTOR}
     */
    public void checkClasses(int classes) {
        if (this == VECTOR && classes == 2) {
            throw new IllegalArgumentException(
                    "vector scaling is for three classes or more; of two, platt has a line of the one logit");
        }
    }

    /**
     * What calibrates logits of rows that the model has not seen.
     *
     * @throws IllegalArgumentException if it is not for so many classes
     */
    public abstract Calibrator of(HeldOut rows);

    /** The name as the command line and models spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Learns the curve of one class. */
    @FunctionalInterface
    interface CurveFit {
        /**
         * The curve.
         *
         * @param scores log-odds of the class
         * @param is whether each row is of the class
         * @param weights of the rows, {@code >= 0}
         */
        Curve of(double[] scores, boolean[] is, double[] weights);
    }

    final Calibrator againstRest(HeldOut rows, CurveFit fit) {
        int k = rows.logits();
        double[] odds = rows.z().clone();
        if (k > 1) {
            Calibrator.logOddsInPlace(odds, rows.count(), k);
        }
        List<Curve> curves = new ArrayList<>();
        for (int c = 0; c < k; c++) {
            double[] scores = new double[rows.count()];
            boolean[] is = new boolean[rows.count()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = odds[i * k + c];
                is[i] = rows.y()[i] == (k == 1 ? 1 : c);
            }
            curves.add(fit.of(scores, is, rows.weights()));
        }
        return new Calibrator(label(), k > 1, curves);
    }
}
