package io.logits.inference;

import io.logits.data.Matrix;
import io.logits.estimator.Likelihood;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import io.logits.objective.CoefLayout;
import io.logits.objective.HessianSum;
import java.util.Arrays;

/** The rows at one point: the loss of each, its residuals and curvature, n x k numbers, and what is summed from them. */
final class FittedRows {
    private static final int TILE_ROWS = 256;
    private static final int MOST_CHUNKS = 64;

    private final Likelihood likelihood;
    private final Matrix x;
    private final CoefLayout layout;
    private final Loss loss;
    private final double[] weights;
    private final int stride;
    /** {@code p - y} of each row and logit, {@code stride} apart. */
    private final double[] residuals;

    private final double[] state;
    /** Of each row, without its weight. */
    private final double[] losses;

    private final double loss0;
    private final double[] score;

    private FittedRows(Likelihood likelihood, double[] point, Workers workers) {
        this.likelihood = likelihood;
        x = likelihood.x();
        layout = likelihood.layout();
        loss = likelihood.loss();
        weights = likelihood.weights();
        stride = layout.stride();
        residuals = new double[Math.multiplyExact(x.rows(), stride)];
        state = new double[residuals.length];
        losses = new double[x.rows()];
        double[] sums = new double[chunks()];
        double[][] scores = new double[chunks()][layout.size()];
        workers.run(sums.length, c -> sums[c] = evaluate(point, start(c), start(c + 1), scores[c]));
        loss0 = Arrays.stream(sums).sum();
        score = free(scores);
    }

    /** One pass over the rows. */
    static FittedRows at(Likelihood likelihood, double[] point, Workers workers) {
        return new FittedRows(likelihood, point, workers);
    }

    private int chunks() {
        return Math.min(MOST_CHUNKS, (x.rows() + TILE_ROWS - 1) / TILE_ROWS);
    }

    private int start(int chunk) {
        return (int) ((long) x.rows() * chunk / chunks());
    }

    /** Fills residuals and curvature of some rows and adds to their score: their weighted sum of losses. */
    private double evaluate(double[] point, int first, int end, double[] scores) {
        double[] z = new double[TILE_ROWS * stride];
        double[] tileLosses = new double[TILE_ROWS];
        double sum = 0;
        double lost = 0;
        for (int from = first; from < end; from += TILE_ROWS) {
            int to = Math.min(end, from + TILE_ROWS);
            logits(point, from, to, z);
            loss.evaluateInPlace(z, stride, from, to - from, tileLosses);
            System.arraycopy(tileLosses, 0, losses, from, to - from);
            System.arraycopy(z, 0, residuals, from * stride, (to - from) * stride);
            loss.curvatureState(z, stride, from, to - from, state, from * stride);
            addScore(residuals, from, to, z, scores);
            for (int i = from; i < to; i++) {
                double term = weight(i) * losses[i] - lost;
                double next = sum + term;
                lost = (next - sum) - term;
                sum = next;
            }
        }
        return sum;
    }

    private void logits(double[] point, int from, int to, double[] z) {
        Arrays.fill(z, 0);
        for (int i = 0; layout.intercept() && i < to - from; i++) {
            System.arraycopy(point, layout.interceptStart(), z, i * stride, stride);
        }
        x.multiplyAdd(from, to, point, layout.logits(), z);
        double[] offset = likelihood.offset();
        int logits = layout.logits();
        for (int i = 0; offset.length > 0 && i < to - from; i++) {
            for (int k = 0; k < logits; k++) {
                z[i * stride + k] += offset[(from + i) * logits + k];
            }
        }
    }

    /** How many rows there are. */
    int count() {
        return x.rows();
    }

    /** The loss of a row: less the logarithm of the probability of its class. */
    double loss(int row) {
        return losses[row];
    }

    /** The probability of class k, right near 0. */
    double probability(int row, int k) {
        return k == loss.label(row)
                ? StrictMath.exp(-losses[row])
                : Math.abs(residual(row, layout.logits() == 1 ? 0 : k));
    }

    /** The class index of a row. */
    int label(int row) {
        return loss.label(row);
    }

    double weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }

    /** The weighted sum of the logarithms of the probabilities of the rows' classes. */
    double logLikelihood() {
        return -loss0;
    }

    /** The derivatives of the log-likelihood by the free coordinates. */
    double[] score() {
        return score.clone();
    }

    /**
     * {@code -sum_i w_i r_ik (x_i,1)} by the free coordinates.
     *
     * @param r a number for each row and logit, as the residuals lie
     */
    double[] score(double[] r, Workers workers) {
        double[][] scores = new double[chunks()][layout.size()];
        workers.run(scores.length, c -> {
            double[] tile = new double[TILE_ROWS * stride];
            for (int from = start(c); from < start(c + 1); from += TILE_ROWS) {
                addScore(r, from, Math.min(start(c + 1), from + TILE_ROWS), tile, scores[c]);
            }
        });
        return free(scores);
    }

    /** Adds what some rows have; {@code tile} is overwritten. */
    private void addScore(double[] r, int from, int to, double[] tile, double[] sums) {
        for (int e = 0; e < (to - from) * stride; e++) {
            tile[e] = -weight(from + e / stride) * r[from * stride + e];
            if (layout.intercept()) {
                sums[layout.interceptStart() + e % stride] += tile[e];
            }
        }
        x.transposeMultiplyAdd(from, to, tile, layout.logits(), sums);
    }

    /** The sum of some points, by the free coordinates. */
    private double[] free(double[][] parts) {
        double[] out = new double[layout.freeSize()];
        for (double[] part : parts) {
            for (int f = 0; f < out.length; f++) {
                out[f] += part[layout.freeIndex(f)];
            }
        }
        return out;
    }

    /** A copy of the residuals of all rows. */
    double[] residuals() {
        return residuals.clone();
    }

    /** A task for pieces of the rows, on all threads. */
    @FunctionalInterface
    interface Piece {
        /** Rows {@code from .. to-1}. */
        void accept(int from, int to);
    }

    /** Cuts the rows into pieces, always the same. */
    void forEachPiece(Piece piece, Workers workers) {
        workers.run(chunks(), c -> piece.accept(start(c), start(c + 1)));
    }

    /** The second derivatives of the log-likelihood, less their sign: lower triangle, by the free coordinates. */
    double[] information(Workers workers) {
        return sum(
                (from, to, k, l, out) -> {
                    loss.curvature(state, from * stride, stride, to - from, k, l, out);
                    for (int i = 0; i < to - from; i++) {
                        out[i] *= weight(from + i);
                    }
                },
                workers);
    }

    /** Sums of {@code c_i(k,l) (x_i,1)(x_i,1)'}: lower triangle, by the free coordinates. */
    double[] sum(HessianSum.PairFactors factors, Workers workers) {
        double[] h = new double[Math.multiplyExact(layout.freeSize(), layout.freeSize())];
        new HessianSum(x, layout, workers).compute(factors, h);
        return h;
    }

    /** {@code p - y} of a row and logit. */
    double residual(int row, int k) {
        return residuals[row * stride + k];
    }

    /** {@code p (1 - p)} of a row of two classes: 1 less the probability of its class times that, each right near 0. */
    double variance(int row) {
        return Math.abs(residual(row, 0)) * StrictMath.exp(-losses[row]);
    }

    Likelihood likelihood() {
        return likelihood;
    }
}
