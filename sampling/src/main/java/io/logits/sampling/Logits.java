package io.logits.sampling;

import io.logits.kernels.Kernels;
import io.logits.kernels.SelectionKernels;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A view of rows of logits in memory that belongs to the caller: row {@code i} is the {@code vocabulary} elements from
 * {@code offset + i * stride} on. Nothing is copied and nothing is written; the memory may change between steps, so one
 * view serves a whole text. Positions of buffers play no part.
 */
public abstract class Logits {
    private final int vocabulary;
    private final int offset;
    private final int stride;
    private final int available;

    Logits(int vocabulary, int offset, int stride, int available) {
        if (vocabulary < 1) {
            throw new IllegalArgumentException("vocabulary is " + vocabulary + ", at least 1 is needed");
        }
        if (offset < 0 || stride < 0) {
            throw new IllegalArgumentException(
                    "offset is " + offset + " and stride " + stride + ", 0 or more is allowed");
        }
        this.vocabulary = vocabulary;
        this.offset = offset;
        this.stride = stride;
        this.available = available;
    }

    /** One row that fills the array. */
    public static Logits of(float... row) {
        return of(row, 0, row.length, row.length);
    }

    /** Rows of float32 in an array. */
    public static Logits of(float[] data, int offset, int stride, int vocabulary) {
        return new Array(data, offset, stride, vocabulary);
    }

    /** Rows of float32 in a buffer, on the heap or off it. */
    public static Logits of(FloatBuffer data, int offset, int stride, int vocabulary) {
        return new Buffer(data, offset, stride, vocabulary);
    }

    /** Rows of IEEE binary16 numbers, as bits in shorts. */
    public static Logits float16(short[] data, int offset, int stride, int vocabulary) {
        return float16(ShortBuffer.wrap(data), offset, stride, vocabulary);
    }

    /** Rows of IEEE binary16 numbers, as bits in shorts. */
    public static Logits float16(ShortBuffer data, int offset, int stride, int vocabulary) {
        return new Half(data, true, offset, stride, vocabulary);
    }

    /** Rows of bfloat16 numbers (the upper half of a float32), as bits in shorts. */
    public static Logits bfloat16(short[] data, int offset, int stride, int vocabulary) {
        return bfloat16(ShortBuffer.wrap(data), offset, stride, vocabulary);
    }

    /** Rows of bfloat16 numbers (the upper half of a float32), as bits in shorts. */
    public static Logits bfloat16(ShortBuffer data, int offset, int stride, int vocabulary) {
        return new Half(data, false, offset, stride, vocabulary);
    }

    /** Logits of a row. */
    public final int vocabulary() {
        return vocabulary;
    }

    /**
     * Where a row starts.
     *
     * @throws IllegalArgumentException if the row does not lie within the memory
     */
    final int start(int row) {
        long start = offset + (long) row * stride;
        if (row < 0 || start + vocabulary > available) {
            throw new IllegalArgumentException("row " + row + " covers elements " + start + " to "
                    + (start + vocabulary - 1) + ", there are " + available);
        }
        return (int) start;
    }

    /** The array in which element {@code i} is at index {@code i}, if the rows lie in such an array. */
    float @Nullable [] array() {
        return null;
    }

    /** Copies elements to {@code out[at..at+n)} as float32, by way of {@code scratch} where they are 16 bits wide. */
    abstract void read(int start, int n, float[] out, int at, short[] scratch);

    private static final class Array extends Logits {
        private final float[] data;

        Array(float[] data, int offset, int stride, int vocabulary) {
            super(vocabulary, offset, stride, data.length);
            this.data = data;
        }

        @Override
        float[] array() {
            return data;
        }

        @Override
        void read(int start, int n, float[] out, int at, short[] scratch) {
            System.arraycopy(data, start, out, at, n);
        }
    }

    private static final class Buffer extends Logits {
        private final FloatBuffer data;

        Buffer(FloatBuffer data, int offset, int stride, int vocabulary) {
            super(vocabulary, offset, stride, data.limit());
            this.data = data;
        }

        @Override
        void read(int start, int n, float[] out, int at, short[] scratch) {
            data.get(start, out, at, n);
        }
    }

    private static final class Half extends Logits {
        private final SelectionKernels kernels = Kernels.best().selection();
        private final ShortBuffer data;
        private final boolean ieee;

        Half(ShortBuffer data, boolean ieee, int offset, int stride, int vocabulary) {
            super(vocabulary, offset, stride, data.limit());
            this.data = data;
            this.ieee = ieee;
        }

        @Override
        void read(int start, int n, float[] out, int at, short[] scratch) {
            data.get(start, scratch, 0, n);
            if (ieee) {
                kernels.widenFloat16(scratch, 0, n, out, at);
            } else {
                kernels.widenBfloat16(scratch, 0, n, out, at);
            }
        }
    }
}
