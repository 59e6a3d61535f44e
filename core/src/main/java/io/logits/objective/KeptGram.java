package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.ScaledColumns;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The second derivatives of the mean loss at a point by those coefficients that were asked for so far, and the intercepts,
 * kept for points further on: there they are taken to be the same but for a factor, by which all rows' curvature has
 * changed in sum, and for what steps have shown. Holds m^2 numbers for m coefficients, some times as many while others join it,
 * 3 m for each step, and the rows' curvature.
 */
final class KeptGram {
    /** More coefficients are too many for a matrix. */
    static final int MOST = 2000;

    private static final MatrixKernels KERNELS = Kernels.best().matrices();
    /** Factors of single logits are within this of that of all. */
    private static final double MOST_APART = 2;
    /** More steps are not remembered. */
    private static final int MOST_STEPS = 500;

    private final ColumnMatrix x;
    private final CoefLayout layout;
    private final RowCurvature h;
    private final Workers workers;
    /** The row of a coefficient in the matrix, by its place in a point, or 0. */
    private final int[] row;
    /** The rows of the matrix, those of the intercepts first. */
    private RowCurvature.Coefficients members = new RowCurvature.Coefficients(new int[0], new int[0]);

    private double[][] matrix = new double[0][];
    /** What changed the matrix, so that coefficients that join it can be changed alike. */
    private final List<Secant> steps = new ArrayList<>();

    /** For each logit the sum of the rows' curvature along it. */
    private final double[] curvature;
    /** That of the last model. */
    private double scale = 1;

    /**
     * That of the intercepts alone.
     *
     * @param curvature the sums of {@code h}
     */
    KeptGram(ColumnMatrix x, CoefLayout layout, RowCurvature h, double[] curvature, Workers workers) {
        this.x = x;
        this.layout = layout;
        this.h = h;
        this.workers = workers;
        this.curvature = curvature;
        row = new int[layout.size()];
        int[] ones = new int[layout.logits()];
        Arrays.fill(ones, ScaledColumns.ONES);
        extend(ones, IntStream.range(0, ones.length).toArray());
    }

    /** Whether it remembers as many steps as it may. */
    boolean isFull() {
        return steps.size() == MOST_STEPS;
    }

    /**
     * Whether the rows' curvature along some logit has changed by far more or less than that along all: where it makes next to
     * nothing of the sum, the model's factor would not be its own.
     *
     * @param now for each logit the sum of it
     */
    boolean isWorn(double[] now) {
        double all = factor(now);
        return IntStream.range(0, now.length).anyMatch(k -> {
            double own = now[k] / curvature[k] / all;
            return !(own < MOST_APART && own > 1 / MOST_APART);
        });
    }

    private double factor(double[] now) {
        double before = Arrays.stream(curvature).sum();
        return before > 0 ? Arrays.stream(now).sum() / before : 1;
    }

    /** Whether it holds all of a set. */
    boolean holds(WorkingSet set) {
        return missing(set) == 0;
    }

    /** How many coefficients it would hold after a set was asked for. */
    int sizeWith(WorkingSet set) {
        return matrix.length - layout.logits() + missing(set);
    }

    private int missing(WorkingSet set) {
        return (int) Arrays.stream(set.position()).filter(c -> row[c] == 0).count();
    }

    /**
     * The model at a point.
     *
     * @param now for each logit the sum of the rows' curvature along it there
     * @param exact whether it is the point that this is of
     * @param newton whether the model is Newton's own, so that moves of all classes of a feature alike, which the loss does not
     *     see, have no curvature
     */
    GramQuadratic model(WorkingSet set, double[] now, boolean exact, boolean newton) {
        join(set);
        scale = factor(now);
        int[] at = Arrays.stream(set.position()).map(c -> row[c]).toArray();
        int[] intercepts =
                IntStream.range(0, layout.intercept() ? layout.logits() : 0).toArray();
        double[][] gram = GramQuadratic.part(matrix, scale, at, at);
        double[][] cross = GramQuadratic.part(matrix, scale, intercepts, at);
        double[][] corner = GramQuadratic.part(matrix, scale, intercepts, intercepts);
        if (newton) {
            forgetMovesAlike(set, gram, cross);
        }
        return new GramQuadratic(gram, cross, corner, exact);
    }

