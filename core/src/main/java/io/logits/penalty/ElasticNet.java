package io.logits.penalty;

import java.util.Arrays;

/**
 * {@code sum_j f_j lambda [a |w_j| d_j + (1-a)/2 (w_j d_j)^2]} within {@code lower_j <= w_j <= upper_j}: L1 ({@code a = 1}), L2
 * ({@code a = 0}) or a mixture, with a factor {@code f_j} and a unit {@code d_j} for each feature, and bounds. It separates: most
 * methods are about one coefficient, the same for all logits of a feature. Where it is {@link #grouped}, {@code |w_j|} is the Euclidean
 * norm of the row of a feature's coefficients, which then are 0 for all logits or none, and only methods about rows apply.
 */
public final class ElasticNet {
    private final double lambda;
    private final double l1Ratio;
    private final double[] factors;
    private final double[] units;
    private final double[] lower;
    private final double[] upper;
    private final boolean grouped;

    private ElasticNet(
            double lambda,
            double l1Ratio,
            double[] factors,
            double[] units,
            double[] lower,
            double[] upper,
            boolean grouped) {
        this.lambda = lambda;
        this.l1Ratio = l1Ratio;
        this.factors = factors;
        this.units = units;
        this.lower = lower;
        this.upper = upper;
        this.grouped = grouped;
    }

