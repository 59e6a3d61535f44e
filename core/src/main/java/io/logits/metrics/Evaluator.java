package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.model.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums up one pass over the rows. */
final class Evaluator {
    private final Model model;
    private final BlockPass pass;
    private final int classes;
    private final int[] decision;
    private final double @Nullable [] weights;
    /** The logits of two classes; empty for more. */
    private final double[] scores;

    Evaluator(Model model, Dataset data) {
        this.model = model;
        pass = new BlockPass(model, data);
        classes = pass.classes();
        weights = data.weights();
        decision = new int[pass.rows()];
        scores = new double[classes == 2 ? pass.rows() : 0];
    }

    /** Sums over the rows of a block. */
    private static final class Sums {
        final Score.Sums score = new Score.Sums();
        double brier;
        final Calibration top = new Calibration(Evaluation.BINS);
        final List<Calibration> ofClass = new ArrayList<>();
        /** The weight of rows with so many classes before the true one. */
        final double[] rank;

        Sums(int classes) {
            rank = new double[classes];
            for (int k = 0; k < classes; k++) {
                ofClass.add(new Calibration(Evaluation.BINS));
            }
        }

        void merge(Sums other) {
            score.merge(other.score);
            brier += other.brier;
            top.merge(other.top);
            for (int k = 0; k < rank.length; k++) {
                ofClass.get(k).merge(other.ofClass.get(k));
                rank[k] += other.rank[k];
            }
        }
    }

    Evaluation evaluate(int threads) {
        Sums[] ofBlock = new Sums[pass.blocks()];
        pass.run(threads, block -> ofBlock[block.number()] = sums(block));
        Sums all = new Sums(classes);
        for (Sums sums : ofBlock) {
            all.merge(sums);
        }
        Score score = all.score.score();
        return new Evaluation(
                pass.rows(),
                model.classes(),
                score.logLoss(),
                score.accuracy(),
                all.brier / all.score.weight(),
                classes == 2
                        ? Ranking.of(scores).count(pass.truth(), 1, weights).area()
                        : Double.NaN,
                all.top,
                all.ofClass,
                all.rank,
                confusion());
    }

    private Sums sums(BlockPass.Block block) {
        int[] decided = block.decided();
        System.arraycopy(decided, 0, decision, block.from(), decided.length);
        if (classes == 2) {
            System.arraycopy(block.z(), 0, scores, block.from(), decided.length);
        }
        Sums sums = new Sums(classes);
        sums.score.add(pass, block);
        for (int i = 0; i < decided.length; i++) {
            int label = pass.truth()[block.from() + i];
            if (label >= 0) {
                add(sums, pass.weight(block.from() + i), block, i, label);
            }
        }
        return sums;
    }

    private void add(Sums sums, double weight, BlockPass.Block block, int i, int label) {
        int at = i * classes;
        int decided = block.decided()[i];
        double[] p = block.p();
        sums.brier += weight * pass.brier(p, at, label);
        sums.top.add(weight, p[at + decided], decided == label);
        for (int k = 0; k < classes; k++) {
            sums.ofClass.get(k).add(weight, p[at + k], k == label);
        }
        sums.rank[pass.rank(block.logP(), at, label)] += weight;
    }

    private double[][] confusion() {
        double[][] counts = new double[classes][classes];
        for (int i = 0; i < decision.length; i++) {
            int label = pass.truth()[i];
            if (label >= 0) {
                counts[label][decision[i]] += pass.weight(i);
            }
        }
        return counts;
    }
}
