package io.logits.inference;

import java.util.Arrays;

/**
 * Linear equations that parameters are held to: {@code A theta = target}, theta the free coordinates.
 *
 * @param rows the rows of A, linearly independent
 * @param target the right-hand sides
 */
record Constraint(double[][] rows, double[] target) {
    /** Coordinates held at 0. */
    static Constraint zero(int[] coordinates, int size) {
        double[][] rows = new double[coordinates.length][size];
        for (int m = 0; m < rows.length; m++) {
            rows[m][coordinates[m]] = 1;
        }
        return new Constraint(rows, new double[rows.length]);
    }

    int count() {
        return target.length;
    }

    /** {@code target - A theta}. */
    double[] missing(double[] theta) {
        double[] missing = target.clone();
        for (int m = 0; m < missing.length; m++) {
            for (int f = 0; f < theta.length; f++) {
                missing[m] -= rows[m][f] * theta[f];
            }
        }
        return missing;
    }

    /**
     * The shift along {@code V A'} that makes up for what is missing: {@code mu} with {@code (A V A') mu = missing}.
     */
    double[] multipliers(Information information, double[] missing) {
        int count = count();
        double[] gram = new double[count * count];
        for (int m = 0; m < count; m++) {
            double[] column = information.times(rows[m]);
            for (int l = 0; l <= m; l++) {
                double sum = 0;
                for (int f = 0; f < column.length; f++) {
                    sum = Math.fma(rows[l][f], column[f], sum);
                }
                gram[m * count + l] = sum;
            }
        }
        return Information.of(gram).times(missing);
    }

    /** {@code A' mu}. */
    double[] combined(double[] mu) {
        double[] sum = new double[rows[0].length];
        for (int m = 0; m < mu.length; m++) {
            for (int f = 0; f < sum.length; f++) {
                sum[f] = Math.fma(mu[m], rows[m][f], sum[f]);
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return Arrays.deepToString(rows) + " theta = " + Arrays.toString(target);
    }
}
