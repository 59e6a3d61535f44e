package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import io.logits.penalty.ElasticNet;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The mean loss plus a penalty that has no derivative everywhere, or bounds.
 *
 * <p>The dual point is {@code t (P - Y)}, after the move that {@link InterceptDual} makes, with the largest t at which the
 * conjugate of the penalty is finite. Its gap is a sum of terms that are at least 0: for each row
 * {@code (1-t) loss - phi_t} ({@link ScaledDual}), where
 * {@code phi_t(m) = -t m log t + t (1-m) log(1-m) - (1 - t m) log(1 - t m)} is what the entropy of
 * {@code (1-t) y + t p} exceeds t times that of p, {@code m = 1 - p_y}; and for each coefficient what is wanting in the
 * inequality of Fenchel and Young. So each row is off by about 1e-16, where {@code F - D} would be off by as much of F.
 */
public final class CompositeObjective {
    private static final int CHUNK = 1 << 10;
    /** A working set that has this many times fewer coefficients than there are features is read by columns. */
    private static final int NARROW = 4;
    /** With many logits so many rows for each coefficient, or more, make a matrix of them worth its while. */
    private static final int ROWS_EACH = 2;
    /** Coefficients of 0 whose derivative is this near the penalty's slope are in the working set too. */
    private static final double SLACK = 0.1;

    private final LinearObjective smooth;
    private final ElasticNet penalty;
    private final ColumnMatrix columns;
    private final CoefLayout layout;
    private final Workers workers;
    private final double[] shares;
    /** All features. */
    private final int[] all;
    /** The features whose factor is 0. */
    private final int[] unpenalised;

    /** The features by whose coefficients derivatives are known at the point evaluated last; 0 those that are not. */
    private int[] looked;

    private @Nullable GradientBounds bounds;
    private @Nullable ColumnQuadratic quadratic;
    private boolean part;
    /** Whether it comes after one with another penalty, which had models. */
    private boolean again;
    /** What was {@link #remember remembered} last. */
    private @Nullable Known known;

    /**
     * A point, its mean loss and gradient.
     *
     * @param evaluations how many there had been of {@link #smooth}: after another, by whichever objective, it is not the last
     */
    private record Known(double[] point, double[] gradient, double loss, int evaluations) {}

    /**
     * An objective.
     *
     * @param smooth the mean loss without a penalty, with its curvature kept, no class the reference
     * @param columns of the same matrix
     */
    public CompositeObjective(LinearObjective smooth, ElasticNet penalty, ColumnMatrix columns) {
        this(smooth, penalty, columns, smooth.shares());
    }

    private CompositeObjective(LinearObjective smooth, ElasticNet penalty, ColumnMatrix columns, double[] shares) {
        this.smooth = smooth;
        this.penalty = penalty;
        this.columns = columns;
        this.shares = shares;
        layout = smooth.layout();
        workers = smooth.workers();
        all = IntStream.range(0, layout.features()).toArray();
        looked = all;
        unpenalised = IntStream.range(0, layout.features())
                .filter(j -> penalty.absolute(j) == 0 && penalty.curvature(j) == 0)
                .toArray();
        smooth.keepLosses();
    }

    /**
     * The same mean loss with another penalty, and what is known of it; this one must not evaluate points any more, but by
     * {@link #joint}.
     */
    public CompositeObjective with(ElasticNet other) {
        CompositeObjective next = new CompositeObjective(smooth, other, columns, shares);
        next.quadratic = quadratic;
        next.bounds = bounds;
        next.looked = looked;
        next.known = known;
        next.again = quadratic != null;
        return next;
    }

    /** Evaluations under several penalties at once. */
    public JointObjective joint() {
        return new JointObjective(smooth);
    }

    /** Where passes run. */
    public Workers workers() {
        return workers;
    }

    /** Whether a point is the one that was {@link #remember remembered}, and nothing else has been evaluated since. */
    public boolean remembers(double[] w) {
        return known != null && known.evaluations == smooth.evaluations() && Arrays.equals(known.point, w);
    }

