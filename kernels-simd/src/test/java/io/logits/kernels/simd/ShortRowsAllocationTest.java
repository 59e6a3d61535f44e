package io.logits.kernels.simd;

import static io.logits.kernels.simd.Allocation.assumeWidest;
import static io.logits.kernels.simd.Allocation.test;

import io.logits.kernels.FunctionKernels;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Compiled softmax and log-softmax of rows of few float32 classes, near zero and far from it, allocate nothing. */
class ShortRowsAllocationTest {
    private static final int ENTRIES = 4096;

    private final FunctionKernels simd = new SimdKernels(true).functions();
    private final float[] out = new float[ENTRIES];

    @TestFactory
    @Timeout(600)
    Stream<DynamicTest> compiledRowsAllocateNothing() {
        assumeWidest();
        float[] near = logits(3);
        float[] far = logits(30);
        return IntStream.of(10, 3, 32, 100).boxed().flatMap(cols -> {
            int rows = ENTRIES / cols;
            return Stream.of(
                    test("softmax, " + cols, () -> simd.softmax(near, 0, cols, rows, cols, out, 0, cols)),
                    test("logSoftmax, " + cols, () -> simd.logSoftmax(near, 0, cols, rows, cols, out, 0, cols)),
                    test("softmax, far, " + cols, () -> simd.softmax(far, 0, cols, rows, cols, out, 0, cols)),
                    test("logSoftmax, far, " + cols, () -> simd.logSoftmax(far, 0, cols, rows, cols, out, 0, cols)));
        });
    }

    private static float[] logits(double deviation) {
        Random random = new Random(1);
        float[] z = new float[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            z[i] = (float) (deviation * random.nextGaussian());
        }
        return z;
    }
}
