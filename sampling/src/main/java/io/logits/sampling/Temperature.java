package io.logits.sampling;

/** Division of the logits by the temperature. */
final class Temperature {
    private Temperature() {}

    /**
     * The temperature T; with a range R above 0 it is, by the entropy H of n candidates,
     * {@code a + (b - a) (H / ln n)^exponent}, {@code a = max(0, T - R)}, {@code b = T + R}.
     */
    static void temper(Candidates c, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        double temperature = parameters.temperature();
        double range = parameters.dynatempRange();
        if (range > 0) {
            int count = c.count();
            if (count < 2) {
                return;
            }
            double coldest = Math.max(0, temperature - range);
            double spread = temperature + range - coldest;
            double evenness = Math.min(1, Math.max(0, c.entropy()) / StrictMath.log(count));
            temperature = coldest + spread * StrictMath.pow(evenness, parameters.dynatempExponent());
        }
        c.temper(temperature);
    }
}
