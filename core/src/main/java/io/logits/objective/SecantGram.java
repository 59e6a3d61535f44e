package io.logits.objective;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The second derivatives of the mean loss of one logit by all coefficients and the intercept: those at a point, and what
 * steps from there have shown since. At other points they are taken to be the same but for a factor, by which the rows'
 * curvature has changed in the mean. It never changes. Holds m^2 numbers for m coefficients.
 */
public final class SecantGram {
    /** Rows in the order of a point, the intercept's the last. */
    private final double[][] matrix;
    /** The mean curvature at which the matrix holds. */
    private final double curvature;

    private final boolean intercept;

    private SecantGram(double[][] matrix, double curvature, boolean intercept) {
        this.matrix = matrix;
        this.curvature = curvature;
        this.intercept = intercept;
    }

    /** Of a matrix's lower triangle, in the order of a point, and the mean curvature of the rows there. */
    static SecantGram of(double[] h, double curvature, CoefLayout layout) {
        double[][] matrix = new double[layout.rows()][layout.rows()];
        for (int a = 0; a < matrix.length; a++) {
            for (int b = 0; b <= a; b++) {
                matrix[a][b] = h[a * matrix.length + b];
                matrix[b][a] = matrix[a][b];
            }
        }
        return new SecantGram(matrix, curvature, layout.intercept());
    }

    /** The model at a point. */
    public GramQuadratic model(JointObjective.Point at) {
        double scale = scale(at);
        int features = matrix.length - (intercept ? 1 : 0);
        int[] coefficients = IntStream.range(0, features).toArray();
        int[] intercepts = IntStream.range(features, matrix.length).toArray();
        return new GramQuadratic(
                GramQuadratic.part(matrix, scale, coefficients, coefficients),
                GramQuadratic.part(matrix, scale, intercepts, coefficients),
                GramQuadratic.part(matrix, scale, intercepts, intercepts),
                false);
    }

    private double scale(JointObjective.Point at) {
        return curvature > 0 ? at.curvature() / curvature : 1;
    }

    /** These with what the step from one point, whose model led there, to another has shown. */
    public SecantGram after(JointObjective.Point from, JointObjective.Point to) {
        double scale = scale(from);
        double[] step = new double[matrix.length];
        double[] seen = new double[matrix.length];
        for (int c = 0; c < matrix.length; c++) {
            step[c] = to.w()[c] - from.w()[c];
            seen[c] = (to.gradient()[c] - from.gradient()[c]) / scale;
        }
        Secant shown = Secant.of(step, Secant.product(matrix, step), seen);
        if (!shown.isSound()) {
            return this;
        }
        double[][] changed = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        shown.changeInPlace(changed, 0);
        return new SecantGram(changed, curvature, intercept);
    }
}
