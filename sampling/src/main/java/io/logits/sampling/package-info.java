/**
 * From a language model's batch of logits to tokens. Sees only the kernels.
 *
 * <pre>{@code
 * SamplingParameters parameters = SamplingParameters.defaults().withTemperature(.8).withTopP(.9).withSeed(1);
 * Sequence text = new Sequence(parameters).append(prompt);
 * Sampler sampler = new Sampler();
 * Sampled next = sampler.sample(Logits.of(row), 0, text);
 * text.accept(next);
 * }</pre>
 *
 * <p>A row of logits becomes a distribution by the {@linkplain io.logits.sampling.Steps steps} that an
 * {@linkplain io.logits.sampling.Order order} names; {@link io.logits.sampling.Sampler} does it for a row,
 * {@link io.logits.sampling.BatchSampler} for a batch. What holds everywhere:
 *
 * <ul>
 *   <li><b>Order.</b> It is complete: a step it does not name does not run. A preset is an order and brings no values.
 *   <li><b>Rank.</b> Logit descending, id ascending: of equal logits the smaller id comes first. -0 equals 0.
 *   <li><b>Nucleus.</b> A token stays if the mass before it, in rank order, is below p: the one that crosses p stays.
 *   <li><b>Renormalisation.</b> Each truncation hands on a distribution that sums to 1.
 *   <li><b>At least.</b> Every truncation leaves {@code min_keep} tokens, and one in any case.
 *   <li><b>Precision.</b> Logits are float32, as are the changes of steps; temperatures, weights, sums and
 *       probabilities are float64. Probabilities below 2^-1022 of the largest count as 0. Of a row of 8,192 tokens or
 *       more log-probabilities are off by 2^-22 at most, where no truncation has left fewer: their sum is float32,
 *       compensated, as are the shares by which a draw picks 2,048 tokens.
 *   <li><b>Degenerate rows.</b> NaN anywhere, or nothing above -infinity, is a
 *       {@linkplain io.logits.sampling.Status status} and gives no token. +infinity takes all; several share.
 *   <li><b>Randomness.</b> A function of seed and position (Philox), so that a token depends on its row's logits,
 *       parameters, seed, position and history alone: not on its neighbours, the size of the batch, the number of
 *       threads or the kernels in use. One number per draw goes through the inverse distribution function, id
 *       ascending; Gumbel noise by token id is an option. The noise of draft models is another.
 *   <li><b>Memory.</b> Rows are read where they lie and never written to; the few pages of 256 logits that a step
 *       changes are copied. After warm-up a step allocates nothing.
 * </ul>
 *
 * <p>Names: {@code c} candidates, {@code p} probabilities, {@code k} a count of tokens, {@code V} the vocabulary;
 * {@code row} an index into a batch, {@code offset} and {@code stride} as in the kernels, in elements.
 */
@NullMarked
package io.logits.sampling;

import org.jspecify.annotations.NullMarked;