    /** Keeps the point that was evaluated last, and its gradient, for the next to start there; neither may change. */
    public void remember(double[] w, double value, double[] gradient) {
        known = new Known(w, gradient, value - penaltyValue(w), smooth.evaluations());
    }

    /**
     * The part of the objective in which a step has gone too far for its model, if that is in a small part of the rows. What is then
     * done with it counts as a pass.
     *
     * @param set beyond which the step moved no coefficient
     * @param before where the step began
     * @param w where it led
     * @return null if there is none; always for one logit, for groups, and for dense rows
     */
    public @Nullable LocalObjective local(WorkingSet set, double[] before, double[] w) {
        if (layout.logits() == 1 || grouped()) {
            return null;
        }
        LocalObjective local = LocalObjective.movedFar(this, set, before, w);
        if (local != null) {
            smooth.countPass();
        }
        return local;
    }

    /** Makes this the part of another objective, near its minimum there. */
    CompositeObjective asPart() {
        part = true;
        return this;
    }

    /** Whether this is the {@link #local part} of another objective, near its minimum there. */
    public boolean isPart() {
        return part;
    }

    LinearObjective smooth() {
        return smooth;
    }

    ElasticNet penalty() {
        return penalty;
    }

    ColumnMatrix columns() {
        return columns;
    }

    /** The weights of the rows over that of all. */
    double[] shares() {
        return shares;
    }

    /** The weighted mean of each column, if it is known, see {@link LinearObjective#columnMeans}. */
    public Optional<double[]> columnMeans() {
        return smooth.columnMeans();
    }

    /** Length of a point. */
    public int size() {
        return layout.size();
    }

    /** How often the whole matrix has been read so far, or what bounds did not spare of it. */
    public int passes() {
        return smooth.passes();
    }

    /** Relative differences of values below this are rounding. */
    public double valueNoise() {
        return smooth.valueNoise();
    }

    /**
     * Value at {@code w}, and the gradient of the mean loss alone: one pass over the data.
     *
     * @param w within the bounds
     */
    public double evaluate(double[] w, double[] gradient) {
        Known last = remembers(w) ? known : null;
        known = null;
        if (last != null) {
            System.arraycopy(last.gradient, 0, gradient, 0, gradient.length);
            if (looked.length < all.length) {
                look(w, gradient, 0);
            }
            return last.loss + penaltyValue(w);
        }
        looked = all;
        return smooth.evaluate(w, gradient) + penaltyValue(w);
    }

    /** Whether {@link #evaluateOn} costs much less than {@link #evaluate}. */
    public boolean isNarrow(WorkingSet set) {
        return layout.logits() == 1 && !grouped() && NARROW * set.size() < layout.features();
    }

    /**
     * {@link #evaluate} at a point that is 0 beyond a {@link #isNarrow narrow} working set: only derivatives by the
     * coefficients of the set and the intercept are written. It reads their columns alone.
     */
    public double evaluateOn(WorkingSet set, double[] w, double[] gradient) {
        known = null;
        double value = smooth.evaluateOn(columns, set, w, gradient);
        for (int e = 0; e < set.size(); e++) {
            value += penalty.value(set.feature()[e], w[set.position()[e]]);
        }
        return value;
    }

    /**
     * Writes the derivatives by all coefficients where {@link #evaluateOn} was last, which reads all of the data; or, once that
     * is done, only those that may be large enough for a working set, and 0 in place of the others.
     */
    public void completeGradient(double[] w, double[] gradient) {
        look(w, gradient, SLACK);
    }

    private void look(double[] w, double[] gradient, double slack) {
        GradientBounds limits = bounds;
        if (limits == null) {
            limits = new GradientBounds(shares, smooth.squareMeans());
            bounds = limits;
        }
        limits.follow(smooth.residuals());
        int[] near = near(limits, w, gradient, slack);
        if (NARROW * near.length < all.length) {
            columns.need(near);
            smooth.derivatives(near, gradient);
            smooth.countPass();
            looked = near;
        } else {
            smooth.completeGradient(gradient);
            looked = all;
        }
        for (int j : looked) {
            limits.know(j, gradient[layout.index(j, 0)]);
        }
    }

