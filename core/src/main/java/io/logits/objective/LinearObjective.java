package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import io.logits.penalty.None;
import io.logits.penalty.SmoothPenalty;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code F(W, b) = (1/S) sum_i s_i loss(W x_i + b + o_i) + penalty(W)}, S the sum of the weights s.
 *
 * <p>One evaluation reads the features once: a tile of rows goes to margins, to losses and residuals, and to its part of
 * the gradient while it is in the cache. Where second derivatives are asked for, the probabilities of every row are
 * kept, n x 1 or n x K numbers; else nothing of that size exists.
 *
 * <p>With an L2 penalty and the dual point {@code U = P - Y} the duality gap is exactly
 * {@code sum_j g_j^2 / (2 lambda f_j)} over penalised coordinates, g the gradient of F, because
 * {@code logSumExp(z) - z_y - H(p) = (p - e_y).z}. What the derivatives by unpenalised intercepts leave is added
 * ({@link InterceptDual}).
 */
public final class LinearObjective implements TwiceSmoothObjective {
    /** What rounding does to a mean of losses; in float32 a margin of size 10 is off by about 1e-6. */
    private static final double DOUBLE_NOISE = 1e-13;

    private static final double FLOAT_NOISE = 1e-7;
    /** So many rows for each coordinate tell second derivatives to about a tenth. */
    private static final int SAMPLE_ROWS = 200;
    /** One row in so many, or all: else the steps that are worse cost more than the sample saves. */
    private static final int DENSEST_SAMPLE = 4;
    /** One row in so many takes less time than a pass, for fifty features. */
    private static final int SPARSEST_SAMPLE = 16;
    /** Coefficients that a thread takes at a time for the gap. */
    private static final int GAP_RANGE = 1 << 14;
    /** What a coupled sample must have of its rows' even share of the weight. */
    private static final double LEAST_SAMPLED_WEIGHT = 0.5;

    private final Matrix x;
    private final Loss loss;
    private final double[] weights;
    private final double[] offset;
    private final SmoothPenalty penalty;
    private final CoefLayout layout;
    private final Workers workers;
    private final Coordinates coordinates;

    /** The penalty's second derivative by the coefficients of each feature; empty without a penalty. */
    private final double[] penaltyCurvature;

    private final double totalWeight;
    private final int stride;
    private final RowPasses passes;
    private final FeatureSums sums;
    private final LossAccumulator[] accumulators;
    /** Curvature of every row at the point evaluated last; empty if it is not kept. */
    private final double[] state;
    /** Sums of the features by the rows' curvatures that the last preconditioner has, overwritten by the next; empty before. */
    private double[] firstMoments = {};

    private double[] secondMoments = {};

    /** The loss of every row at the point evaluated last; empty if it is not kept. */
    private double[] rowLosses = new double[0];

    private @Nullable ColumnPass columnPass;

    private final double[] meanCurvature;
    private final CurvatureModel curvatureModel;
    private final Separability separability;
    /** Passes that were not by {@link #passes}. */
    private int others;
    /** Points evaluated so far. */
    private int evaluations;

    private @Nullable InterceptDual interceptDual;
    private @Nullable SampleSpace sampleSpace;

    /**
     * An objective.
     *
     * @param keepCurvature whether {@link #hessian} and {@link #hessianProduct} will be asked for
     * @param weights one per row, or empty for 1 each
     * @param offset {@code logits} per row, or empty for none
     */
    public LinearObjective(
            Matrix x,
            Loss loss,
            double[] weights,
            double[] offset,
            SmoothPenalty penalty,
            CoefLayout layout,
            Workers workers,
            boolean keepCurvature) {
        this.x = x;
        this.loss = loss;
        this.weights = weights;
        this.offset = offset;
        this.penalty = penalty;
        this.layout = layout;
        this.workers = workers;
        stride = layout.stride();
        coordinates = new Coordinates(workers, layout.size());
        penaltyCurvature = penaltyCurvature(penalty, layout);
        totalWeight = weights.length == 0 ? x.rows() : Arrays.stream(weights).sum();
        boolean rough = x.hasFloatProducts() && !penalty.isNone();
        passes = new RowPasses(x, weights, offset, layout, workers, rough, FeatureSums.size(x, layout));
        sums = FeatureSums.of(x, passes, layout, totalWeight, workers);
        accumulators = new LossAccumulator[passes.blocks()];
        Arrays.setAll(accumulators, b -> new LossAccumulator(stride));
        state = new double[keepCurvature ? Math.multiplyExact(x.rows(), stride) : 0];
        meanCurvature = new double[stride];
        curvatureModel = new CurvatureModel(x, weights, totalWeight, penalty, layout, workers);
        separability = new Separability(x, loss, layout, passes, curvatureModel);
    }

