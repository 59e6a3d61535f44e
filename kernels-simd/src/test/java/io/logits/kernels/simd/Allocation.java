package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.VectorShape;
import org.junit.jupiter.api.DynamicTest;

/** What a call allocates once it is compiled. */
final class Allocation {
    /** A box is 48 bytes and more, of which a call would make one for each vector: 64 and more in these. */
    private static final long A_FEW_BOXES = 1000;

    /** How long the compiler gets: seconds on a quiet machine, more on a busy one. */
    private static final long SECONDS = 60;

    private Allocation() {}

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

    static void assumeWidest() {
        assumeTrue(
                Lanes.BITS == VectorShape.preferredShape().vectorBitSize(),
                "the widest vectors of this processor stand for the narrower ones; wider ones are not compiled");
    }

    /** That the call comes to allocate nothing. */
    static DynamicTest test(String name, Runnable call) {
        return DynamicTest.dynamicTest(name, () -> settles(call));
    }
}