    /** The features whose coefficient is not 0, or whose derivative may be large enough for it to move. */
    private int[] near(GradientBounds limits, double[] w, double[] gradient, double slack) {
        InterceptDual.Move move = layout.intercept() ? smooth.interceptDual().move(gradient) : null;
        int[] near = new int[all.length];
        int count = 0;
        for (int j : all) {
            double most = limits.bound(j) + (move == null ? 0 : move.mostStep(limits.norm(j)));
            if (w[layout.index(j, 0)] != 0 || !(most < (1 - slack) * penalty.absolute(j))) {
                near[count++] = j;
            }
        }
        return Arrays.copyOf(near, count);
    }

    /** The penalty at {@code w}. */
    public double penaltyValue(double[] w) {
        if (grouped()) {
            return summed(all, w, (j, row) -> {}, (j, row, unused) -> penalty.value(j, row));
        }
        return workers.sumRanges(all.length, CHUNK, (from, to) -> {
            double sum = 0;
            for (int j = from; j < to; j++) {
                for (int k = 0; k < layout.logits(); k++) {
                    double v = w[layout.index(j, k)];
                    sum += v == 0 ? 0 : penalty.value(j, v);
                }
            }
            return sum;
        });
    }

    /** The part of the objective that L1 is at {@code w}, which is 0 beyond the set. */
    public double absolutePart(WorkingSet set, double[] w) {
        if (penalty.grouped()) {
            return summed(all, w, (j, row) -> {}, (j, row, unused) -> penalty.value(j, row) - curvedPart(j, row));
        }
        int[] feature = set.feature();
        int[] position = set.position();
        double sum = 0;
        for (int e = 0; e < position.length; e++) {
            double v = w[position[e]];
            sum += v == 0 ? 0 : penalty.absolute(feature[e]) * Math.abs(v);
        }
        return sum;
    }

    private double curvedPart(int j, double[] row) {
        double sum = 0;
        for (double v : row) {
            sum = Math.fma(v, v, sum);
        }
        return penalty.curvature(j) / 2 * sum;
    }

    /** About what a violation of an optimality condition adds to the gap, see {@link ElasticNet#shortfall}. */
    public double shortfall(int j, double w, double violation, double total) {
        return penalty.shortfall(j, w, violation, total);
    }

    /** About what a derivative r by the intercept of logit k adds to the gap. */
    public double interceptShortfall(int k, double r) {
        return layout.intercept() ? smooth.interceptDual().price(k, r) : 0;
    }

    /** A term of a sum over features, of the rows of two vectors. */
    @FunctionalInterface
    private interface Term {
        double of(int j, double[] w, double[] g);
    }

    /** Writes what a vector has of feature j, one entry for each logit. */
    @FunctionalInterface
    private interface Rows {
        void write(int j, double[] out);
    }

    /** A sum over features on all threads, in fixed parts that are added in order. */
    private double summed(int[] features, double[] w, Rows g, Term term) {
        return workers.sumRanges(features.length, CHUNK, (from, to) -> {
            double[] wRow = new double[layout.logits()];
            double[] gRow = new double[layout.logits()];
            double sum = 0;
            for (int f = from; f < to; f++) {
                row(w, features[f], wRow);
                g.write(features[f], gRow);
                sum += term.of(features[f], wRow, gRow);
            }
            return sum;
        });
    }

    private void row(double[] w, int j, double[] out) {
        for (int k = 0; k < out.length; k++) {
            out[k] = w[layout.index(j, k)];
        }
    }

    /** Whether the coefficients of a feature are all 0 or none. */
    public boolean grouped() {
        return penalty.grouped();
    }

    /** Where the coefficient of feature j in logit k is in a point. */
    public int position(int j, int k) {
        return layout.index(j, k);
    }

    /** The minimum of the penalty of a group beside a quadratic, see {@link ElasticNet#minimizer(int, double[], double[], double)}. */
    public double[] groupMinimizer(int j, double[] w, double[] slope, double h) {
        return penalty.minimizer(j, w, slope, h);
    }

    /** What the penalty adds for the coefficients of a feature. */
    public double penaltyValue(int j, double[] w) {
        return penalty.value(j, w);
    }

