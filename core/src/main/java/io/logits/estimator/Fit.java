package io.logits.estimator;

import io.logits.model.Model;
import io.logits.solver.Solution;

/**
 * What a fit gives.
 *
 * @param model ready to score; its provenance repeats options and solution as text
 * @param solution how the solver ended, with its certificate
 * @param lambda the factor of the penalty beside the mean loss; 0 without a penalty
 * @param c the same on the other scale, {@code 1/(S lambda)}; infinite without a penalty
 * @param meanLoss the objective less the penalty: the weighted mean loss of the rows
 */
public record Fit<M extends Model>(M model, Solution solution, double lambda, double c, double meanLoss) {}
