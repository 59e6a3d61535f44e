package io.logits.testkit;

/** Remembers the largest error seen and where it was. */
public final class Worst {
    private final String what;
    private double error = 0;
    private String where = "nowhere";

    /** Errors of {@code what}, as it is to be named in a failure. */
    public Worst(String what) {
        this.what = what;
    }

    /** Notes one error, NaN being worse than all. */
    public void add(double error, double at) {
        if (!(error <= this.error)) {
            this.error = error;
            where = Double.toString(at);
        }
    }

    /** The largest error noted, 0 if none was. */
    public double error() {
        return error;
    }

    /** The argument at which it was seen. */
    public String where() {
        return where;
    }

    /** Fails unless the largest error keeps within {@code tolerance}. */
    public void check(Tolerance tolerance) {
        tolerance.check(error, what + " at " + where);
    }

    @Override
    public String toString() {
        return what + ": " + error + " at " + where;
    }
}
