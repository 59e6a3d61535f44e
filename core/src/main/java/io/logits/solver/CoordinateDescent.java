package io.logits.solver;

import io.logits.objective.ColumnQuadratic;
import io.logits.objective.CompositeObjective;
import io.logits.objective.WorkingSet;
import java.util.Arrays;

/**
 * Minimises a quadratic model plus the penalty over a working set, one coefficient after the other, logit by logit. Most
 * of the time goes to those coefficients that are not 0; the others of the set are looked at in each round.
 */
final class CoordinateDescent extends SeparableDescent {
    private static final int MOST_ROUNDS = 240;
    /** Rounds after which coefficients that are tied to each other are moved together. */
    private static final int PATIENCE = 5;

    private static final int MOST_ITERATIONS = 100;
    /** Margins of which a round changes so many that it takes a hundredth of a second; a twentieth of it with many coefficients. */
    private static final double MANY_MARGINS = 1e6;

    private static final int MANY_COEFFICIENTS = 2000;

    private static final int MOST_ROUNDS_OF_MANY = 12;
    /** Of those in a model that is good only for a short way, as long as a coefficient adds more to the gap than this share of L1. */
    private static final int MOST_ROUGH_ROUNDS = 2;

    private static final double FAR = 1e-4;
    /** Of a step of coefficients together in a model that is good only for a short way; each step has twice as many as the last. */
    private static final int FIRST_ITERATIONS = 8;

    private static final int MOST_ROUGH_ITERATIONS = 64;

    /** If after so many rounds it is still more than this share of what it was, nothing more is gained. */
    private static final int LONG = 30;

    private static final double STUCK = 0.5;

    /** Sweeps over a logit before the next has its turn, and with many margins. */
    private static final int MOST_SWEEPS = 10;

    private static final int FEW_SWEEPS = 2;
    /** Descent ends when the most that a coefficient adds to the gap has fallen to this share of what it was. */
    private static final double FORCING = 0.03;

    private static final double MANY_FORCING = 0.1;
    private static final double BLOCKS_FORCING = 0.01;
    private static final double ROUGH_FORCING = 0.3;
    /** With blocks a model that would leave no more than so many times what is allowed is solved to the end: that costs less than another. */
    private static final double NEARLY = 1000;

    /** A logit is left when it has fallen to this share. */
    private static final double WELL = 0.1;

    private final ColumnQuadratic model;
    private final ColumnQuadratic.Singles singles;
    private final double[] change;
    private final int[] active;
    /** Whether a round takes as long as a step of all together, or as what a new model takes. */
    private final boolean many;
    /** The model's, 0 if it is Newton's own. */
    private final double caution;

    private final SupportStep together;

    private double total;

    CoordinateDescent(
            CompositeObjective objective,
            WorkingSet set,
            ColumnQuadratic model,
            double caution,
            double[] w,
            double[] gradient) {
        super(objective, set, w, gradient);
        this.model = model;
        int size = set.size();
        singles = model.singles(set);
        change = new double[size];
        active = new int[size];
        double margins = size > MANY_COEFFICIENTS ? MANY_MARGINS / 20 : MANY_MARGINS;
        many = set.logits() > 1 && (objective.isPart() || model.marginCount() > margins);
        this.caution = caution;
        together = new SupportStep(this, model, singles, caution);
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public void run(double allowed, double newTotal) {
        total = newTotal;
        if (many) {
            runMany(allowed);
        } else {
            runFew(allowed);
        }
    }

    private void runFew(double allowed) {
        double before = Double.POSITIVE_INFINITY;
        double goal = allowed;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double shortfall = round(goal);
            goal = round == 0 ? Math.max(allowed, FORCING * shortfall) : goal;
            if (shortfall <= goal) {
                return;
            }
            if (round % LONG == LONG - 1) {
                if (shortfall > STUCK * before) {
                    return;
                }
                before = shortfall;
            }
            if (round % PATIENCE == PATIENCE - 1) {
                together.take(MOST_ITERATIONS, 0, total);
            }
        }
    }