    /**
     * The mean loss of some sparse rows without a penalty, the coefficients of some features free and all else held.
     *
     * @param features in increasing order
     * @param w where all else is held
     */
    LinearObjective local(int[] rows, int[] features, double[] w) {
        int logits = layout.logits();
        CsrMatrix some = ((CsrMatrix) x).select(rows);
        CsrMatrix free = some.selectColumns(features);
        CoefLayout own = CoefLayout.of(free, logits, false, false);
        double[] z = new double[rows.length * stride];
        some.multiplyAdd(0, rows.length, w, logits, z);
        free.multiplyAdd(0, rows.length, negated(features, own, w), logits, z);
        double[] offsets = offset.length == 0 ? new double[rows.length * logits] : at(offset, rows, logits);
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < logits; k++) {
                double intercept = layout.intercept() ? w[layout.interceptStart() + k] : 0;
                offsets[i * logits + k] += z[i * stride + k] + intercept;
            }
        }
        return new LinearObjective(
                free, loss.select(rows), at(weights, rows, 1), offsets, new None(), own, workers, true);
    }

    /** The coefficients of some features, negated, in a layout of their own. */
    private double[] negated(int[] features, CoefLayout own, double[] w) {
        double[] out = new double[own.size()];
        for (int f = 0; f < features.length; f++) {
            for (int k = 0; k < layout.logits(); k++) {
                out[own.index(f, k)] = -w[layout.index(features[f], k)];
            }
        }
        return out;
    }

    /** The columns of the matrix, a copy where there is none yet. */
    public ColumnMatrix columns() {
        return sums.columns();
    }

    /** How many rows there are. */
    int rows() {
        return x.rows();
    }

    /** The weight of all rows. */
    double totalWeight() {
        return totalWeight;
    }

    /** Keeps the loss of each row from now on: n numbers. */
    void keepLosses() {
        rowLosses = rowLosses.length > 0 ? rowLosses : new double[x.rows()];
    }

    /** The loss of each row at the point evaluated last, without its weight. */
    double[] rowLosses() {
        return rowLosses;
    }

    /** What {@link Loss#curvatureState} says of each row at the point evaluated last, {@code stride} numbers a row. */
    double[] curvatureState() {
        return state;
    }

    CoefLayout layout() {
        return layout;
    }

    Workers workers() {
        return workers;
    }

    /** The class index of each row. */
    int[] labels() {
        int[] labels = new int[x.rows()];
        Arrays.setAll(labels, loss::label);
        return labels;
    }

    /** The weight of each row over that of all. */
    double[] shares() {
        double[] shares = new double[x.rows()];
        Arrays.setAll(shares, i -> passes.weight(i) / totalWeight);
        return shares;
    }

    private static double[] penaltyCurvature(SmoothPenalty penalty, CoefLayout layout) {
        double[] curvature = new double[penalty.isNone() ? 0 : layout.features()];
        Arrays.setAll(curvature, penalty::curvature);
        return curvature;
    }

    /** Neighbouring coefficients of which the penalty has the same second derivative. */
    @FunctionalInterface
    private interface PenalisedRun {
        /** What those {@code from <= c < to} add to a sum. */
        double of(int from, int to, double curvature);
    }

    /** The sum over all coefficients, intercepts left out; 0 without a penalty. */
    private double sumPenalised(PenalisedRun run) {
        return penalty.isNone() || layout.features() == 0
                ? 0
                : coordinates.sum((from, to) -> sumPenalised(from, Math.min(to, layout.interceptStart()), run));
    }

    private double sumPenalised(int from, int end, PenalisedRun run) {
        int features = layout.features();
        boolean byFeature = layout.byFeature();
        int j = byFeature ? from / stride : from % features;
        double sum = 0;
        for (int c = from; c < end; ) {
            double curvature = penaltyCurvature[j];
            int next = c;
            do {
                next = byFeature ? (j + 1) * stride : next + 1;
                j = j + 1 == features ? 0 : j + 1;
            } while (next < end && penaltyCurvature[j] == curvature);
            sum += run.of(c, Math.min(next, end), curvature);
            c = next;
        }
        return sum;
    }

    @Override
    public int size() {
        return layout.size();
    }

    @Override
    public int passes() {
        return passes.count() + others + curvatureModel.passes() + (sampleSpace == null ? 0 : sampleSpace.reads());
    }

    /**
     * The problem seen from its rows.
     *
     * @throws IllegalStateException if there are several logits, or a feature without a penalty
     */
    public SampleSpace sampleSpace() {
        if (layout.logits() > 1
                || penalty.isNone()
                || Arrays.stream(penaltyCurvature).anyMatch(c -> !(c > 0))) {
            throw new IllegalStateException(
                    "rows serve in place of features for one logit with all features penalised");
        }
        SampleSpace known = sampleSpace;
        if (known == null) {
            known = new SampleSpace(this, x, loss, passes, totalWeight, penaltyCurvature, layout, workers);
            sampleSpace = known;
        }
        return known;
    }

    @Override
    public boolean hasCertificate() {
        return !penalty.isNone();
    }

    @Override
    public boolean refine() {
        boolean better = passes.isRough();
        passes.setRough(false);
        return better;
    }

    @Override
    public double valueNoise() {
        return passes.isRough() ? FLOAT_NOISE : DOUBLE_NOISE;
    }

    /** How many points have been evaluated so far: as long as it stays, what is kept is of the same point. */
    int evaluations() {
        return evaluations;
    }

    @Override
    public double evaluate(double[] w, double[] gradient) {
        evaluations++;
        passes.narrow(w);
        for (LossAccumulator part : accumulators) {
            part.reset();
        }
        FeatureSums.Tile residuals = (block, from, to, z, losses) -> {
            passes.margins(w, from, to, z);
            passes.addOffset(from, to, z);
            loss.evaluateInPlace(z, stride, from, to - from, losses);
            LossAccumulator part = accumulators[block];
            for (int i = 0; i < to - from; i++) {
                part.addLoss(passes.weight(from + i) * losses[i]);
                addCurvature(passes.weight(from + i), z, i * stride, part.curvature);
            }
            if (rowLosses.length > 0) {
                System.arraycopy(losses, 0, rowLosses, from, to - from);
            }
            if (state.length > 0) {
                loss.curvatureState(z, stride, from, to - from, state, from * stride);
            }
        };
        if (interceptDual == null && layout.intercept() && hasCertificate()) {
            interceptDual = interceptDual((all, ofFirst) -> sums.sum(residuals, gradient, loss, all, ofFirst));
        } else {
            sums.sum(residuals, gradient);
        }
        LossAccumulator total = new LossAccumulator(stride);
        for (LossAccumulator part : accumulators) {
            total.merge(part);
        }
        for (int k = 0; k < stride; k++) {
            meanCurvature[k] = total.curvature[k] / totalWeight;
        }
        return total.loss() / totalWeight + addPenalty(w, gradient);
    }

    /**
     * The mean loss of one logit, from the columns of a working set beyond which the point is 0, and its derivatives by these.
     *
     * @param columns the same at every call
     */
    double evaluateOn(ColumnMatrix columns, WorkingSet set, double[] w, double[] gradient) {
        ColumnPass pass = columnPass;
        if (pass == null) {
            pass = new ColumnPass(columns, loss, passes, totalWeight, layout, workers);
            columnPass = pass;
        }
        evaluations++;
        double mean = pass.evaluate(set, w, rowLosses, state, gradient);
        meanCurvature[0] = pass.meanCurvature();
        return mean;
    }

    /** The derivatives by all coefficients where {@link #evaluateOn} was last: a pass, without margins and losses. */
    void completeGradient(double[] gradient) {
        double[] residuals = Objects.requireNonNull(columnPass).residuals();
        sums.sum((block, from, to, r, perRow) -> System.arraycopy(residuals, from, r, 0, to - from), gradient);
    }

    /** {@link #completeGradient} by some coefficients, from their columns; 0 by all others but the intercept. */
    void derivatives(int[] features, double[] gradient) {
        Arrays.fill(gradient, 0, layout.interceptStart(), 0);
        Objects.requireNonNull(columnPass).derivatives(features, gradient);
    }

    /** Counts a pass that need not read all of the matrix, or that another class has done. */
    void countPass() {
        others++;
    }

    /** The mean loss of one logit at several points at once; it counts its passes here. */
    JointPass jointPass() {
        return new JointPass(x, loss, weights, offset, layout.intercept(), workers);
    }

    /** The weighted mean of the rows' second derivatives by logit k at the point evaluated last. */
    double meanCurvature(int k) {
        return meanCurvature[k];
    }

    /** The residual of each row where {@link #evaluateOn} was last, without its weight. */
    double[] residuals() {
        return Objects.requireNonNull(columnPass).residuals();
    }

    /** The weighted mean square of each column; the first call is a pass. */
    double[] squareMeans() {
        return curvatureModel.squareMeans();
    }

    /** Adds {@code s p (1 - p)} of each logit; with the residual {@code r = p - y} that is {@code s |r| (1 - |r|)}. */
    static void addCurvature(double weight, double[] r, int at, double[] curvature) {
        for (int k = 0; k < curvature.length; k++) {
            double distance = Math.abs(r[at + k]);
            curvature[k] = Math.fma(weight * distance, 1 - distance, curvature[k]);
        }
    }

    /** The penalty's value at {@code w}; adds its gradient. */
    private double addPenalty(double[] w, double[] gradient) {
        double twice = sumPenalised((from, to, curvature) -> {
            double sum = 0;
            for (int c = from; c < to; c++) {
                double slope = curvature * w[c];
                sum = Math.fma(slope, w[c], sum);
                gradient[c] += slope;
            }
            return sum;
        });
        return twice / 2;
    }

    @Override
    public Certificate certificate(double[] w, double[] gradient) {
        if (penalty.isNone()) {
            return Certificate.NONE;
        }
        double free = 0;
        for (int j = 0; j < layout.features(); j++) {
            for (int k = 0; k < layout.logits() && penalty.curvature(j) == 0; k++) {
                int c = layout.index(j, k);
                free += freeGap(j, meanCurvature[k], w[c], gradient[c]);
            }
        }
        if (layout.intercept()) {
            free += interceptGap(w, gradient);
        }
        return new Certificate(penalisedGap(gradient), free);
    }

    /**
     * What a coefficient without a penalty is taken to add to the gap, its derivative g not quite 0: {@code |w g|}, and as
     * that is nothing at 0, twice what a Newton step of it alone would gain. The first call costs a pass.
     *
     * @param rowCurvature the weighted mean of the rows' second derivatives by their logit
     */
    double freeGap(int j, double rowCurvature, double w, double g) {
        if (g == 0) {
            return 0;
        }
        double curvature = rowCurvature * curvatureModel.squareMeans()[j];
        return Math.abs(w * g) + g * g / curvature;
    }

    /** What must be added to the gap of the penalised coordinates for the intercepts; at least 0. */
    private double interceptGap(double[] w, double[] gradient) {
        InterceptDual.Move move = interceptDual().move(gradient);
        if (move.isNone()) {
            return 0;
        }
        double change = move.price();
        int logits = layout.logits();
        for (int k = 0; k < logits; k++) {
            change += w[layout.interceptStart() + k] * gradient[layout.interceptStart() + k];
        }
        change += workers.sumRanges(layout.features(), Math.max(1, GAP_RANGE / logits), (from, to) -> {
            double[] g = new double[logits];
            double[] steps = new double[logits];
            double sum = 0;
            for (int j = from; j < to; j++) {
                double curvature = penalty.curvature(j);
                for (int k = 0; k < logits && curvature > 0; k++) {
                    int c = layout.index(j, k);
                    g[k] = gradient[c] - curvature * w[c];
                }
                if (curvature > 0) {
                    move.steps(j, g, steps);
                    for (int k = 0; k < logits; k++) {
                        sum += steps[k] * (2 * g[k] + steps[k]) / (2 * curvature);
                    }
                }
            }
            return sum;
        });
        return Math.max(0, change);
    }

    @Override
    public double penalisedGap(double[] gradient) {
        if (penalty.isNone()) {
            return Double.NaN;
        }
        return sumPenalised((from, to, curvature) -> {
            double sum = 0;
            for (int c = from; c < to && curvature > 0; c++) {
                sum += gradient[c] * gradient[c] / (2 * curvature);
            }
            return sum;
        });
    }

    /**
     * How to make a dual point of one whose derivatives by the intercepts do not vanish. Costs a pass at first, where
     * evaluating a point has not told it.
     */
    InterceptDual interceptDual() {
        InterceptDual known = interceptDual;
        if (known == null) {
            known = interceptDual((all, ofFirst) -> sums.sumByClass(loss, all, ofFirst));
            interceptDual = known;
        }
        return known;
    }

    /** The same from what a pass sums, see {@link FeatureSums#sumByClass}. */
    private InterceptDual interceptDual(BiConsumer<double[], double[]> pass) {
        double[] ofClasses = new double[layout.size()];
        double[] ofFirst = new double[layout.logits() == 1 ? layout.size() : 0];
        pass.accept(ofClasses, ofFirst);
        InterceptDual made = new InterceptDual(layout, ofClasses, ofFirst, offsetSpread());
        curvatureModel.keepMeans(made.columnMeans());
        return made;
    }

    /** The weighted mean of each column, if a certificate or a preconditioner has asked for it; else nothing. */
    public Optional<double[]> columnMeans() {
        return curvatureModel.knownMeans();
    }

    /** The largest difference between the offsets of one row; where there is one logit, that of the first class is 0. */
    private double offsetSpread() {
        int logits = layout.logits();
        double spread = 0;
        for (int i = 0; i < offset.length; i += logits) {
            double least = logits == 1 ? 0 : Double.POSITIVE_INFINITY;
            double most = logits == 1 ? 0 : Double.NEGATIVE_INFINITY;
            for (int k = 0; k < logits; k++) {
                least = Math.min(least, offset[i + k]);
                most = Math.max(most, offset[i + k]);
            }
            spread = Math.max(spread, most - least);
        }
        return spread;
    }

    @Override
    public void hessianProduct(double[] v, double[] out) {
        passes.narrow(v);
        sums.sum(
                (block, from, to, z, perRow) -> {
                    passes.margins(v, from, to, z);
                    loss.curvatureProductInPlace(state, from * stride, stride, to - from, z);
                },
                out);
        addPenalty(v, out);
    }

    @Override
    public void penaltyProductAdd(double factor, double[] v, double[] out) {
        sumPenalised((from, to, curvature) -> {
            for (int c = from; c < to; c++) {
                out[c] = Math.fma(factor * curvature, v[c], out[c]);
            }
            return 0;
        });
    }

    @Override
    public Coordinates coordinates() {
        return coordinates;
    }

    @Override
    public int freeSize() {
        return layout.freeSize();
    }

    @Override
    public void toFree(double[] w, double[] free) {
        for (int f = 0; f < freeSize(); f++) {
            free[f] = w[layout.freeIndex(f)];
        }
    }

    @Override
    public void fromFree(double[] free, double[] w) {
        for (int f = 0; f < freeSize(); f++) {
            w[layout.freeIndex(f)] = free[f];
        }
    }

    @Override
    public void hessian(double[] h) {
        others++;
        hessian(1, h);
    }

    @Override
    public boolean estimateHessian(double[] h) {
        int every = sampledOf(x.rows(), freeSize());
        if (every == 1) {
            return false;
        }
        hessian(every, h);
        return true;
    }

    @Override
    public Optional<Sample> ofSample() {
        int every = sampledOf(x.rows(), freeSize());
        return every == 1 ? Optional.empty() : Optional.of(ofSample(HessianSum.sampleOf(x.rows(), every)));
    }

    private Sample ofSample(int[] rows) {
        double[] some = at(weights, rows, 1);
        double[] offsets = at(offset, rows, layout.logits());
        LinearObjective objective =
                new LinearObjective(x.view(rows), loss.select(rows), some, offsets, penalty, layout, workers, true);
        return new Sample(objective, rows.length / (double) x.rows());
    }

    @Override
    public Optional<Sample> ofCoupledSample() {
        int every = CoupledCurvature.sampledOf(x, layout);
        if (every == 1) {
            return Optional.empty();
        }
        int[] rows = HessianSum.sampleOf(x.rows(), every);
        return represents(rows) ? Optional.of(ofSample(rows)) : Optional.empty();
    }

    /** Whether these rows have about their share of the weight, and some of each class that has any. */
    private boolean represents(int[] rows) {
        double[] ofAll = new double[layout.logits()];
        for (int i = 0; i < x.rows(); i++) {
            ofAll[loss.label(i)] += passes.weight(i);
        }
        double[] ofThese = new double[layout.logits()];
        for (int i : rows) {
            ofThese[loss.label(i)] += passes.weight(i);
        }
        double fair = totalWeight * rows.length / x.rows();
        boolean represents = Arrays.stream(ofThese).sum() >= LEAST_SAMPLED_WEIGHT * fair;
        for (int k = 0; k < ofAll.length; k++) {
            represents &= ofThese[k] > 0 || ofAll[k] == 0;
        }
        return represents;
    }

    /**
     * An approximation of the inverse of the second derivatives at the point evaluated last that has them as they are, logits coupled,
     * along those directions along which the features vary most; it suits points near by and objectives of more of such rows
     * too, and does not hold these rows. Counts as a pass.
     *
     * @throws IllegalStateException if the rows are sparse, there is one logit, or second derivatives are not kept
     */
    public Preconditioner coupledPreconditioner() {
        if (x instanceof CsrMatrix || layout.logits() == 1 || state.length == 0) {
            throw new IllegalStateException("logits can be coupled in dense rows of several, with second derivatives"
                    + " kept; these are " + (x instanceof CsrMatrix ? "sparse" : "dense") + " rows of "
                    + layout.logits() + ", second derivatives " + (state.length == 0 ? "not kept" : "kept"));
        }
        others++;
        double mean = Arrays.stream(meanCurvature).sum() / layout.logits();
        CoupledCurvature coupled = new CoupledCurvature(x, penalty, layout, curvatureModel.gram(), mean, workers);
        return coupled.inverse(preconditioner(), (from, to, k, l, out) -> {
            loss.curvature(state, from * stride, stride, to - from, k, l, out);
            for (int i = from; i < to; i++) {
                out[i - from] *= passes.weight(i) / totalWeight;
            }
        });
    }

    /** The numbers of these rows, {@code width} each; none if there are none of all. */
    private static double[] at(double[] values, int[] rows, int width) {
        if (values.length == 0) {
            return values;
        }
        double[] some = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * width, some, i * width, width);
        }
        return some;
    }

    /** Of how many rows {@link #estimateHessian} takes one, for so many coordinates; 1 for all. */
    public static int sampledOf(int rows, int freeSize) {
        long enough = rows / ((long) SAMPLE_ROWS * Math.max(1, freeSize));
        return enough < DENSEST_SAMPLE ? 1 : (int) Math.min(SPARSEST_SAMPLE, enough);
    }

    private void hessian(int every, double[] h) {
        int sampled = new HessianSum(x, layout, workers)
                .compute(
                        (from, to, k, l, out) -> {
                            loss.curvature(state, from * stride, stride, to - from, k, l, out);
                            for (int i = 0; i < to - from && weights.length > 0; i++) {
                                out[i] *= weights[from + i];
                            }
                        },
                        every,
                        h);
        double scale = x.rows() / (double) sampled / totalWeight;
        int order = freeSize();
        int rows = layout.rows();
        workers.run(order, row -> {
            for (int c = 0; c <= row; c++) {
                h[row * order + c] *= scale;
            }
            int j = row % rows;
            if (j < layout.features()) {
                h[row * order + row] += penalty.curvature(j);
            }
        });
    }

    /** Whether the preconditioner of such rows knows how features go together, or what single ones do. */
    public static boolean couplesFeatures(Matrix x, CoefLayout layout) {
        return CurvatureModel.couplesFeatures(x, layout);
    }

    @Override
    public Preconditioner preconditioner(double damping, boolean closely) {
        // Which rows curve differs from class to class, and so does what is seen of a sparse feature. Without a penalty
        // that may be nothing by and by.
        boolean byRows = state.length > 0 && !penalty.isNone() && (layout.logits() > 1 || closely);
        if (!byRows || !(x instanceof CsrMatrix)) {
            return curvatureModel.inverse(meanCurvature, damping);
        }
        secondMoments = roomFor(secondMoments);
        sums.sumSquares(this::curvatures, secondMoments);
        if (!closely || !curvatureModel.usesMeans()) {
            return curvatureModel.inverseDiagonal(secondMoments, damping);
        }
        firstMoments = roomFor(firstMoments);
        sums.sum(this::curvatures, firstMoments);
        double[] totals = Arrays.copyOf(meanCurvature, layout.logits());
        return curvatureModel.centred(totals, firstMoments, secondMoments, damping);
    }

    private double[] roomFor(double[] known) {
        return known.length == 0 ? new double[layout.size()] : known;
    }

    /** The second derivatives of a tile of rows by their logits. */
    private void curvatures(int block, int from, int to, double[] c, double[] perRow) {
        for (int k = 0; k < layout.logits(); k++) {
            loss.curvature(state, from * stride, stride, to - from, k, k, perRow);
            for (int i = 0; i < to - from; i++) {
                c[i * stride + k] = perRow[i];
            }
        }
    }

    /** Boehning (1992): the second derivatives of a row are at most 1/4 with one logit, 1/2 with many. */
    @Override
    public Preconditioner cautiousPreconditioner() {
        double[] most = new double[stride];
        Arrays.fill(most, 0, layout.logits(), layout.logits() == 1 ? 0.25 : 0.5);
        return curvatureModel.inverse(most, 0);
    }

    @Override
    public boolean interceptStepInPlace(double[] w) {
        if (!layout.intercept()) {
            return false;
        }
        new InterceptStep(loss, layout, passes).takeInPlace(w);
        return true;
    }

    @Override
    public MarginChange marginChange(double[] d) {
        return separability.marginChange(d);
    }

    @Override
    public boolean separates(double[] d) {
        return separability.separates(d);
    }

    @Override
    public boolean vanishes(double[] gradient) {
        return separability.vanishes(gradient);
    }

    @Override
    public void dropNegligibleInPlace(double[] d, double share) {
        separability.dropNegligibleInPlace(d, share);
    }

    @Override
    public Optional<TwiceSmoothObjective> evenly() {
        boolean even = offset.length == 0;
        for (double weight : weights) {
            even &= weight == 0 || weight == 1;
        }
        if (even) {
            return Optional.empty();
        }
        double[] ones = Arrays.stream(weights).map(Math::signum).toArray();
        return Optional.of(new LinearObjective(x, loss, ones, new double[0], penalty, layout, workers, true));
    }
}
