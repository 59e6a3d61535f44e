package io.logits.formats;

import io.airlift.compress.zstd.ZstdInputStream;
import io.logits.data.InputException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A stream of a file's bytes, unpacked if it is gzip or Zstandard. These are known by their first bytes, not by the
 * file's name: neither svmlight nor IDX can begin with them.
 */
final class ByteSource {
    private static final int BUFFER = 1 << 16;

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private ByteSource() {}

    /** Opens a file for {@link #unpacked}. */
    static InputStream open(Path file) throws IOException {
        checkFile(file);
        try {
            return unpacked(Files.newInputStream(file), file.toString());
        } catch (AccessDeniedException e) {
            throw new InputException(file.toString(), "the file may not be read");
        } catch (NoSuchFileException e) {
            throw new InputException(file.toString(), "there is no such file");
        }
    }

    /** Refuses what is not there and what is a folder. */
    static void checkFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file.toString(), "this is a folder, a file is needed");
        }
        if (Files.notExists(file)) {
            throw new InputException(file.toString(), "there is no such file");
        }
    }

    /**
     * The stream itself or, if it is packed, what is in it. Packed data that is damaged or ends early is an
     * {@link InputException} when it is met.
     */
    static InputStream unpacked(InputStream in, String name) throws IOException {
        PushbackInputStream start = new PeekableStream(in);
        byte[] magic = start.readNBytes(ZSTD.length);
        start.unread(magic);
        if (Arrays.equals(magic, ZSTD)) {
            return new CheckedZstd(start, name);
        }
        if (magic.length < GZIP.length || magic[0] != GZIP[0] || magic[1] != GZIP[1]) {
            return start;
        }
        try {
            return new CheckedGzip(new GZIPInputStream(start, BUFFER), name);
        } catch (EOFException | ZipException e) {
            start.close();
            throw damaged(name, e);
        }
    }

    private static InputException damaged(String name, IOException e) {
        return new InputException(
                name, e instanceof EOFException ? "the gzip data ends early" : "the gzip data is damaged");
    }

    /**
     * Says by {@code available} whether there is another byte. The JDK asks so after each gzip member, and a pipe that
     * happens to be empty would look like the end of a file of many members.
     */
    private static final class PeekableStream extends PushbackInputStream {
        PeekableStream(InputStream in) {
            super(in, ZSTD.length);
        }

        @Override
        public int available() throws IOException {
            int next = read();
            if (next < 0) {
                return 0;
            }
            unread(next);
            return Math.max(1, super.available());
        }
    }

    /** Tells data that is damaged from a disk that fails. */
    private static final class CheckedGzip extends FilterInputStream {
        private final String name;

        CheckedGzip(InputStream in, String name) {
            super(in);
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                return in.read(b, off, len);
            } catch (EOFException | ZipException e) {
                throw damaged(name, e);
            }
        }
    }

    /** The same for Zstandard, whose decoder meets damage with runtime exceptions of many kinds. */
    private static final class CheckedZstd extends FilterInputStream {
        private final InputStream packed;
        private final String name;

        CheckedZstd(InputStream packed, String name) {
            super(new ZstdInputStream(packed));
            this.packed = packed;
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                return in.read(b, off, len);
            } catch (RuntimeException e) {
                throw new InputException(name, "the zstd data is damaged");
            } catch (IOException e) {
                if (packed.read() < 0) {
                    throw new InputException(name, "the zstd data ends early");
                }
                throw e;
            }
        }
    }
}