    /**
     * Where moving coefficients together, on all threads, is cheaper than a round, and a new model cheaper than an old one solved
     * well. Newton's own is left after a step that was good, as that solves it to what the round asks for; a rough one, or one
     * whose blocks would cost too much, after one that was not.
     */
    private void runMany(double allowed) {
        int rounds = MOST_ROUNDS_OF_MANY;
        int iterations = FIRST_ITERATIONS;
        double goal = allowed;
        for (int round = 0; round < rounds; round++) {
            double shortfall = round(goal);
            if (shortfall <= goal) {
                return;
            }
            if (round == 0) {
                if (caution == 0) {
                    together.precondition();
                }
                goal = goal(shortfall, allowed);
                rounds = caution > 0 && shortfall > FAR * total ? MOST_ROUGH_ROUNDS : MOST_ROUNDS_OF_MANY;
            }
            boolean blocks = together.hasBlocks();
            boolean good = together.take(blocks ? MOST_ITERATIONS : iterations, blocks ? goal : 0, total);
            if (good == blocks) {
                return;
            }
            iterations = Math.min(MOST_ROUGH_ITERATIONS, 2 * iterations);
        }
    }

    @Override
    public boolean runAgain(double allowed, double newTotal) {
        if (!together.hasBlocks()) {
            return false;
        }
        total = newTotal;
        begin();
        model.restart();
        double shortfall = round(allowed);
        if (shortfall > allowed) {
            together.take(MOST_ITERATIONS, Math.max(allowed, BLOCKS_FORCING * shortfall), total);
        }
        return true;
    }

    /** What a model is solved to whose first round found a shortfall. */
    private double goal(double shortfall, double allowed) {
        if (!together.hasBlocks()) {
            return Math.max(allowed, (caution > 0 ? ROUGH_FORCING : MANY_FORCING) * shortfall);
        }
        double goal = BLOCKS_FORCING * shortfall;
        return goal > NEARLY * allowed ? goal : allowed;
    }

    /** Visits each logit; the most that a coefficient added to the gap. */
    private double round(double goal) {
        double shortfall = 0;
        for (int k = 0; k < set.logits(); k++) {
            shortfall = Math.max(shortfall, visit(k, goal));
        }
        return shortfall;
    }

    /** The most that a coefficient of logit k added to the gap. */
    private double visit(int k, double goal) {
        int from = set.start()[k];
        int to = set.start()[k + 1];
        int position = objective.intercept(k);
        double slope = model.enter(k, position < 0 ? 0 : gradient[position]);
        Arrays.fill(change, from, to, 0);
        double largest = objective.interceptShortfall(k, slope);
        int count = 0;
        for (int e = from; e < to; e++) {
            largest = Math.max(largest, step(e));
            if (value[e] != 0) {
                active[count++] = e;
            }
        }
        double enough = Math.max(goal, WELL * largest);
        double shortfall = largest;
        for (int sweep = 1; sweep < (many ? FEW_SWEEPS : MOST_SWEEPS) && shortfall > enough; sweep++) {
            shortfall = 0;
            for (int a = 0; a < count; a++) {
                shortfall = Math.max(shortfall, step(active[a]));
            }
        }
        intercept[k] += model.leave(k, set, change);
        return largest;
    }

    /** Takes one coefficient to its minimum; what it added to the gap before. */
    private double step(int e) {
        int j = set.feature()[e];
        double slope = gradient[set.position()[e]] + model.slope(j, singles.cross()[e]);
        double next = objective.minimizer(j, value[e], slope, singles.curvature()[e]);
        double d = next - value[e];
        if (d == 0) {
            return 0;
        }
        model.move(j, d, singles.cross()[e]);
        value[e] = next;
        change[e] += d;
        double violation = Math.abs(d) * (singles.curvature()[e] + objective.penaltyCurvature(j));
        return objective.shortfall(j, Math.max(Math.abs(next), Math.abs(d)), violation, total);
    }
}
