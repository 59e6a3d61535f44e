package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The second derivatives of the mean loss of one logit at a point, {@code X'HX} of those columns that were asked for so far,
 * kept for points further on: there they are taken to be the same but for a factor, by which all rows' curvature has
 * changed in sum, and for what steps have shown. Holds m^2 numbers for m columns, some times as many while columns join it,
 * and 3 m for each step.
 */
final class KeptGram {
    /** More steps are not remembered. */
    private static final int MOST_STEPS = 500;

    private final ColumnMatrix x;
    private final double[] h;
    private final double hSum;
    private final Workers workers;
    /** The row of a column in the matrix, or 0. */
    private final int[] row;

    private int[] columns = new int[0];
    /** The intercept's row is the first. */
    private double[][] matrix;
    /** What changed the matrix, so that columns that join it can be changed alike. */
    private final List<Secant> steps = new ArrayList<>();
    /** That of the last model. */
    private double scale = 1;

    /**
     * Nothing yet.
     *
     * @param cols the number of columns that there are
     * @param h the rows' curvature, by their share of all weight; not copied
     * @param hSum the sum of that
     */
    KeptGram(ColumnMatrix x, int cols, double[] h, double hSum, Workers workers) {
        this.x = x;
        this.h = h;
        this.workers = workers;
        this.hSum = hSum;
        matrix = new double[][] {{hSum}};
        row = new int[cols];
    }

    /** Whether it remembers as many steps as it may. */
    boolean isFull() {
        return steps.size() == MOST_STEPS;
    }

    /** Whether it holds all columns of a set. */
    boolean holds(WorkingSet set) {
        return missing(set).length == 0;
    }

    /** How many columns it would hold after a set was asked for. */
    int sizeWith(WorkingSet set) {
        return columns.length + missing(set).length;
    }

    /** Takes in the columns of a set. */
    void join(WorkingSet set) {
        add(missing(set));
    }

    private int[] missing(WorkingSet set) {
        return Arrays.stream(set.feature()).filter(j -> row[j] == 0).toArray();
    }

    /**
     * The model at a point.
     *
     * @param curvature the sum of the rows' curvature there
     * @param exact whether it is the point that this is of
     */
    GramQuadratic model(WorkingSet set, double curvature, boolean exact, boolean intercept) {
        add(missing(set));
        scale = hSum > 0 ? curvature / hSum : 1;
        int[] at = Arrays.stream(set.feature()).map(j -> row[j]).toArray();
        double[][] gram = new double[at.length][at.length];
        double[] crossed = new double[at.length];
        for (int a = 0; a < at.length; a++) {
            double[] from = matrix[at[a]];
            for (int b = 0; b < at.length; b++) {
                gram[a][b] = scale * from[at[b]];
            }
            crossed[a] = scale * from[0];
        }
        return new GramQuadratic(gram, crossed, scale * matrix[0][0], intercept, exact);
    }

    /**
     * Learns from a step what the second derivatives along it are on the way (Broyden, Fletcher, Goldfarb, Shanno): the next
     * model has them, if at its own scale. Derivatives by columns that are not in the set are taken to have changed as the last
     * model says.
     *
     * @param set that of the last model and maybe more
     * @param step of its coefficients and then the intercept; 0 for the latter where there is none, and beyond the model's set
     * @param change of the derivatives of the mean loss by them
     */
    void learn(WorkingSet set, double[] step, double[] change) {
        double[] s = new double[matrix.length];
        s[0] = step[set.size()];
        for (int e = 0; e < set.size(); e++) {
            if (step[e] != 0) {
                s[row[set.feature()[e]]] = step[e];
            }
        }
        double[] expected = Secant.product(matrix, s);
        double[] seen = expected.clone();
        for (int e = 0; e < set.size(); e++) {
            int a = row[set.feature()[e]];
            seen[a] = a > 0 ? change[e] / scale : seen[a];
        }
        seen[0] = change[set.size()] / scale;
        Secant shown = Secant.of(s, expected, seen);
        if (shown.isSound()) {
            steps.add(shown);
            shown.changeInPlace(matrix, 0);
        }
    }

    private void add(int[] more) {
        if (more.length == 0) {
            return;
        }
        int before = matrix.length;
        columns = Arrays.copyOf(columns, columns.length + more.length);
        System.arraycopy(more, 0, columns, before - 1, more.length);
        double[][] products = x.products(more, columns, h, workers);
        matrix = Arrays.copyOf(matrix, before + more.length);
        for (int a = before; a < matrix.length; a++) {
            int j = columns[a - 1];
            row[j] = a;
            matrix[a] = new double[matrix.length];
            matrix[a][0] = x.dot(j, h);
            System.arraycopy(products[a - before], 0, matrix[a], 1, columns.length);
        }
        // In order: a row takes part in each step as the steps before have left it.
        for (int i = 0; i < steps.size(); i++) {
            Secant joined = steps.get(i).joined(matrix, before);
            joined.changeInPlace(matrix, before);
            steps.set(i, joined);
        }
        for (int a = 0; a < before; a++) {
            matrix[a] = Arrays.copyOf(matrix[a], matrix.length);
            for (int b = before; b < matrix.length; b++) {
                matrix[a][b] = matrix[b][a];
            }
        }
    }
}
