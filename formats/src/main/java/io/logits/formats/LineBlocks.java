package io.logits.formats;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a text into blocks of whole lines for workers that take turns. Block boundaries depend on the bytes alone: a
 * block ends at the first line end at or after a multiple of {@link #SIZE}.
 */
final class LineBlocks {
    /** Bytes of a block, unless a line is longer. */
    static final int SIZE = 1 << 19;

    private static final int STEP = 1 << 16;
    private static final int LONGEST = Integer.MAX_VALUE - 64;

    private final InputStream in;
    private final int size;
    /** What has been read beyond the last block. */
    private byte[] rest = new byte[0];

    private long position;
    private int count;
    private boolean ended;

    LineBlocks(InputStream in) {
        this(in, SIZE);
    }

    LineBlocks(InputStream in, int size) {
        this.in = in;
        this.size = size;
    }

    /** The place a worker reads its blocks to, again and again. */
    static final class Block {
        /** The text is {@code bytes[0 .. length-1]} and its last line ends: {@code bytes[length-1] == '\n'}. */
        byte[] bytes = new byte[0];

        int length;
        /** Blocks before this one. */
        int number;

        /** Where the text begins: behind the byte order mark, if the file has one. */
        int textStart() {
            boolean marked = number == 0
                    && length >= 3
                    && bytes[0] == (byte) 0xef
                    && bytes[1] == (byte) 0xbb
                    && bytes[2] == (byte) 0xbf;
            return marked ? 3 : 0;
        }
    }

    /** A line that no array holds. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1;

        LineTooLongException() {
            super("the line is longer than " + LONGEST + " bytes");
        }
    }

    /** How many blocks have been handed out. */
    synchronized int count() {
        return count;
    }

    /**
     * Reads the next block. A missing last line end is put there.
     *
     * @return false if there is none
     */
    synchronized boolean next(Block block) throws IOException {
        int wanted = (int) (size - position % size);
        ensure(block, rest.length + 1L, 0);
        System.arraycopy(rest, 0, block.bytes, 0, rest.length);
        int filled = fill(block, rest.length, wanted);
        int end = endOfLine(block, wanted - 1, filled);
        while (end < 0 && !ended) {
            int searched = filled;
            filled = fill(block, filled, filled + STEP);
            end = endOfLine(block, searched, filled);
        }
        if (filled == 0) {
            return false;
        }
        if (end < 0) {
            end = filled;
        }
        rest = Arrays.copyOfRange(block.bytes, end, filled);
        position += end;
        if (block.bytes[end - 1] != '\n') {
            block.bytes[end++] = '\n';
        }
        block.length = end;
        block.number = count++;
        return true;
    }

    /** Reads up to {@code to} bytes behind the first {@code from} of them; fewer at the end of the text. */
    private int fill(Block block, int from, int to) throws IOException {
        int filled = from;
        while (filled < to && !ended) {
            // In small steps: the JDK copies each through a buffer as large as the step. One byte more for a missing
            // line end.
            int step = Math.min(STEP, to - filled);
            ensure(block, filled + step + 1L, filled);
            int read = in.read(block.bytes, filled, step);
            ended = read < 0;
            filled += Math.max(0, read);
        }
        return filled;
    }

    private static int endOfLine(Block block, int from, int to) {
        for (int i = from; i < to; i++) {
            if (block.bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static void ensure(Block block, long capacity, int keep) throws IOException {
        if (capacity > LONGEST) {
            throw new LineTooLongException();
        }
        if (block.bytes.length < capacity) {
            byte[] bytes = new byte[(int) Math.min(LONGEST, Math.max(capacity, 2L * keep))];
            System.arraycopy(block.bytes, 0, bytes, 0, keep);
            block.bytes = bytes;
        }
    }
}
