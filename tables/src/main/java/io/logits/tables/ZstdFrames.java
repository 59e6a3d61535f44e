package io.logits.tables;

import io.logits.data.InputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/**
 * The outline of a Zstandard file: frames of blocks, each of which says how long it is (RFC 8878, section 3.1). DuckDB
 * takes the end of a file that was cut off for the end of the text; this does not.
 */
final class ZstdFrames {
    private static final int MAGIC = 0xfd2fb528;
    private static final int SKIPPABLE = 0x184d2a50;

    private final InputStream in;

    private ZstdFrames(InputStream in) {
        this.in = in;
    }

    /**
     * Follows the frames to the end of the file, skipping what is in the blocks.
     *
     * @throws InputException if it is no Zstandard, or a frame ends early
     */
    static void check(TableSource source) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(source.file()))) {
            ZstdFrames frames = new ZstdFrames(in);
            int frame = 0;
            while (frames.next()) {
                frame++;
            }
            if (frame == 0) {
                throw new EOFException();
            }
        } catch (EOFException e) {
            throw new InputException(source.name(), "the zstd data ends early");
        } catch (DamagedException e) {
            throw new InputException(source.name(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new InputException(source.name(), "cannot be read: " + e.getMessage());
        }
    }

    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    /** Goes over a frame; false if there is none left. */
    private boolean next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int magic = first | ((int) littleEndian(3) << 8);
        if ((magic & ~0xf) == SKIPPABLE) {
            in.skipNBytes(littleEndian(4));
            return true;
        }
        if (magic != MAGIC) {
            throw new DamagedException("this is no zstd, though its name ends in .zst, or it is damaged");
        }
        int descriptor = (int) littleEndian(1);
        boolean single = ((descriptor >> 5) & 1) == 1;
        int contentSize = descriptor >> 6 == 0 ? (single ? 1 : 0) : 1 << (descriptor >> 6);
        int dictionary = (descriptor & 3) == 3 ? 4 : descriptor & 3;
        in.skipNBytes((single ? 0 : 1) + dictionary + contentSize);
        long block;
        do {
            block = littleEndian(3);
            long type = (block >> 1) & 3;
            if (type == 3) {
                throw new DamagedException("the zstd data is damaged");
            }
            in.skipNBytes(type == 1 ? 1 : block >> 3);
        } while ((block & 1) == 0);
        in.skipNBytes(((descriptor >> 2) & 1) == 1 ? 4 : 0);
        return true;
    }

    private long littleEndian(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            value |= (long) next << (8 * i);
        }
        return value;
    }
}
