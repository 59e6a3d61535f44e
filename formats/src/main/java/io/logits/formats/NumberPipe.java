package io.logits.formats;

import io.logits.data.InputException;
import io.logits.kernels.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link NumberText}: workers take turns at reading blocks of lines, transform them at the same time, and
 * write them in the order of the text. What is in memory at a time is a block, and its text, a worker.
 */
final class NumberPipe {
    /** Bytes of a block: short enough to stay in the cache with what becomes of it. */
    private static final int BLOCK = 1 << 18;

    private final String name;
    private final LineBlocks blocks;
    private final OutputStream out;

    private boolean allRead;
    private @Nullable Exception unreadable;
    /** The block that is written next: those before it are written. */
    private int turn;

    private long lines;
    private boolean broken;
    private @Nullable Exception failure;

    NumberPipe(InputStream in, String name, OutputStream out) {
        this.name = name;
        this.out = out;
        blocks = new LineBlocks(in, BLOCK);
    }

    /** Runs it; how many rows there were. */
    long run(NumberText text, Supplier<NumberText.Transform> transforms) throws IOException {
        try (Workers workers = Workers.of(text.threads())) {
            workers.run(text.threads(), worker -> {
                boolean ended = false;
                try {
                    work(new NumberRowsParser(text.shape(), text.precision()), transforms.get());
                    ended = true;
                } finally {
                    if (!ended) {
                        abandon();
                    }
                }
            });
        }
        throwFailure();
        return lines;
    }

    private void work(NumberRowsParser parser, NumberText.Transform transform) {
        LineBlocks.Block block = new LineBlocks.Block();
        while (read(block)) {
            byte[] written = new byte[0];
            LineFault fault = null;
            try {
                written = transform.apply(parser.parse(block));
            } catch (LineFault e) {
                fault = e;
            }
            if (!end(block.number, written, parser.lines(), fault)) {
                return;
            }
        }
    }

    /** Reads the next block; false if there is none. What cannot be read fails when all that was read is written. */
    private boolean read(LineBlocks.Block block) {
        synchronized (blocks) {
            try {
                allRead = allRead || !blocks.next(block);
            } catch (IOException | IllegalArgumentException e) {
                allRead = true;
                unreadable = e;
            }
            return !allRead;
        }
    }

    /** Writes a block's text when its turn has come, or takes note of its fault; false if there is no more to do. */
    private synchronized boolean end(int number, byte[] written, int blockLines, @Nullable LineFault fault) {
        try {
            while (turn < number && !broken) {
                wait();
            }
            if (!broken && fault != null) {
                failure = fault.in(name, lines);
            } else if (!broken) {
                out.write(written);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new InterruptedIOException("interrupted");
        }
        broken |= failure != null;
        turn++;
        lines += blockLines;
        notifyAll();
        return !broken;
    }

    /** Lets the other workers end: this one's blocks will not come. */
    private synchronized void abandon() {
        broken = true;
        notifyAll();
    }

    private void throwFailure() throws IOException {
        Exception thrown = failure == null ? unreadable : failure;
        if (thrown instanceof LineBlocks.LineTooLongException) {
            throw InputException.at(name, lines + 1, 0, String.valueOf(thrown.getMessage()));
        }
        if (thrown instanceof IllegalArgumentException input) {
            throw input;
        }
        if (thrown != null) {
            throw (IOException) thrown;
        }
    }
}
