package io.logits.kernels.simd;

import static io.logits.kernels.simd.Allocation.assumeWidest;
import static io.logits.kernels.simd.Allocation.test;

import io.logits.kernels.SelectionKernels;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Compiled passes over a row of logits allocate nothing. */
class SelectionAllocationTest {
    private final SelectionKernels selection = new SimdKernels(true).selection();

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
        int[] ids = new int[n + SelectionKernels.ROOM];
        float[] values = new float[n + SelectionKernels.ROOM];
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
                test("mass from a bound", () -> selection.massFrom(row, others, n, 3, sums, 0)),
                test("collected within bounds", () -> selection.collect(row, 0, n, -3, 3, 0, ids, values, 0)),
                test("collected", () -> selection.collect(row, 0, n, 3, Float.POSITIVE_INFINITY, 0, ids, values, 0)));
    }
}
