package io.logits.objective;

/**
 * The part of the duality gap that unpenalised intercepts leave. A dual point needs classes whose mean probabilities
 * are their shares of the rows, exactly; {@code P} has them up to the derivatives r by the intercepts. So mass is moved:
 * each class k with {@code r_k > 0} gives {@code theta_k = r_k / (share_k + r_k)} of its probability in every row to the
 * classes with {@code r_l < 0}, in proportion to these. That is feasible, and of the gap at {@code P - Y} four things
 * change: {@code b.r} comes back, the conjugate of the penalty is taken at the moved G, offsets count with at most their
 * spread, and the mean entropy falls by at most {@code sum theta_k (1/e - log(1 - theta_k))}, because entropy is concave
 * and {@code p log(1/p) <= 1/e}. The last holds as well of {@code (1-t) Y + t P}, which gives up less.
 */
final class InterceptDual {
    private static final double MOST_ENTROPY = 1 / Math.E;

    private final CoefLayout layout;
    private final double[] classSums;
    private final double[] firstSums;
    private final double offsetSpread;

    /**
     * The dual correction of an objective.
     *
     * @param classSums {@code sum_i s_i [y_i = k] (x_i,1) / S} for the logits k, laid out as coefficients
     * @param firstSums the same of the first class where two classes have one logit, else empty
     * @param offsetSpread the largest difference between the offsets of a row
     */
    InterceptDual(CoefLayout layout, double[] classSums, double[] firstSums, double offsetSpread) {
        this.layout = layout;
        this.classSums = classSums;
        this.firstSums = firstSums;
        this.offsetSpread = offsetSpread;
    }

    /** {@code sum_i s_i x_i / S}: the weighted mean of each column. */
    double[] columnMeans() {
        double[] means = new double[layout.features()];
        for (int j = 0; j < means.length; j++) {
            for (int k = 0; k < layout.logits(); k++) {
                int c = layout.index(j, k);
                means[j] += classSums[c] + (firstSums.length == 0 ? 0 : firstSums[c]);
            }
        }
        return means;
    }

    /** The move that a gradient asks for; only its entries of the intercepts are looked at. */
    Move move(double[] gradient) {
        return new Move(gradient);
    }

    /** About what {@link Move#price} is where the derivative by the intercept of logit k is a small r and no other. */
    double price(int k, double r) {
        int at = layout.interceptStart();
        double least = layout.logits() == 1 ? Math.min(classSums[at], firstSums[at]) : classSums[at + k];
        return Math.abs(r) * ((MOST_ENTROPY + 1) / least + offsetSpread);
    }

    /** Mass moved between the classes until the derivatives by the intercepts vanish. */
    final class Move {
        private final double[] r;
        /** The share of its own mass that each logit's class gives; with one logit, that either of the classes gives. */
        private final double[] theta;
        /** The share of what is given that each logit's class receives. */
        private final double[] received;

        private final double moved;

        private Move(double[] gradient) {
            int at = layout.interceptStart();
            r = new double[layout.logits()];
            theta = new double[layout.logits()];
            double sum = 0;
            for (int k = 0; k < r.length; k++) {
                r[k] = gradient[at + k];
                sum += Math.abs(r[k]);
                if (r[k] > 0) {
                    theta[k] = r[k] / (classSums[at + k] + r[k]);
                } else if (r.length == 1 && r[k] < 0) {
                    theta[k] = -r[k] / (firstSums[at] - r[k]);
                }
            }
            moved = sum;
            received = new double[r.length];
            for (int k = 0; k < r.length && moved > 0; k++) {
                received[k] = Math.max(0, -r[k]) / (moved / 2);
            }
        }

        /** Whether nothing moves. */
        boolean isNone() {
            return moved == 0;
        }

        /** What entropy and offsets lose, at most. */
        double price() {
            double lost = 0;
            for (double share : theta) {
                lost += share * (MOST_ENTROPY - Math.log1p(-share));
            }
            return lost + offsetSpread * moved;
        }

        /**
         * At least what {@link #steps} changes, of one logit, by the root of the weighted mean square of the column: a
         * residual is at most 1, and so is a class's share of the rows.
         */
        double mostStep(double norm) {
            return 2 * theta[0] * norm;
        }

        /**
         * By how much the gradient of the loss by feature j changes.
         *
         * @param g its gradient, one entry for each logit
         * @param out receives as many
         */
        void steps(int j, double[] g, double[] out) {
            double given = given(j, g);
            for (int k = 0; k < r.length; k++) {
                out[k] = step(j, k, g[k], given);
            }
        }

        /** Makes the change of {@link #steps}. */
        void apply(int j, double[] g) {
            double given = given(j, g);
            for (int k = 0; k < r.length; k++) {
                g[k] += step(j, k, g[k], given);
            }
        }

        /** What the classes that give have of feature j's gradient, in sum; with one logit it is not asked for. */
        private double given(int j, double[] g) {
            if (r.length == 1) {
                return 0;
            }
            double given = 0;
            for (int k = 0; k < r.length; k++) {
                given += theta[k] * (classSums[layout.index(j, k)] + g[k]);
            }
            return given;
        }

        private double step(int j, int k, double g, double given) {
            int c = layout.index(j, k);
            if (r.length == 1) {
                return r[0] > 0 ? -theta[0] * (classSums[c] + g) : theta[0] * (firstSums[c] - g);
            }
            return received[k] * given - theta[k] * (classSums[c] + g);
        }
    }
}
