package io.logits.solver;

/**
 * A number for each coefficient of a working set, 0 where it does not take part, and for each intercept.
 *
 * @param a those of the coefficients
 * @param b those of the intercepts
 */
record SupportVector(double[] a, double[] b) {
    SupportVector(int size, int logits) {
        this(new double[size], new double[logits]);
    }

    double dot(SupportVector other) {
        double sum = 0;
        for (int e = 0; e < a.length; e++) {
            sum = Math.fma(a[e], other.a[e], sum);
        }
        for (int k = 0; k < b.length; k++) {
            sum = Math.fma(b[k], other.b[k], sum);
        }
        return sum;
    }

    SupportVector copy() {
        return new SupportVector(a.clone(), b.clone());
    }

    /** {@code this = other}. */
    void set(SupportVector other) {
        System.arraycopy(other.a, 0, a, 0, a.length);
        System.arraycopy(other.b, 0, b, 0, b.length);
    }

    /** {@code this = scale this + t other}. */
    void combine(double scale, double t, SupportVector other) {
        for (int e = 0; e < a.length; e++) {
            a[e] = Math.fma(scale, a[e], t * other.a[e]);
        }
        for (int k = 0; k < b.length; k++) {
            b[k] = Math.fma(scale, b[k], t * other.b[k]);
        }
    }
}
