package io.logits.data;

/** How the entries of a matrix are stored. Arithmetic on them is in float64 either way. */
public enum Precision {
    /** 32-bit floats. */
    FLOAT32(4),
    /** 64-bit floats. */
    FLOAT64(8);

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one stored entry. */
    public int bytes() {
        return bytes;
    }
}
