package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.logits.kernels.FunctionKernels;
import io.logits.kernels.SelectionKernels;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.stream.Stream;
import jdk.incubator.vector.VectorShape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Once compiled, a call allocates nothing: a vector that the compiler boxes costs a hundred times the arithmetic, and
 * shows here.
 */
class AllocationTest {
    /** A box is 48 bytes and more, of which a call would make one for each vector: 64 and more in these. */
    private static final long A_FEW_BOXES = 1000;

    /** How long the compiler gets: seconds on a quiet machine, more on a busy one. */
    private static final long SECONDS = 60;

    private final FunctionKernels simd = new SimdKernels(true).functions();
    private final SelectionKernels selection = new SimdKernels(true).selection();

    private static long allocated(Runnable call, int calls) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / calls;
    }

    private static void settles(Runnable call) {
        long deadline = System.nanoTime() + SECONDS * 1_000_000_000;
        long bytes = Long.MAX_VALUE;
        while (bytes >= A_FEW_BOXES && System.nanoTime() < deadline) {
            bytes = allocated(call, 50);
        }
        assertThat(bytes).as("bytes a call").isLessThan(A_FEW_BOXES);
    }

    private static void assumeWidest() {
        assumeTrue(
                Lanes.BITS == VectorShape.preferredShape().vectorBitSize(),
                "the widest vectors of this processor stand for the narrower ones; wider ones are not compiled");
    }

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
        int[] y = new Random(3).ints(n, 0, 2).toArray();
        double[] a = new double[n];
        double[] b = new double[n];
        float[] fa = new float[n];
        float[] fb = new float[n];
        return Stream.of(
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
                test("float softmax of short rows", () -> simd.softmax(f, 0, 10, 100, 10, fa, 0, 10)),
                test("float logSoftmax of long rows", () -> simd.logSoftmax(f, 0, 512, 2, 512, fa, 0, 512)),
                test("float crossEntropy of short rows", () -> simd.crossEntropy(f, 10, y, 0, 100, 10, fb, fa)));
    }

    @TestFactory
    @Timeout(600)
    Stream<DynamicTest> compiledPassesOverARowAllocateNothing() {
        assumeWidest();
        int n = 8192;
        float[] row = new float[n];
        for (int i = 0; i < n; i++) {
            row[i] = i * 37 % 180 / 10f - 9;
        }
        double[] sums = new double[n];
        double[] others = new double[n];
        float[] maxima = new float[n];
        int[] ids = new int[n + 1];
        float[] values = new float[n + 1];
        float least = -9;
        double scale = SelectionKernels.LOG2_E;
        return Stream.of(
                test("block maxima", () -> selection.blockMaxima(row, 0, n, maxima, 0)),
                test("block sums", () -> selection.blockSums(row, 0, n, least, 9, scale, sums, 0)),
                test("coarse sums", () -> selection.coarseSums(row, 0, n, maxima, 0, least, 9, scale, sums, 0)),
                test(
                        "block sums above",
                        () -> selection.blockSumsAbove(row, 0, n, least, 9, scale, 3, sums, others, 0)),
                test("block moments", () -> selection.blockMoments(row, 0, n, 9, scale, sums, others, 0)),
                test("weights", () -> selection.weights(row, 0, n, 9, scale, sums, 0)),
                test("collected", () -> selection.collect(row, 0, n, 3, 9, 0, ids, values, 0)));
    }

    private static DynamicTest test(String name, Runnable call) {
        return DynamicTest.dynamicTest(name, () -> settles(call));
    }
}
