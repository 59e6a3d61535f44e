package io.logits.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** How progress bars look. */
final class Bar {
    private static final int UPDATE_MILLISECONDS = 200;

    private Bar() {}

    /** A bar of so many steps, with the time left. */
    static ProgressBarBuilder of(Console console, String task, long steps) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setUpdateIntervalMillis(UPDATE_MILLISECONDS)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setConsumer(new OneLine(console.err(), console.columns()));
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
