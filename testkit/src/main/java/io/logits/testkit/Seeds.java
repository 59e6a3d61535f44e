package io.logits.testkit;

import java.util.SplittableRandom;

/**
 * Random input that can be had again: each test draws a fresh seed, which is printed, and {@code -Dlogits.seed=N}
 * replays it.
 */
public final class Seeds {
    /** The property that fixes the seed. */
    public static final String PROPERTY = "logits.seed";

    private Seeds() {}

    /**
     * A generator for one test.
     *
     * @param test the test's name, which is printed beside the seed
     */
    public static SplittableRandom random(String test) {
        long seed = Long.getLong(PROPERTY, System.nanoTime() & 0x7fffffff);
        System.out.println(test + ": -D" + PROPERTY + "=" + seed);
        return new SplittableRandom(seed);
    }
}
