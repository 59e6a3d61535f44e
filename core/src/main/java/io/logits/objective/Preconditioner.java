package io.logits.objective;

/** A symmetric positive definite approximation of the inverse of the second derivatives. */
@FunctionalInterface
public interface Preconditioner {
    /** {@code out = M^-1 r}. {@code out} may be {@code r}; entries that are padding or fixed stay 0. */
    void apply(double[] r, double[] out);
}
