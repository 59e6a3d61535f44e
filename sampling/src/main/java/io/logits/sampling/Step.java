package io.logits.sampling;

/**
 * One step on the way from logits to a distribution. A step is stateless, or safe for the threads of a batch, and does
 * its work on the candidates it is handed.
 *
 * <p>A step of one's own, here a watermark that favours, after each token, a half of the vocabulary that depends on it
 * (Kirchenbauer et al. 2023, algorithm 2):
 *
 * <pre>{@code
 * record Watermark(long secret, double strength) implements Step {
 *     public String label() {
 *         return "watermark";
 *     }
 *     public void apply(Candidates candidates, Sequence sequence) {
 *         int last = sequence.length() == 0 ? 0 : sequence.token(sequence.length() - 1);
 *         candidates.update((id, logit) -> green(last, id) ? logit + strength : logit);
 *     }
 *     boolean green(int last, int id) {
 *         return new SplittableRandom(secret ^ (long) last << 32 ^ id).nextBoolean();
 *     }
 * }
 * }</pre>
 *
 * <p>{@code Order.hf().before(Steps.TEMPERATURE, new Watermark(7, 2))} puts it in its place.
 */
public interface Step {
    /** The name of the step, as it stands in an order. */
    String label();

    /**
     * Changes logits or lets go of candidates.
     *
     * @param candidates the row as the steps before have left it
     * @param sequence the row's parameters, history and position
     */
    void apply(Candidates candidates, Sequence sequence);
}
