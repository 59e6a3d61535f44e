package io.logits.objective;

import io.logits.data.Matrix;
import io.logits.loss.Loss;
import io.logits.objective.TwiceSmoothObjective.MarginChange;
import java.util.Arrays;

/** Whether classes are separable along a direction, and what is but rounding in one; see {@link TwiceSmoothObjective}. */
final class Separability {
    /** What rounding of margins and sums leaves of a gradient that should be 0, where residuals and features are 1. */
    private static final double GRADIENT_NOISE = 1e-12;

    private static final double UNIT_ROUNDOFF = 0x1p-53;
    /** A direction is itself rounded, in each coefficient, and was computed; a few times its rounding is allowed. */
    private static final double SEPARATION_SLACK = 32;
    /** A margin that rises by this many times the rounding rises for sure. */
    private static final double SURELY = 1e3;

    private final Matrix x;
    private final Loss loss;
    private final CoefLayout layout;
    private final RowPasses passes;
    private final CurvatureModel curvatureModel;
    private final int stride;

    Separability(Matrix x, Loss loss, CoefLayout layout, RowPasses passes, CurvatureModel curvatureModel) {
        this.x = x;
        this.loss = loss;
        this.layout = layout;
        this.passes = passes;
        this.curvatureModel = curvatureModel;
        stride = layout.stride();
    }

    MarginChange marginChange(double[] d) {
        passes.narrow(d);
        double[] least = new double[passes.blocks()];
        double[] most = new double[passes.blocks()];
        passes.pass(b -> {
            least[b] = Double.POSITIVE_INFINITY;
            passes.forEachTile(b, (from, to, z, unused) -> {
                passes.margins(d, from, to, z);
                for (int i = 0; i < to - from; i++) {
                    if (passes.weight(from + i) > 0) {
                        least[b] = Math.min(least[b], loss.marginChange(z, i * stride, from + i));
                        for (int k = 0; k < layout.logits(); k++) {
                            most[b] = Math.max(most[b], Math.abs(z[i * stride + k]));
                        }
                    }
                }
            });
        });
        return new MarginChange(
                Arrays.stream(least).min().orElse(0), Arrays.stream(most).max().orElse(0));
    }

    boolean separates(double[] d) {
        passes.narrow(d);
        double[] largest = largestByFeature(d);
        boolean[] falls = new boolean[passes.blocks()];
        boolean[] rises = new boolean[passes.blocks()];
        passes.pass(b -> passes.forEachTile(b, (from, to, z, magnitude) -> {
            passes.margins(d, from, to, z);
            Arrays.fill(magnitude, layout.intercept() ? largest[layout.features()] : 0);
            int[] terms = new int[to - from];
            x.forEach(from, to, (i, j, value) -> {
                magnitude[i - from] = Math.fma(Math.abs(value), largest[j], magnitude[i - from]);
                terms[i - from]++;
            });
            for (int i = 0; i < to - from; i++) {
                if (passes.weight(from + i) > 0) {
                    // Two products of that many terms are subtracted, each off by (terms + 2) u of the sum of
                    // magnitudes.
                    double rounding = SEPARATION_SLACK * (terms[i] + 2) * 2 * UNIT_ROUNDOFF * magnitude[i];
                    falls[b] |= !(loss.marginChange(z, i * stride, from + i) >= -rounding);
                    rises[b] |= loss.largestMarginChange(z, i * stride, from + i) > SURELY * rounding;
                }
            }
        }));
        boolean falling = false;
        boolean rising = false;
        for (int b = 0; b < falls.length; b++) {
            falling |= falls[b];
            rising |= rises[b];
        }
        return rising && !falling;
    }

    /** The largest absolute coefficient of each feature, and of the intercept, over the logits. */
    private double[] largestByFeature(double[] d) {
        double[] largest = new double[layout.rows()];
        for (int j = 0; j < layout.rows(); j++) {
            for (int k = 0; k < layout.logits(); k++) {
                largest[j] = Math.max(largest[j], Math.abs(d[layout.index(j, k)]));
            }
        }
        return largest;
    }

    boolean vanishes(double[] gradient) {
        double[] squares = curvatureModel.squareMeans();
        double[] largest = largestByFeature(gradient);
        for (int j = 0; j < layout.rows(); j++) {
            double typical = j < layout.features() ? Math.sqrt(squares[j]) : 1;
            // A sum of products is at most the product of root mean squares, that of the residuals at most 1.
            if (!(largest[j] <= GRADIENT_NOISE * typical)) {
                return false;
            }
        }
        return true;
    }

    void dropNegligibleInPlace(double[] d, double share) {
        double[] squares = curvatureModel.squareMeans();
        double[] largest = largestByFeature(d);
        double most = layout.intercept() ? largest[layout.features()] : 0;
        for (int j = 0; j < layout.features(); j++) {
            most = Math.max(most, largest[j] * Math.sqrt(squares[j]));
        }
        for (int j = 0; j < layout.rows(); j++) {
            double typical = j < layout.features() ? Math.sqrt(squares[j]) : 1;
            for (int k = 0; k < layout.logits(); k++) {
                int c = layout.index(j, k);
                d[c] = Math.abs(d[c]) * typical < share * most ? 0 : d[c];
            }
        }
    }
}