    /** The model of {@link #quadratic} for steps along groups. */
    public GroupedQuadratic groupedQuadratic() {
        return new GroupedQuadratic(columns, shares, layout, smooth.curvatureState());
    }

    /** The minimum of the penalty beside a quadratic in one coefficient, see {@link ElasticNet#minimizer}. */
    public double minimizer(int j, double w, double slope, double h) {
        return penalty.minimizer(j, w, slope, h);
    }

    /** Whether the penalty has a derivative at a coefficient of feature j, and it can move to both sides. */
    public boolean isSmoothAt(int j, double w) {
        return w != 0 && w > penalty.lower(j) && w < penalty.upper(j);
    }

    /** Whether the penalty of feature j is L1 alone, without bounds. */
    public boolean isPlainL1(int j) {
        return penalty.curvature(j) == 0
                && penalty.absolute(j) > 0
                && penalty.lower(j) == Double.NEGATIVE_INFINITY
                && penalty.upper(j) == Double.POSITIVE_INFINITY;
    }

    /** The derivative of the penalty by a coefficient of feature j, where it has one. */
    public double penaltySlope(int j, double w) {
        return penalty.absolute(j) * Math.signum(w) + penalty.curvature(j) * w;
    }

    /** The part of a step from w to v that stays where the penalty is smooth and the bounds allow: the last such point. */
    public double withinPiece(int j, double w, double v) {
        double end = w > 0 ? Math.max(0, v) : Math.min(0, v);
        return Math.max(penalty.lower(j), Math.min(penalty.upper(j), end));
    }

    /** The second derivative of the penalty by the coefficients of feature j, where it has one. */
    public double penaltyCurvature(int j) {
        return penalty.curvature(j);
    }

    /** What the penalty adds for one coefficient. */
    public double penaltyValue(int j, double w) {
        return penalty.value(j, w);
    }

    /** The position of the intercept of logit k, or -1 without intercepts. */
    public int intercept(int k) {
        return layout.intercept() ? layout.interceptStart() + k : -1;
    }

    /**
     * The coefficients that are not 0, or may not stay so: where the derivative g of the loss is within a tenth of
     * the penalty's slope of what makes them move.
     */
    public WorkingSet workingSet(double[] w, double[] gradient) {
        boolean[] member = penalty.grouped() ? groups(w, gradient) : new boolean[0];
        WorkingSet.Part[] parts = new WorkingSet.Part[(looked.length + CHUNK - 1) / CHUNK];
        workers.runRanges(looked.length, CHUNK, (from, to) -> {
            WorkingSet.Part part = new WorkingSet.Part();
            for (int f = from; f < to; f++) {
                int j = looked[f];
                for (int k = 0; k < layout.logits(); k++) {
                    int c = layout.index(j, k);
                    if (member.length > 0 ? member[j] : !stays(j, w[c], gradient[c], SLACK)) {
                        part.add(j, k, member.length > 0 ? 0 : penalty.violation(j, w[c], gradient[c]));
                    }
                }
            }
            parts[from / CHUNK] = part;
        });
        double violation = member.length > 0 ? largestGroupViolation(w, gradient) : 0;
        for (int k = 0; k < layout.logits() && layout.intercept(); k++) {
            violation = Math.max(violation, Math.abs(gradient[layout.interceptStart() + k]));
        }
        WorkingSet set = WorkingSet.of(parts, layout, violation);
        columns.need(set.feature());
        return set;
    }

