package io.logits.kernels;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of named daemon threads that run numbered tasks. Which thread runs which task is left to chance, so
 * tasks must write to places of their own; what they wrote is visible to the caller when {@link #run} returns.
 */
public final class Workers implements AutoCloseable {
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final int threads;
    private final @Nullable ExecutorService pool;

    private Workers(int threads) {
        this.threads = threads;
        if (threads == 1) {
            pool = null;
        } else {
            String prefix = "logits-" + POOLS.incrementAndGet() + "-";
            AtomicInteger count = new AtomicInteger();
            pool = Executors.newFixedThreadPool(threads - 1, task -> {
                Thread thread = new Thread(task, prefix + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    /**
     * Workers of which {@code threads - 1} are threads of their own; the caller's thread is the last one.
     *
     * @param threads at least 1
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public static Workers of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", at least 1 is needed");
        }
        return new Workers(threads);
    }

    /** How many tasks run at once, the caller's thread counted. */
    public int threads() {
        return threads;
    }

    /**
     * Runs {@code task} for 0, 1, ..., {@code tasks - 1} and returns when all have ended. If tasks throw, the first
     * failure seen is thrown here once all threads have stopped, and tasks not yet begun are left out. A task must not run others
     * by the same workers: it would wait for itself.
     */
    public void run(int tasks, IntConsumer task) {
        ExecutorService executor = pool;
        if (executor == null || tasks <= 1) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Phaser done = new Phaser(1);
        Runnable loop = () -> {
            try {
                for (int i = next.getAndIncrement(); i < tasks && failure.get() == null; i = next.getAndIncrement()) {
                    task.accept(i);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                done.arriveAndDeregister();
            }
        };
        int helpers = Math.min(threads, tasks) - 1;
        done.bulkRegister(helpers);
        for (int i = 0; i < helpers; i++) {
            executor.execute(loop);
        }
        done.register();
        loop.run();
        done.arriveAndAwaitAdvance();
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Some of many things: those from {@code from} to before {@code to}. */
    @FunctionalInterface
    public interface RangeTask {
        /** Does them. */
        void accept(int from, int to);
    }

    /** {@link #run} of a task for each {@code size} of {@code count} things, in ranges that begin at multiples of the size. */
    public void runRanges(int count, int size, RangeTask task) {
        run((count + size - 1) / size, range -> task.accept(range * size, Math.min(count, (range + 1) * size)));
    }

    /** A sum over some of many things. */
    @FunctionalInterface
    public interface RangeSum {
        /** The sum over those from {@code from} to before {@code to}. */
        double of(int from, int to);
    }

    /** Adds up a sum for each range of {@link #runRanges}, in the order of the ranges, whatever the threads. */
    public double sumRanges(int count, int size, RangeSum sum) {
        double[] parts = new double[(count + size - 1) / size];
        runRanges(count, size, (from, to) -> parts[from / size] = sum.of(from, to));
        return Arrays.stream(parts).sum();
    }

    /** Lets the threads end; tasks under way finish. */
    @Override
    public void close() {
        if (pool != null) {
            pool.shutdown();
        }
    }
}
