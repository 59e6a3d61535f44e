package io.logits.inference;

/**
 * Linear equations that parameters are held to: {@code A theta = target}, theta the free coordinates.
 *
 * @param rows the rows of A, linearly independent
 * @param target the right-hand sides
 */
record Constraint(double[][] rows, double[] target) {
    private static final double ROUNDING = 1e-12;

    /** No constraint. */
    static Constraint none() {
        return new Constraint(new double[0][], new double[0]);
    }

    /** One equation. */
    static Constraint of(double[] row, double target) {
        return new Constraint(new double[][] {row}, new double[] {target});
    }

    /** Coordinates held at 0. */
    static Constraint zero(int[] coordinates, int size) {
        double[][] rows = new double[coordinates.length][size];
        for (int m = 0; m < rows.length; m++) {
            rows[m][coordinates[m]] = 1;
        }
        return new Constraint(rows, new double[rows.length]);
    }

    /** {@code target - A theta}. */
    double[] missing(double[] theta) {
        double[] missing = target.clone();
        for (int m = 0; m < missing.length; m++) {
            missing[m] -= Vectors.dot(rows[m], theta);
        }
        return missing;
    }

    /** Whether nothing is missing but for rounding. */
    boolean holds(double[] missing) {
        for (int m = 0; m < missing.length; m++) {
            if (!(Math.abs(missing[m]) <= ROUNDING * Math.max(1, Math.abs(target[m])))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Multipliers of the best step d, that with {@code A d = missing}: {@code d = V (g + A' mu)} with
     * {@code A V A' mu = missing - A V g}.
     *
     * @param free {@code V g}, the best step without constraints
     */
    double[] multipliers(Information information, double[] missing, double[] free) {
        int count = target.length;
        double[] lacking = new double[count];
        double[] gram = new double[count * count];
        for (int m = 0; m < count; m++) {
            lacking[m] = missing[m] - Vectors.dot(rows[m], free);
            double[] column = information.times(rows[m]);
            for (int l = 0; l <= m; l++) {
                gram[m * count + l] = Vectors.dot(rows[l], column);
            }
        }
        return count == 0 ? lacking : Information.of(gram).times(lacking);
    }

    /** {@code g + A' mu}. */
    double[] shifted(double[] g, double[] mu) {
        double[] sum = g;
        for (int m = 0; m < mu.length; m++) {
            sum = Vectors.plus(sum, mu[m], rows[m]);
        }
        return sum;
    }
}
