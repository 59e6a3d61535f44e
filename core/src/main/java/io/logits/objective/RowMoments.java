package io.logits.objective;

/**
 * Sums over rows that bound what {@link ScaledDual} adds up, for every t at once: so that several points can be evaluated in
 * one pass without the loss of each row being kept. With p the probability of the row's class and {@code e = 1 - t} a row adds
 * {@code (1-p) f(-e) + p f(e (1-p) / p)}, {@code f(x) = (1+x) log(1+x) - x}. As {@code f(x) <= x^2 / 2} and
 * {@code f(x) <= x log(1+x)} for {@code x >= 0}, the second term is at most {@code e^2 (1-p)^2 / (2 p)}, which is nearly what it is at
 * the end, when e is small, and at most {@code e (1-p) log(1/p)}, which is taken where p is so small that the first is too much.
 */
final class RowMoments {
    /** Rows whose class has less probability count with the bound that is linear in e. */
    private static final double LEAST_OWN = 0x1p-14;

    private double missed;
    private double odds;
    private double missedLoss;
    private double curvature;

    /**
     * Adds rows, one after the other.
     *
     * @param residual the derivative of the loss of each row by its margin, which is {@code 1-p} but for its sign
     * @param share the weight of each over that of all
     */
    void add(int rows, double[] residual, double[] loss, double[] share) {
        double sumMissed = 0;
        double sumOdds = 0;
        double sumCurvature = 0;
        for (int i = 0; i < rows; i++) {
            double others = Math.abs(residual[i]);
            double own = 1 - others;
            sumMissed = Math.fma(share[i], others, sumMissed);
            sumCurvature = Math.fma(share[i] * others, own, sumCurvature);
            if (own >= LEAST_OWN) {
                sumOdds = Math.fma(share[i] * others, others / own, sumOdds);
            } else {
                missedLoss = Math.fma(share[i] * others, loss[i], missedLoss);
            }
        }
        missed += sumMissed;
        odds += sumOdds;
        curvature += sumCurvature;
    }

    /** Adds the sums of rows that follow. */
    void merge(RowMoments following) {
        missed += following.missed;
        odds += following.odds;
        missedLoss += following.missedLoss;
        curvature += following.curvature;
    }

    /** The sum of {@code p (1-p)}. */
    double curvature() {
        return curvature;
    }

    /**
     * At least what {@link ScaledDual#gap} is, and 0 where t is 1.
     *
     * @param t from 0 to 1
     */
    double gap(double t) {
        double e = 1 - t;
        return e == 0 ? 0 : Math.fma(missed, ScaledDual.common(e), e * e / 2 * odds + e * missedLoss);
    }
}
