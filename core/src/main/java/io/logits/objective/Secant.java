package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import java.util.Arrays;

/**
 * What a step s has shown of second derivatives (Broyden, Fletcher, Goldfarb, Shanno): the matrix times s, and what stands in place
 * of that, by rows of the matrix; and their products with s. Arrays are not copied, and never change.
 */
record Secant(double[] step, double[] expected, double[] seen, double expectedCurvature, double seenCurvature) {
    /** A secant of less curvature than this share of the matrix's is taken for rounding. */
    private static final double LEAST_CURVATURE = 1e-3;

    private static final MatrixKernels KERNELS = Kernels.best().matrices();

    /** That of a step and what is seen along it in place of {@code expected}. */
    static Secant of(double[] step, double[] expected, double[] seen) {
        return new Secant(
                step, expected, seen, KERNELS.dot(expected, step, step.length), KERNELS.dot(seen, step, step.length));
    }

    /** A matrix of rows times a vector. */
    static double[] product(double[][] matrix, double[] v) {
        double[] out = new double[v.length];
        Arrays.setAll(out, a -> KERNELS.dot(matrix[a], v, v.length));
        return out;
    }

    /** Whether the matrix stays positive definite, and not by a trace. */
    boolean isSound() {
        return seenCurvature > LEAST_CURVATURE * expectedCurvature && expectedCurvature > 0;
    }

    /**
     * The same where the rows of the matrix from {@code first} on had been there, in which the step has nothing and shows
     * nothing: else a column much like one of the others would curve along it as nothing can.
     */
    Secant joined(double[][] matrix, int first) {
        int size = matrix.length;
        double[] longer = Arrays.copyOf(step, size);
        double[] product = Arrays.copyOf(expected, size);
        double[] shown = Arrays.copyOf(seen, size);
        for (int a = first; a < size; a++) {
            product[a] = KERNELS.dot(matrix[a], longer, size);
            shown[a] = product[a];
        }
        return new Secant(longer, product, shown, expectedCurvature, seenCurvature);
    }

    /** Changes the rows of the matrix from {@code first} on. */
    void changeInPlace(double[][] matrix, int first) {
        for (int a = first; a < matrix.length; a++) {
            KERNELS.axpy(seen[a] / seenCurvature, seen, matrix[a], matrix.length);
            KERNELS.axpy(-expected[a] / expectedCurvature, expected, matrix[a], matrix.length);
        }
    }
}
