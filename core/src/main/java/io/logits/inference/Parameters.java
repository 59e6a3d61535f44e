package io.logits.inference;

import io.logits.estimator.Likelihood;
import io.logits.objective.CoefLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters of a likelihood in the order in which they are reported: logit by logit, first the intercept, then the
 * features. Sums over rows have the free coordinates in another order ({@link CoefLayout}, each intercept last), and their
 * features may be shifted: here both meet.
 */
final class Parameters {
    private final Likelihood likelihood;
    private final CoefLayout layout;
    private final List<String> features;

    Parameters(Likelihood likelihood, List<String> features) {
        this.likelihood = likelihood;
        layout = likelihood.layout();
        this.features = features;
    }

    /** What parameter q is of. */
    Parameter named(int q) {
        int k = layout.logits() == 1 ? 1 : layout.firstFree() + q / layout.rows();
        int feature = free(q) % layout.rows();
        return new Parameter(
                likelihood.classes().get(k), feature < layout.features() ? features.get(feature) : Parameter.INTERCEPT);
    }

    List<Parameter> all() {
        return IntStream.range(0, count()).mapToObj(this::named).toList();
    }

    int count() {
        return layout.freeSize();
    }

    /** The free coordinates of features {@code from .. to-1} in all logits. */
    int[] freeOf(int from, int to) {
        return IntStream.range(0, layout.freeLogits())
                .flatMap(k -> IntStream.range(k * layout.rows() + from, k * layout.rows() + to))
                .toArray();
    }

    /** The place among the free coordinates of parameter q. */
    int free(int q) {
        int rows = layout.rows();
        int local = q % rows;
        int feature = !layout.intercept() ? local : local == 0 ? layout.features() : local - 1;
        return q - local + feature;
    }

    /** The parameter that free coordinate f is. */
    int ofFree(int f) {
        int local = f % layout.rows();
        int place = !layout.intercept() ? local : local == layout.features() ? 0 : local + 1;
        return f - local + place;
    }

    /** What parameter q is of the free coordinates: their factors. */
    double[] row(int q) {
        double[] row = new double[count()];
        row[free(q)] = 1;
        double[] shift = likelihood.shift();
        if (layout.intercept() && q % layout.rows() == 0) {
            for (int j = 0; j < shift.length; j++) {
                row[q + j] = -shift[j];
            }
        }
        return row;
    }

    /**
     * As {@link #row}; where all of several logits are free, the parameter less its mean over the logits: of what they share,
     * the rows tell nothing.
     */
    double[] identified(int q) {
        double[] row = row(q);
        if (layout.logits() == 1 || layout.reference()) {
            return row;
        }
        int local = q % layout.rows();
        for (int k = 0; k < layout.logits(); k++) {
            row = Vectors.plus(row, -1.0 / layout.logits(), row(k * layout.rows() + local));
        }
        return row;
    }

    /** The coefficients of free coordinates, intercepts as they are beside features that are not shifted. */
    double[] values(double[] theta) {
        double[] values = new double[count()];
        for (int q = 0; q < values.length; q++) {
            values[q] = Vectors.dot(row(q), theta);
        }
        return values;
    }

    /** A covariance matrix of the free coordinates, both triangles filled, as that of the parameters. */
    double[] covariance(double[] ofFree) {
        int order = count();
        double[] out = new double[order * order];
        for (int a = 0; a < order; a++) {
            for (int b = 0; b < order; b++) {
                out[a * order + b] = ofFree[free(a) * order + free(b)];
            }
        }
        double[] shift = likelihood.shift();
        if (shift.length > 0) {
            for (int at = 0; at < order; at += layout.rows()) {
                for (int b = 0; b < order; b++) {
                    out[at * order + b] -= shifted(shift, out, (at + 1) * order + b, order);
                }
            }
            for (int at = 0; at < order; at += layout.rows()) {
                for (int a = 0; a < order; a++) {
                    out[a * order + at] -= shifted(shift, out, a * order + at + 1, 1);
                }
            }
        }
        return out;
    }

    private static double shifted(double[] shift, double[] of, int start, int step) {
        double sum = 0;
        for (int j = 0; j < shift.length; j++) {
            sum = Math.fma(shift[j], of[start + j * step], sum);
        }
        return sum;
    }
}
