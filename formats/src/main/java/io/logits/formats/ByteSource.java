package io.logits.formats;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
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
 * file's name: no text and no IDX file can begin with them.
 */
final class ByteSource {
    private static final int BUFFER = 1 << 16;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTANDARD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

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
     * The stream itself or, if it is packed, what is packed in it. Packed data that is damaged or ends early is an
     * {@link InputException} when it is met.
     */
    static InputStream unpacked(InputStream in, String name) throws IOException {
        PushbackInputStream start = new PeekableStream(in);
        byte[] first = start.readNBytes(ZSTANDARD.length);
        start.unread(first);
        try {
            if (startsWith(first, GZIP)) {
                return new CheckedStream(new GZIPInputStream(start, BUFFER), name);
            }
            return startsWith(first, ZSTANDARD)
                    ? new CheckedStream(new ZstdInputStreamNoFinalizer(start), name)
                    : start;
        } catch (EOFException | ZipException e) {
            start.close();
            throw damaged(name, e);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] magic) {
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }

    private static InputException damaged(String name, IOException e) {
        boolean early =
                e instanceof EOFException || String.valueOf(e.getMessage()).contains("Truncated");
        String kind = e instanceof ZstdIOException ? "zstd" : "gzip";
        return new InputException(name, "the " + kind + " data " + (early ? "ends early" : "is damaged"));
    }

    /**
     * Says by {@code available} whether there is another byte. The JDK asks so after each gzip member, and a pipe that
     * happens to be empty would look like the end of a file of many members.
     */
    private static final class PeekableStream extends PushbackInputStream {
        PeekableStream(InputStream in) {
            super(in, ZSTANDARD.length);
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

    private static final class CheckedStream extends FilterInputStream {
        private final String name;

        CheckedStream(InputStream in, String name) {
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
            } catch (EOFException | ZipException | ZstdIOException e) {
                throw damaged(name, e);
            }
        }
    }
}