    /**
     * The same penalty on every feature, without bounds.
     *
     * @param lambda finite and {@code > 0}
     * @param l1Ratio the share a of L1, in [0, 1]
     */
    public static ElasticNet of(double lambda, double l1Ratio) {
        if (!(lambda > 0 && lambda < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("lambda is " + lambda + ", a finite number > 0 is needed");
        }
        if (!(l1Ratio >= 0 && l1Ratio <= 1)) {
            throw new IllegalArgumentException("the L1 ratio is " + l1Ratio + ", a number from 0 to 1 is needed");
        }
        double[] none = new double[0];
        return new ElasticNet(lambda, l1Ratio, none, none, none, none, false);
    }

    /** With a factor for each feature, finite and {@code >= 0}; 0 leaves it without a penalty. Empty for 1 each. Not copied. */
    public ElasticNet withFactors(double[] newFactors) {
        return new ElasticNet(lambda, l1Ratio, newFactors, units, lower, upper, grouped);
    }

    /** With a unit for each feature, finite and {@code > 0}: the penalty is on {@code w_j d_j}. Empty for 1 each. Not copied. */
    public ElasticNet withUnits(double[] newUnits) {
        return new ElasticNet(lambda, l1Ratio, factors, newUnits, lower, upper, grouped);
    }

    /** Within bounds, {@code lower[j] <= 0 <= upper[j]}, which may be infinite; empty for none. Not copied. */
    public ElasticNet within(double[] newLower, double[] newUpper) {
        return new ElasticNet(lambda, l1Ratio, factors, units, newLower, newUpper, grouped);
    }

    /** With the rows of coefficients as groups; it must have no bounds. */
    public ElasticNet inGroups() {
        return new ElasticNet(lambda, l1Ratio, factors, units, lower, upper, true);
    }

    /** That of some features alone, times a number. */
    public ElasticNet select(int[] features, double times) {
        return new ElasticNet(
                times * lambda,
                l1Ratio,
                at(factors, features),
                at(units, features),
                at(lower, features),
                at(upper, features),
                grouped);
    }

    private static double[] at(double[] values, int[] features) {
        return values.length == 0
                ? values
                : Arrays.stream(features).mapToDouble(j -> values[j]).toArray();
    }

    /** Whether the logits of a feature are a group. */
    public boolean grouped() {
        return grouped;
    }

    /** The slope of the penalty at 0+: a, below. */
    public double absolute(int j) {
        return l1Ratio * strength(j) * (units.length == 0 ? 1 : units[j]);
    }

    /** The second derivative of the penalty: c, below. */
    public double curvature(int j) {
        return (1 - l1Ratio) * strength(j) * (units.length == 0 ? 1 : units[j] * units[j]);
    }

    private double strength(int j) {
        return factors.length == 0 ? lambda : lambda * factors[j];
    }

    /** The least value that a coefficient of feature j may have. */
    public double lower(int j) {
        return lower.length == 0 ? Double.NEGATIVE_INFINITY : lower[j];
    }

    /** The greatest value that a coefficient of feature j may have. */
    public double upper(int j) {
        return upper.length == 0 ? Double.POSITIVE_INFINITY : upper[j];
    }

    private double clamp(int j, double w) {
        return lower.length == 0 ? w : Math.max(lower[j], Math.min(upper[j], w));
    }

    /** Whether nothing holds a coefficient of feature j back where {@code -g} drives it: no penalty, and no bound there. */
    public boolean free(int j, double g) {
        return strength(j) == 0 && !boundedAgainst(j, g);
    }

    private boolean boundedAgainst(int j, double g) {
        return lower.length > 0 && (g > 0 ? lower[j] > Double.NEGATIVE_INFINITY : upper[j] < Double.POSITIVE_INFINITY);
    }

    /** {@code a|w| + c w^2/2}. */
    public double value(int j, double w) {
        return absolute(j) * Math.abs(w) + curvature(j) / 2 * w * w;
    }

    /**
     * The minimum over v of {@code slope (v - w) + h/2 (v - w)^2 + a|v| + c v^2/2} within the bounds.
     *
     * @param h {@code > 0}
     */
    public double minimizer(int j, double w, double slope, double h) {
        return clamp(j, shrunk(h * w - slope, absolute(j)) / (h + curvature(j)));
    }

    private static double shrunk(double v, double by) {
        return v > by ? v - by : v < -by ? v + by : 0;
    }

    /**
     * By how much the optimality condition at w fails, where the loss has the derivative g: the distance of {@code -g} from
     * the subdifferential of penalty and bounds.
     */
    public double violation(int j, double w, double g) {
        double a = absolute(j);
        double smooth = g + curvature(j) * w;
        double right = w < upper(j) ? -(smooth + (w >= 0 ? a : -a)) : 0;
        double left = w > lower(j) ? smooth + (w > 0 ? a : -a) : 0;
        return Math.max(0, Math.max(right, left));
    }

    /**
     * About what a violation adds to the duality gap: by itself where the penalty has a second derivative; else because all
     * of the dual point is scaled until the penalty allows it.
     *
     * @param w the coefficient, with what it lately moved
     * @param total the part of the objective that L1 is
     */
    public double shortfall(int j, double w, double violation, double total) {
        double c = curvature(j);
        double a = absolute(j);
        double alone = violation * Math.abs(w);
        return c > 0
                ? Math.min(violation * violation / (2 * c), violation * total / a + alone)
                : a > 0 ? violation * total / a + alone : alone;
    }

    /** The largest {@code t <= 1} at which the penalty's conjugate is finite at {@code -t g}. */
    public double dualScale(int j, double g) {
        double a = absolute(j);
        return boundedAgainst(j, g) || curvature(j) > 0 || Math.abs(g) <= a ? 1 : a / Math.abs(g);
    }

    /**
     * {@code penalty(w) + g w + conjugate(-g)}, which is at least 0, and 0 where {@code -g} is in the subdifferential at w
     * (Fenchel and Young); g must be within {@link #dualScale}.
     */
    public double fenchelYoung(int j, double w, double g) {
        double a = absolute(j);
        double c = curvature(j);
        double excess = Math.max(0, Math.abs(g) - a);
        // Without curvature what is over by rounding would ask for infinity.
        double best = excess == 0 ? 0 : -Math.signum(g) * (c > 0 ? excess / c : Double.POSITIVE_INFINITY);
        double v = clamp(j, best);
        if (Double.isInfinite(v)) {
            v = 0;
        }
        // The difference of the same function at w and at v, factored so that it loses no digits where they are close.
        return Math.max(0, (w - v) * (g + c / 2 * (w + v)) + a * (Math.abs(w) - Math.abs(v)));
    }

    private static double norm(double[] row) {
        double sum = 0;
        for (double v : row) {
            sum = Math.fma(v, v, sum);
        }
        return Math.sqrt(sum);
    }

    /** The penalty of the coefficients of feature j. */
    public double value(int j, double[] w) {
        if (grouped) {
            return value(j, norm(w));
        }
        double sum = 0;
        for (double v : w) {
            sum += v == 0 ? 0 : value(j, v);
        }
        return sum;
    }

    /** {@link #violation(int, double, double)} of the coefficients of feature j: the largest, or that of the group. */
    public double violation(int j, double[] w, double[] g) {
        double largest = 0;
        if (!grouped) {
            for (int k = 0; k < w.length; k++) {
                largest = Math.max(largest, violation(j, w[k], g[k]));
            }
            return largest;
        }
        double size = norm(w);
        if (size == 0) {
            return Math.max(0, norm(g) - absolute(j));
        }
        double[] slope = new double[w.length];
        for (int k = 0; k < w.length; k++) {
            slope[k] = g[k] + (absolute(j) / size + curvature(j)) * w[k];
        }
        return norm(slope);
    }

    /** The minimum of {@code slope.(v - w) + h/2 |v - w|^2} plus the penalty of a group. */
    public double[] minimizer(int j, double[] w, double[] slope, double h) {
        double[] v = new double[w.length];
        for (int k = 0; k < w.length; k++) {
            v[k] = h * w[k] - slope[k];
        }
        double size = norm(v);
        double kept = size > absolute(j) ? (1 - absolute(j) / size) / (h + curvature(j)) : 0;
        for (int k = 0; k < w.length; k++) {
            v[k] *= kept;
        }
        return v;
    }

    /**
     * Whether all coefficients of feature j are 0, and the penalty holds them there: then {@link #dualScale} is 1 and they add
     * nothing to the gap. Never where a number is NaN.
     */
    public boolean staysAtZero(int j, double[] w, double[] g) {
        double a = absolute(j);
        boolean stays = !grouped || norm(g) <= a;
        for (int k = 0; k < w.length; k++) {
            stays &= w[k] == 0 && (grouped || Math.abs(g[k]) <= a);
        }
        return stays;
    }

    /** {@link #dualScale(int, double)} of a feature. */
    public double dualScale(int j, double[] g) {
        if (grouped) {
            return strength(j) == 0 ? 1 : dualScale(j, norm(g));
        }
        double t = 1;
        for (double slope : g) {
            t = free(j, slope) ? t : Math.min(t, dualScale(j, slope));
        }
        return t;
    }

    /** {@link #fenchelYoung(int, double, double)} summed over a feature's coefficients; 0 of those that are free. */
    public double fenchelYoung(int j, double[] w, double[] g, double t) {
        double sum = 0;
        if (!grouped) {
            for (int k = 0; k < w.length; k++) {
                boolean zero = w[k] == 0 && Math.abs(g[k]) <= absolute(j);
                sum += zero || free(j, g[k]) ? 0 : fenchelYoung(j, w[k], t * g[k]);
            }
            return sum;
        }
        if (strength(j) == 0) {
            return 0;
        }
        double size = norm(g);
        double a = absolute(j);
        double c = curvature(j);
        double kept = c > 0 && size > 0 ? Math.max(0, t * size - a) / (c * size) : 0;
        double[] v = new double[w.length];
        for (int k = 0; k < w.length; k++) {
            v[k] = -kept * g[k];
            sum += (w[k] - v[k]) * (t * g[k] + c / 2 * (w[k] + v[k]));
        }
        return Math.max(0, sum + a * (norm(w) - norm(v)));
    }
}
