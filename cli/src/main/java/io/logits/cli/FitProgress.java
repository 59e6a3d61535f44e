package io.logits.cli;

import io.logits.solver.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal: how many of the digits between the first gap and the tolerance are won, passes, gap and time. */
final class FitProgress implements Consumer<Progress>, AutoCloseable {
    private static final int STEPS = 100;
    private static final int UPDATE_MILLISECONDS = 200;

    private final @Nullable ProgressBar bar;
    private final double tolerance;
    private double first = Double.NaN;

    private FitProgress(@Nullable ProgressBar bar, double tolerance) {
        this.bar = bar;
        this.tolerance = tolerance;
    }

    /** A bar where one is wanted; else nothing is shown. */
    static FitProgress of(Logits logits, double tolerance) {
        return new FitProgress(logits.showsProgress() ? bar(logits.console()) : null, tolerance);
    }

    private static ProgressBar bar(Console console) {
        return new ProgressBarBuilder()
                .setTaskName("fit")
                .setInitialMax(STEPS)
                .setUpdateIntervalMillis(UPDATE_MILLISECONDS)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .hideEta()
                .setConsumer(new OneLine(console.err(), console.columns()))
                .build();
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

    /** Draws over one line, and leaves it empty at the end: what comes after is the result. */
    private record OneLine(PrintStream out, int columns) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return columns - 1;
        }

        @Override
        public void accept(String rendered) {
            out.print("\r" + rendered);
            out.flush();
        }

        @Override
        public void clear() {
            out.print("\r" + " ".repeat(columns - 1) + "\r");
            out.flush();
        }

        @Override
        public void close() {
            clear();
        }
    }
}