    /** Takes out what steps, of which some classes of a feature did not know, have left of curvature along all of them alike. */
    private static void forgetMovesAlike(WorkingSet set, double[][] gram, double[][] cross) {
        for (int[] classes : set.completeFeatures()) {
            Arrays.stream(gram).forEach(row -> centre(row, classes));
            Arrays.stream(cross).forEach(row -> centre(row, classes));
            double[] mean = new double[gram.length];
            for (int e : classes) {
                KERNELS.axpy(1.0 / classes.length, gram[e], mean, mean.length);
            }
            for (int e : classes) {
                KERNELS.axpy(-1, mean, gram[e], mean.length);
            }
        }
    }

    private static void centre(double[] row, int[] classes) {
        double mean = 0;
        for (int e : classes) {
            mean += row[e] / classes.length;
        }
        for (int e : classes) {
            row[e] -= mean;
        }
    }

    /**
     * Learns from a step what the second derivatives along it are on the way (Broyden, Fletcher, Goldfarb, Shanno): the next
     * model has them, if at its own scale. Derivatives by coefficients that are not in the set are taken to have changed as the
     * last model says.
     *
     * @param set that of the last model and maybe more
     * @param step of its coefficients and then the intercepts; 0 for the latter where there are none, and beyond the model's set
     * @param change of the derivatives of the mean loss by them
     */
    void learn(WorkingSet set, double[] step, double[] change) {
        double[] s = new double[matrix.length];
        for (int k = 0; k < set.logits(); k++) {
            s[k] = step[set.size() + k];
        }
        for (int e = 0; e < set.size(); e++) {
            int a = row[set.position()[e]];
            if (a > 0) {
                s[a] = step[e];
            }
        }
        double[] expected = Secant.product(matrix, s);
        double[] seen = expected.clone();
        for (int k = 0; k < set.logits(); k++) {
            seen[k] = change[set.size() + k] / scale;
        }
        for (int e = 0; e < set.size(); e++) {
            int a = row[set.position()[e]];
            if (a > 0) {
                seen[a] = change[e] / scale;
            }
        }
        Secant shown = Secant.of(s, expected, seen);
        if (shown.isSound()) {
            steps.add(shown);
            shown.changeInPlace(matrix, 0);
        }
    }

    /** Takes in the coefficients of a set. */
    void join(WorkingSet set) {
        int[] feature = new int[missing(set)];
        int[] logit = new int[feature.length];
        int count = 0;
        for (int k = 0; k < set.logits(); k++) {
            for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                if (row[set.position()[e]] == 0) {
                    row[set.position()[e]] = matrix.length + count;
                    feature[count] = set.feature()[e];
                    logit[count++] = k;
                }
            }
        }
        if (count > 0) {
            extend(feature, logit);
        }
    }

    private void extend(int[] feature, int[] logit) {
        int before = matrix.length;
        int size = before + feature.length;
        RowCurvature.Coefficients old = members;
        RowCurvature.Coefficients fresh = new RowCurvature.Coefficients(feature, logit);
        members = old.with(fresh);
        matrix = Arrays.copyOf(matrix, size);
        double[][] crossed = h.products(x, fresh, old, workers);
        double[][] among = h.gram(x, fresh, workers);
        for (int a = before; a < size; a++) {
            matrix[a] = Arrays.copyOf(crossed[a - before], size);
            System.arraycopy(among[a - before], 0, matrix[a], before, a - before + 1);
            for (int b = before; b < a; b++) {
                matrix[b][a] = matrix[a][b];
            }
        }
        // In order: a row takes part in each step as the steps before have left it.
        for (int i = 0; i < steps.size(); i++) {
            Secant joined = steps.get(i).joined(matrix, before);
            joined.changeInPlace(matrix, before);
            steps.set(i, joined);
        }
        for (int a = 0; a < before; a++) {
            matrix[a] = Arrays.copyOf(matrix[a], size);
            for (int b = before; b < size; b++) {
                matrix[a][b] = matrix[b][a];
            }
        }
    }
}
