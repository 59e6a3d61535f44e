package io.logits.cli;

import io.logits.data.Precision;
import io.logits.formats.Digits;
import io.logits.formats.NumberRows;

/** A function of rows of numbers, in one precision. It keeps the results of the rows computed last; one thread uses it. */
interface Computation {
    /** Computes all rows, in their own arrays where a number becomes a number. */
    void compute(NumberRows rows);

    /** Result {@code i}: of number {@code i}, or of row {@code i} if rows become one number. */
    double result(int i);

    /** Writes the shortest digits of result {@code i} as {@link Digits} do; where they end. */
    int put(int i, byte[] out, int at);

    /** The function in this precision. */
    static Computation of(LogitFunction function, Precision precision) {
        return precision == Precision.FLOAT32 ? new FloatComputation(function) : new DoubleComputation(function);
    }
}