    /** Those of a working set that are not 0, or whose derivative is within {@code slack} of what makes them move. */
    public WorkingSet near(WorkingSet set, double[] w, double[] gradient, double slack) {
        WorkingSet.Part part = new WorkingSet.Part();
        for (int k = 0; k < set.logits(); k++) {
            for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                int c = set.position()[e];
                if (!stays(set.feature()[e], w[c], gradient[c], slack)) {
                    part.add(set.feature()[e], k, 0);
                }
            }
        }
        return WorkingSet.of(new WorkingSet.Part[] {part}, layout, set.violation());
    }

    /** Whether a coefficient is 0, and its derivative g not within {@code slack} of what makes it move. */
    private boolean stays(int j, double w, double g, double slack) {
        return w == 0 && Math.abs(g) < (1 - slack) * penalty.absolute(j);
    }

    private boolean[] groups(double[] w, double[] gradient) {
        boolean[] member = new boolean[layout.features()];
        double[] zero = new double[layout.logits()];
        double[] wRow = new double[layout.logits()];
        double[] gRow = new double[layout.logits()];
        for (int j = 0; j < member.length; j++) {
            row(w, j, wRow);
            row(gradient, j, gRow);
            // At 0 the violation is by how much the gradient exceeds the penalty's slope.
            double excess = penalty.violation(j, zero, gRow);
            member[j] = !Arrays.equals(wRow, zero) || excess > 0 || norm(gRow) >= (1 - SLACK) * penalty.absolute(j);
        }
        return member;
    }

    private static double norm(double[] row) {
        double sum = 0;
        for (double v : row) {
            sum = Math.fma(v, v, sum);
        }
        return Math.sqrt(sum);
    }

    private double largestGroupViolation(double[] w, double[] gradient) {
        double largest = 0;
        double[] wRow = new double[layout.logits()];
        double[] gRow = new double[layout.logits()];
        for (int j = 0; j < layout.features(); j++) {
            row(w, j, wRow);
            row(gradient, j, gRow);
            largest = Math.max(largest, penalty.violation(j, wRow, gRow));
        }
        return largest;
    }

    /**
     * The second-order model at the point evaluated last. One is used at a time.
     *
     * @param caution from 0, Newton's model, to 1, at which rows that are far from their class curve as much as is safe
     * @param floor the least share of the largest second derivative that there is, that each row has along each logit
     */
    public ColumnQuadratic quadratic(double caution, double floor) {
        ColumnQuadratic known = quadratic;
        if (known == null) {
            known = new ColumnQuadratic(columns, shares, layout, smooth.labels(), workers);
            quadratic = known;
        }
        known.reset(smooth.curvatureState(), smooth.rowLosses(), caution, floor);
        return known;
    }

    /** Whether {@link #gramQuadratic} of a set serves better than {@link #quadratic}. */
    public boolean hasGram(WorkingSet set) {
        return set.size() <= KeptGram.MOST
                && (layout.logits() == 1 || ROWS_EACH * set.size() <= shares.length)
                && columns.areWorthProducts(set.feature(), layout.logits(), again);
    }

    /**
     * {@link #quadratic} as a matrix.
     *
     * @param wider a set that has all of this, of which the coefficients may be in later models
     * @param renew whether the second derivatives must be those at the point; else they may be those of an earlier one
     */
    public GramQuadratic gramQuadratic(WorkingSet set, WorkingSet wider, double caution, double floor, boolean renew) {
        return quadratic(caution, floor).gram(set, wider, renew);
    }

    /**
     * Tells the second derivatives of {@link #gramQuadratic}, which was asked for last, what a step from its point has shown.
     *
     * @param set the model's, or the wider one
     * @param step of the set's coefficients, and then of the intercepts or 0
     * @param change of the derivatives of the mean loss by them
     */
    public void learn(WorkingSet set, double[] step, double[] change) {
        Objects.requireNonNull(quadratic).learn(set, step, change);
    }

    /** A Newton step on the unpenalised intercepts alone, see {@link SmoothObjective#interceptStepInPlace}. */
    public boolean interceptStepInPlace(double[] w) {
        return smooth.interceptStepInPlace(w);
    }

    /** The duality gap at the point evaluated last; the first call may cost a pass, later ones none. */
    public Certificate certificate(double[] w, double[] gradient) {
        return certificate(looked, w, gradient, this::rowGap, smooth::meanCurvature);
    }

    /** At least the duality gap at any point, by the moments of its rows. */
    Certificate certificate(double[] w, double[] gradient, RowMoments moments) {
        return certificate(all, w, gradient, moments::gap, k -> moments.curvature());
    }

    /** The sum of what rows add where the dual point is scaled by t, at the point evaluated last. */
    private double rowGap(double t) {
        return ScaledDual.gap(shares, smooth.rowLosses(), t, workers);
    }

    /** How far the optimality condition fails that fails most, of one logit whose derivatives are all known. */
    double violation(double[] w, double[] gradient) {
        double violation = layout.intercept() ? Math.abs(gradient[layout.interceptStart()]) : 0;
        for (int j : all) {
            violation = Math.max(violation, penalty.violation(j, w[j], gradient[j]));
        }
        return violation;
    }

    /** The duality gap if the conditions of all coefficients beyond a {@link #isNarrow narrow} working set hold. */
    public Certificate certificateOn(WorkingSet set, double[] w, double[] gradient) {
        return certificate(set.feature(), w, gradient, this::rowGap, smooth::meanCurvature);
    }

    /**
     * The duality gap.
     *
     * @param rowGap of the factor t of the dual point
     * @param rowCurvature of a logit: the mean of the rows' second derivatives by it
     */
    private Certificate certificate(
            int[] features,
            double[] w,
            double[] gradient,
            DoubleUnaryOperator rowGap,
            IntToDoubleFunction rowCurvature) {
        Optional<InterceptDual.Move> move = layout.intercept()
                ? Optional.of(smooth.interceptDual().move(gradient)).filter(asked -> !asked.isNone())
                : Optional.empty();
        Rows g = move.isPresent() ? moved(gradient, move.get()) : (j, out) -> row(gradient, j, out);
        int[] adding = adding(features, w, g);
        double t = dualScale(adding, g);
        double penalised = rowGap.applyAsDouble(t)
                + summed(adding, w, g, (j, wRow, gRow) -> penalty.fenchelYoung(j, wRow, gRow, t));
        double free = 0;
        if (move.isPresent()) {
            free = move.get().price() + t * summed(adding, w, g, (j, wRow, gRow) -> movedPart(j, wRow, gradient, gRow));
        }
        for (int k = 0; k < layout.logits() && layout.intercept(); k++) {
            free += t * w[layout.interceptStart() + k] * gradient[layout.interceptStart() + k];
        }
        double[] own = new double[layout.logits()];
        for (int j : unpenalised) {
            g.write(j, own);
            for (int k = 0; k < layout.logits(); k++) {
                int c = layout.index(j, k);
                free += penalty.free(j, own[k])
                        ? smooth.freeGap(j, rowCurvature.applyAsDouble(k), w[c], gradient[c])
                        : 0;
            }
        }
        return new Certificate(penalised, Math.max(0, free));
    }

    /** Those features that may add something to the gap: of most all coefficients are 0, and the penalty holds them there. */
    private int[] adding(int[] features, double[] w, Rows g) {
        boolean[] adds = new boolean[features.length];
        workers.runRanges(features.length, CHUNK, (from, to) -> {
            double[] wRow = new double[layout.logits()];
            double[] gRow = new double[layout.logits()];
            for (int f = from; f < to; f++) {
                row(w, features[f], wRow);
                g.write(features[f], gRow);
                adds[f] = !penalty.staysAtZero(features[f], wRow, gRow);
            }
        });
        return IntStream.range(0, features.length)
                .filter(f -> adds[f])
                .map(f -> features[f])
                .toArray();
    }

    /** The largest t at which the conjugate of the penalty is finite at {@code -t g}. */
    private double dualScale(int[] features, Rows g) {
        double[] least = new double[(features.length + CHUNK - 1) / CHUNK];
        workers.runRanges(features.length, CHUNK, (from, to) -> {
            double t = 1;
            double[] row = new double[layout.logits()];
            for (int f = from; f < to; f++) {
                g.write(features[f], row);
                t = Math.min(t, penalty.dualScale(features[f], row));
            }
            least[from / CHUNK] = t;
        });
        return Arrays.stream(least).min().orElse(1);
    }

    private Rows moved(double[] gradient, InterceptDual.Move move) {
        return (j, out) -> {
            row(gradient, j, out);
            move.apply(j, out);
        };
    }

    /** {@code <W, G - G'>} of a feature, G' the gradient of the moved dual point. */
    private double movedPart(int j, double[] w, double[] gradient, double[] moved) {
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
            sum = Math.fma(w[k], gradient[layout.index(j, k)] - moved[k], sum);
        }
        return sum;
    }
}
