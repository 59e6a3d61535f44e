package io.logits.cli;

import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal for work of many steps: how many are done, and the time left. */
final class StepProgress implements AutoCloseable {
    private final @Nullable ProgressBar bar;

    private StepProgress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar where one is wanted; else nothing is shown. */
    static StepProgress of(Logits logits, String task, long steps) {
        return new StepProgress(
                logits.showsProgress() ? Bar.of(logits.console(), task, steps).build() : null);
    }

    /** One more step is done. */
    void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
