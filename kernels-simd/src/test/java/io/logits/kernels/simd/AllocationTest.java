package io.logits.kernels.simd;

import static io.logits.kernels.simd.Allocation.assumeWidest;
import static io.logits.kernels.simd.Allocation.test;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.MatrixKernels;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Once compiled, a call allocates nothing: a vector that the compiler boxes costs a hundred times the arithmetic, and
 * shows here.
 */
class AllocationTest {
    /** Room for the logits of 20 classes: with vectors of 8 numbers a half is left. */
    private static final int STRIDE = 20;

    private final MatrixKernels matrices = new SimdKernels(true).matrices();
    private final FunctionKernels simd = new SimdKernels(true).functions();

    @TestFactory
    @Timeout(600)
    Stream<DynamicTest> compiledCallsAllocateNothing() {
        assumeWidest();
        int n = 1024;
        double[] z = new Random(1).doubles(n, -9, 9).toArray();
        double[] p = new Random(2).doubles(n).toArray();
        float[] f = new float[n];
        for (int i = 0; i < n; i++) {
            f[i] = (float) z[i];
        }
        float[] far = f.clone();
        float[] peaked = f.clone();
        for (int row = 0; row < n; row += 512) {
            far[row + 7] = 100;
            peaked[row + 7] = 25;
        }
        float[] many = new float[4096];
        for (int i = 0; i < many.length; i++) {
            many[i] = f[i % n];
        }
        float[] all = new float[many.length];
        int[] y = new Random(3).ints(n, 0, 2).toArray();
        double[] a = new double[n];
        double[] b = new double[n];
        float[] fa = new float[n];
        float[] fb = new float[n];
        int[] rowStart = {0, n};
        int[] index = new Random(4).ints(n, 0, 50).toArray();
        double[] w = new double[50 * STRIDE];
        double[] row = new double[STRIDE];
        return Stream.of(
                // The sums before the products: vectors of two widths in the first box what the second adds up.
                test("sparse sums", () -> matrices.transposeMultiplyAdd(rowStart, index, f, 0, 1, row, 0, STRIDE, w)),
                test("sparse products", () -> matrices.multiplyAdd(rowStart, index, f, 0, 1, w, STRIDE, row, 0)),
                test("sigmoid", () -> simd.sigmoid(z, 0, n, a, 0)),
                test("softplus", () -> simd.softplus(z, 0, n, a, 0)),
                test("logit", () -> simd.logit(p, 0, n, a, 0)),
                test("logLoss", () -> simd.logLoss(z, 0, y, 0, n, a, b)),
                test("softmax of long rows", () -> simd.softmax(z, 0, 512, 2, 512, a, 0, 512)),
                test("softmax of short rows", () -> simd.softmax(z, 0, 10, 100, 10, a, 0, 10)),
                test("logSoftmax of long rows", () -> simd.logSoftmax(z, 0, 512, 2, 512, a, 0, 512)),
                test("crossEntropy of short rows", () -> simd.crossEntropy(z, 10, y, 0, 100, 10, b, a)),
                test("float sigmoid", () -> simd.sigmoid(f, 0, n, fa, 0)),
                test("float softplus", () -> simd.softplus(f, 0, n, fa, 0)),
                test("float logit", () -> simd.logit(fb, 0, n, fa, 0)),
                test("float logLoss", () -> simd.logLoss(f, 0, y, 0, n, fa, fb)),
                test("float softmax of long rows", () -> simd.softmax(f, 0, 512, 2, 512, fa, 0, 512)),
                test("float logSoftmax of rows in batches", () -> simd.logSoftmax(f, 0, 512, 2, 512, fa, 0, 512)),
                test("float logSoftmax of far rows", () -> simd.logSoftmax(far, 0, 512, 2, 512, fa, 0, 512)),
                test("float logSoftmax of peaked rows", () -> simd.logSoftmax(peaked, 0, 512, 2, 512, fa, 0, 512)),
                test("float logSoftmax of a long row", () -> simd.logSoftmax(many, 0, 4096, 1, 4096, all, 0, 4096)),
                test("float crossEntropy of short rows", () -> simd.crossEntropy(f, 10, y, 0, 100, 10, fb, fa)));
    }
}
