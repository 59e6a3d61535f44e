package io.logits.cli;

/** Seconds since the command began, and since the last lap. */
final class Stopwatch {
    private final long begun = System.nanoTime();
    private long lap = begun;

    /** Seconds since the last lap, or since the beginning. */
    double lap() {
        long now = System.nanoTime();
        double seconds = (now - lap) / 1e9;
        lap = now;
        return seconds;
    }

    /** Seconds since the beginning. */
    double total() {
        return (System.nanoTime() - begun) / 1e9;
    }
}
