package io.logits.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The lines of a stream in blocks: as many as have come, so that whoever writes a line and waits for its answer gets
 * it, and not more than fit in some megabytes.
 */
final class WaitingLines {
    private static final int MOST_LINES = 1024;
    private static final int MOST_BYTES = 16 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;
    private int end;

    WaitingLines(InputStream in) {
        this.in = in;
    }

    /** Replaces what is in {@code block} by the next lines, without their ends; false if there are none. */
    boolean next(List<byte[]> block) throws IOException {
        block.clear();
        long bytes = 0;
        while (block.size() < MOST_LINES && bytes < MOST_BYTES) {
            int lineEnd = at;
            while (lineEnd < end && buffer[lineEnd] != '\n') {
                lineEnd++;
            }
            line.write(buffer, at, lineEnd - at);
            if (lineEnd < end) {
                at = lineEnd + 1;
                bytes += line.size();
                block.add(take());
                continue;
            }
            at = end;
            if (!block.isEmpty() && wouldWait()) {
                return true;
            }
            end = in.read(buffer, 0, buffer.length);
            at = 0;
            if (end < 0) {
                end = 0;
                if (line.size() > 0) {
                    block.add(take());
                }
                break;
            }
        }
        return !block.isEmpty();
    }

    private boolean wouldWait() {
        try {
            return in.available() == 0;
        } catch (IOException e) {
            // A pipe that was opened by its name cannot tell.
            return true;
        }
    }

    private byte[] take() {
        byte[] bytes = line.toByteArray();
        line.reset();
        return bytes;
    }
}
