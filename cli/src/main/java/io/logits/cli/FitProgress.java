package io.logits.cli;

import io.logits.solver.Progress;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal: how many of the digits between the first gap and the tolerance are won, passes, gap and time. */
final class FitProgress implements Consumer<Progress>, AutoCloseable {
    private static final int STEPS = 100;

    private final @Nullable ProgressBar bar;
    private final double tolerance;
    private double first = Double.NaN;

    private FitProgress(@Nullable ProgressBar bar, double tolerance) {
        this.bar = bar;
        this.tolerance = tolerance;
    }

    /** A bar where one is wanted; else nothing is shown. */
    static FitProgress of(Logits logits, double tolerance) {
        return new FitProgress(
                logits.showsProgress()
                        ? Bar.of(logits.console(), "fit", STEPS).hideEta().build()
                        : null,
                tolerance);
    }

    @Override
    public void accept(Progress progress) {
        if (bar == null) {
            return;
        }
        double measure = progress.measure();
        if (Double.isNaN(first) && measure < 1) {
            first = measure;
        }
        // Gaps shrink by factors: digits measure the way.
        double share = Math.log(first / measure) / Math.log(first / tolerance);
        bar.stepTo(Double.isNaN(share) ? 0 : Math.round(STEPS * Math.max(0, Math.min(1, share))));
        bar.setExtraMessage(String.format(Locale.ROOT, "%d passes, gap %.1e", progress.passes(), measure));
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
