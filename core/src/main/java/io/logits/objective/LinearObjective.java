package io.logits.objective;

import io.logits.data.Matrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import io.logits.penalty.SmoothPenalty;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;
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
    /** A tile of dense rows should stay in the second-level cache between its two products. */
    private static final int TILE_ENTRIES = 1 << 15;

    private static final int MOST_TILE_ROWS = 256;
    private static final int MERGE_CHUNK = 1 << 13;
    /** What rounding does to a mean of losses; in float32 a margin of size 10 is off by about 1e-6. */
    private static final double DOUBLE_NOISE = 1e-13;

    private static final double FLOAT_NOISE = 1e-7;

    /** What rounding of margins and sums leaves of a gradient that should be 0, where residuals and features are 1. */
    private static final double GRADIENT_NOISE = 1e-12;

    private static final double UNIT_ROUNDOFF = 0x1p-53;
    /** A direction is itself rounded, in each coefficient, and was computed; a few times its rounding is allowed. */
    private static final double SEPARATION_SLACK = 32;
    /** A margin that rises by this many times the rounding rises for sure. */
    private static final double SURELY = 1e3;

    private final Matrix x;
    private final Loss loss;
    private final double[] weights;
    private final double[] offset;
    private final SmoothPenalty penalty;
    private final CoefLayout layout;
    private final Workers workers;

    /** The penalty's second derivative by each coefficient; empty without a penalty. */
    private final double[] penaltyCurvature;

    private final double totalWeight;
    private final int stride;
    private final int tileRows;
    private final RowBlocks blocks;
    private final LossAccumulator[] accumulators;
    /** Curvature of every row at the point evaluated last; empty if it is not kept. */
    private final double[] state;

    /** The loss of every row at the point evaluated last; empty if it is not kept. */
    private double[] rowLosses = new double[0];

    /** Whether products are in float32; coefficients are rounded to {@code narrow} for them. */
    private boolean rough;

    private final float[] narrow;
    private final double[] meanCurvature;
    private final CurvatureModel curvatureModel;
    private @Nullable InterceptDual interceptDual;
    private int passes;

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
        penaltyCurvature = penaltyCurvature(penalty, layout);
        totalWeight = weights.length == 0 ? x.rows() : Arrays.stream(weights).sum();
        double entriesPerRow = Math.max(1, x.storedEntries(x.rows()) / (double) Math.max(1, x.rows()));
        tileRows = (int) Math.max(8, Math.min(MOST_TILE_ROWS, TILE_ENTRIES / entriesPerRow));
        blocks = RowBlocks.of(x, 2L * stride, layout.size());
        accumulators = new LossAccumulator[blocks.count()];
        Arrays.setAll(accumulators, b -> new LossAccumulator(layout.size(), stride));
        state = new double[keepCurvature ? Math.multiplyExact(x.rows(), stride) : 0];
        rough = x.hasFloatProducts() && !penalty.isNone();
        narrow = new float[rough ? layout.interceptStart() : 0];
        meanCurvature = new double[stride];
        curvatureModel = new CurvatureModel(x, weights, totalWeight, penalty, layout, workers);
    }

    /** Keeps the loss of each row from now on: n numbers. */
    void keepLosses() {
        rowLosses = new double[x.rows()];
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

    /** The weight of each row over that of all. */
    double[] shares() {
        double[] shares = new double[x.rows()];
        Arrays.setAll(shares, i -> weight(i) / totalWeight);
        return shares;
    }

    private static double[] penaltyCurvature(SmoothPenalty penalty, CoefLayout layout) {
        if (penalty.isNone()) {
            return new double[0];
        }
        double[] curvature = new double[layout.interceptStart()];
        for (int j = 0; j < layout.features(); j++) {
            for (int k = 0; k < layout.logits(); k++) {
                curvature[layout.index(j, k)] = penalty.curvature(j);
            }
        }
        return curvature;
    }

    @Override
    public int size() {
        return layout.size();
    }

    @Override
    public int passes() {
        return passes + curvatureModel.passes();
    }

    @Override
    public boolean hasCertificate() {
        return !penalty.isNone();
    }

    @Override
    public boolean refine() {
        boolean better = rough;
        rough = false;
        return better;
    }

    @Override
    public double valueNoise() {
        return rough ? FLOAT_NOISE : DOUBLE_NOISE;
    }

    private void narrow(double[] w) {
        for (int c = 0; c < narrow.length; c++) {
            narrow[c] = (float) w[c];
        }
    }

    /** One tile of rows of a block. */
    @FunctionalInterface
    private interface TileTask {
        void accept(int from, int to, double[] z, double[] perRow);
    }

    /** One pass: visits all blocks of rows, on all threads. */
    private void pass(IntConsumer block) {
        passes++;
        workers.run(blocks.count(), block);
    }

    private void forEachTile(int block, TileTask task) {
        int rows = Math.min(tileRows, blocks.end(block) - blocks.start(block));
        double[] z = new double[rows * stride];
        double[] perRow = new double[rows];
        for (int from = blocks.start(block); from < blocks.end(block); from += tileRows) {
            task.accept(from, Math.min(from + tileRows, blocks.end(block)), z, perRow);
        }
    }

    @Override
    public double evaluate(double[] w, double[] gradient) {
        narrow(w);
        pass(b -> {
            LossAccumulator sums = accumulators[b];
            sums.reset();
            forEachTile(b, (from, to, z, losses) -> {
                margins(w, from, to, z);
                addOffset(from, to, z);
                loss.evaluateInPlace(z, stride, from, to - from, losses);
                for (int i = 0; i < to - from; i++) {
                    sums.addLoss(weight(from + i) * losses[i]);
                    addCurvature(weight(from + i), z, i * stride, sums.curvature);
                }
                if (rowLosses.length > 0) {
                    System.arraycopy(losses, 0, rowLosses, from, to - from);
                }
                if (state.length > 0) {
                    loss.curvatureState(z, stride, from, to - from, state, from * stride);
                }
                addTransposed(from, to, z, sums.gradient);
            });
        });
        LossAccumulator total = new LossAccumulator(0, stride);
        for (LossAccumulator part : accumulators) {
            total.mergeScalars(part);
        }
        for (int k = 0; k < stride; k++) {
            meanCurvature[k] = total.curvature[k] / totalWeight;
        }
        mergeGradients(gradient);
        return total.loss() / totalWeight + addPenalty(w, gradient);
    }

    /** Adds {@code s p (1 - p)} of each logit; with the residual {@code r = p - y} that is {@code s |r| (1 - |r|)}. */
    private static void addCurvature(double weight, double[] r, int at, double[] curvature) {
        for (int k = 0; k < curvature.length; k++) {
            double distance = Math.abs(r[at + k]);
            curvature[k] = Math.fma(weight * distance, 1 - distance, curvature[k]);
        }
    }

    /** {@code z = W x + b} for the rows of a tile; {@link #narrow} must hold {@code w} if it is used. */
    private void margins(double[] w, int from, int to, double[] z) {
        if (layout.intercept()) {
            for (int i = 0; i < to - from; i++) {
                System.arraycopy(w, layout.interceptStart(), z, i * stride, stride);
            }
        } else {
            Arrays.fill(z, 0, (to - from) * stride, 0);
        }
        if (rough) {
            float[] product = new float[(to - from) * stride];
            x.multiplyAdd(from, to, narrow, layout.logits(), product);
            for (int c = 0; c < product.length; c++) {
                z[c] += product[c];
            }
        } else {
            x.multiplyAdd(from, to, w, layout.logits(), z);
        }
    }

    private void addOffset(int from, int to, double[] z) {
        if (offset.length == 0) {
            return;
        }
        int logits = layout.logits();
        for (int i = 0; i < to - from; i++) {
            for (int k = 0; k < logits; k++) {
                z[i * stride + k] += offset[(from + i) * logits + k];
            }
        }
    }

    private double weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }

    /** Adds {@code sum_i s_i r_i x_i'} of a tile; scales the residuals {@code r} by the weights in place. */
    private void addTransposed(int from, int to, double[] r, double[] gradient) {
        if (weights.length > 0) {
            for (int i = 0; i < to - from; i++) {
                for (int k = 0; k < stride; k++) {
                    r[i * stride + k] *= weights[from + i];
                }
            }
        }
        if (rough) {
            float[] rounded = new float[(to - from) * stride];
            for (int c = 0; c < rounded.length; c++) {
                rounded[c] = (float) r[c];
            }
            x.transposeMultiplyAdd(from, to, rounded, layout.logits(), gradient);
        } else {
            x.transposeMultiplyAdd(from, to, r, layout.logits(), gradient);
        }
        if (layout.intercept()) {
            int at = layout.interceptStart();
            for (int i = 0; i < to - from; i++) {
                for (int k = 0; k < stride; k++) {
                    gradient[at + k] += r[i * stride + k];
                }
            }
        }
    }

    /** Adds up the blocks' gradients in order, over S, the reference class left at 0. */
    private void mergeGradients(double[] gradient) {
        int size = layout.size();
        double scale = 1 / totalWeight;
        workers.run((size + MERGE_CHUNK - 1) / MERGE_CHUNK, chunk -> {
            int from = chunk * MERGE_CHUNK;
            int to = Math.min(size, from + MERGE_CHUNK);
            System.arraycopy(accumulators[0].gradient, from, gradient, from, to - from);
            for (int b = 1; b < accumulators.length; b++) {
                double[] part = accumulators[b].gradient;
                for (int c = from; c < to; c++) {
                    gradient[c] += part[c];
                }
            }
            for (int c = from; c < to; c++) {
                gradient[c] *= scale;
            }
        });
        if (layout.reference()) {
            for (int j = 0; j < layout.rows(); j++) {
                gradient[layout.index(j, 0)] = 0;
            }
        }
    }

    /** The penalty's value at {@code w}; adds its gradient. */
    private double addPenalty(double[] w, double[] gradient) {
        double sum = 0;
        for (int c = 0; c < penaltyCurvature.length; c++) {
            double slope = penaltyCurvature[c] * w[c];
            sum = Math.fma(slope, w[c], sum);
            gradient[c] += slope;
        }
        return sum / 2;
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
                free += freeGap(j, k, w[c], gradient[c]);
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
     */
    double freeGap(int j, int k, double w, double g) {
        if (g == 0) {
            return 0;
        }
        double curvature = meanCurvature[k] * curvatureModel.squareMeans()[j];
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
        double[] g = new double[logits];
        double[] steps = new double[logits];
        for (int j = 0; j < layout.features(); j++) {
            double curvature = penalty.curvature(j);
            for (int k = 0; k < logits && curvature > 0; k++) {
                int c = layout.index(j, k);
                g[k] = gradient[c] - curvature * w[c];
            }
            if (curvature > 0) {
                move.steps(j, g, steps);
                for (int k = 0; k < logits; k++) {
                    change += steps[k] * (2 * g[k] + steps[k]) / (2 * curvature);
                }
            }
        }
        return Math.max(0, change);
    }

    @Override
    public double penalisedGap(double[] gradient) {
        double sum = 0;
        for (int c = 0; c < penaltyCurvature.length; c++) {
            if (penaltyCurvature[c] > 0) {
                sum += gradient[c] * gradient[c] / (2 * penaltyCurvature[c]);
            }
        }
        return penalty.isNone() ? Double.NaN : sum;
    }

    /** How to make a dual point of one whose derivatives by the intercepts do not vanish; costs a pass or two at first. */
    InterceptDual interceptDual() {
        InterceptDual known = interceptDual;
        if (known == null) {
            double[] first = layout.logits() == 1 ? classSums(0) : new double[0];
            known = new InterceptDual(layout, classSums(1), first, offsetSpread());
            interceptDual = known;
        }
        return known;
    }

    /**
     * {@code sum_i s_i [y_i = k] (x_i,1) / S} for each logit k, or for class {@code only} where there is one logit; in
     * float64, so that it need not be done again.
     */
    private double[] classSums(int only) {
        boolean wasRough = rough;
        rough = false;
        pass(b -> {
            LossAccumulator sums = accumulators[b];
            sums.reset();
            forEachTile(b, (from, to, z, unused) -> {
                Arrays.fill(z, 0);
                for (int i = from; i < to; i++) {
                    int label = loss.label(i);
                    if (layout.logits() > 1) {
                        z[(i - from) * stride + label] = 1;
                    } else {
                        z[i - from] = label == only ? 1 : 0;
                    }
                }
                addTransposed(from, to, z, sums.gradient);
            });
        });
        rough = wasRough;
        double[] out = new double[layout.size()];
        mergeGradients(out);
        return out;
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
        narrow(v);
        pass(b -> {
            LossAccumulator sums = accumulators[b];
            sums.reset();
            forEachTile(b, (from, to, z, unused) -> {
                margins(v, from, to, z);
                loss.curvatureProductInPlace(state, from * stride, stride, to - from, z);
                addTransposed(from, to, z, sums.gradient);
            });
        });
        mergeGradients(out);
        addPenalty(v, out);
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
        passes++;
        new HessianSum(x, layout, workers)
                .compute(
                        (from, to, k, l, out) -> {
                            loss.curvature(state, from * stride, stride, to - from, k, l, out);
                            for (int i = 0; i < to - from && weights.length > 0; i++) {
                                out[i] *= weights[from + i];
                            }
                        },
                        h);
        double scale = 1 / totalWeight;
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

    @Override
    public Preconditioner preconditioner() {
        return curvatureModel.inverse(meanCurvature);
    }

    /** Boehning (1992): the second derivatives of a row are at most 1/4 with one logit, 1/2 with many. */
    @Override
    public Preconditioner cautiousPreconditioner() {
        double[] most = new double[stride];
        Arrays.fill(most, 0, layout.logits(), layout.logits() == 1 ? 0.25 : 0.5);
        return curvatureModel.inverse(most);
    }

    @Override
    public boolean interceptStepInPlace(double[] w) {
        if (!layout.intercept()) {
            return false;
        }
        int first = layout.firstFree();
        int k = layout.freeLogits();
        narrow(w);
        double[][] parts = new double[blocks.count()][k * k + k];
        pass(b -> forEachTile(b, (from, to, z, perRow) -> {
            margins(w, from, to, z);
            addOffset(from, to, z);
            loss.evaluateInPlace(z, stride, from, to - from, perRow);
            double[] tileState = new double[(to - from) * stride];
            loss.curvatureState(z, stride, from, to - from, tileState, 0);
            for (int a = 0; a < k; a++) {
                for (int i = 0; i < to - from; i++) {
                    parts[b][k * k + a] += weight(from + i) * z[i * stride + first + a];
                }
                for (int c = 0; c <= a; c++) {
                    loss.curvature(tileState, 0, stride, to - from, first + a, first + c, perRow);
                    for (int i = 0; i < to - from; i++) {
                        parts[b][a * k + c] = Math.fma(weight(from + i), perRow[i], parts[b][a * k + c]);
                    }
                }
            }
        }));
        double[] h = new double[k * k];
        double[] step = new double[k];
        for (double[] part : parts) {
            for (int c = 0; c < k * k; c++) {
                h[c] += part[c];
            }
            for (int a = 0; a < k; a++) {
                step[a] += part[k * k + a];
            }
        }
        boolean[] dependent = new boolean[k];
        // A common shift of all intercepts changes nothing: the last pivot vanishes when no class is the reference.
        Kernels.best().matrices().cholesky(h, k, 1e-10, dependent);
        Kernels.best().matrices().choleskySolve(h, k, dependent, step, 1, 1);
        for (int a = 0; a < k; a++) {
            w[layout.interceptStart() + first + a] -= step[a];
        }
        return true;
    }

    @Override
    public MarginChange marginChange(double[] d) {
        narrow(d);
        double[] least = new double[blocks.count()];
        double[] most = new double[blocks.count()];
        pass(b -> {
            least[b] = Double.POSITIVE_INFINITY;
            forEachTile(b, (from, to, z, unused) -> {
                margins(d, from, to, z);
                for (int i = 0; i < to - from; i++) {
                    if (weight(from + i) > 0) {
                        least[b] = Math.min(least[b], loss.marginChange(z, i * stride, from + i));
                        for (int k = 0; k < layout.logits(); k++) {
                            most[b] = Math.max(most[b], Math.abs(z[i * stride + k]));
                        }
                    }
                }
            });
        });
        return new MarginChange(
                Arrays.stream(least).min().orElse(0), Arrays.stream(most).max().orElse(0));
    }

    @Override
    public boolean separates(double[] d) {
        narrow(d);
        double[] largest = largestByFeature(d);
        boolean[] falls = new boolean[blocks.count()];
        boolean[] rises = new boolean[blocks.count()];
        pass(b -> forEachTile(b, (from, to, z, magnitude) -> {
            margins(d, from, to, z);
            Arrays.fill(magnitude, layout.intercept() ? largest[layout.features()] : 0);
            int[] terms = new int[to - from];
            x.forEach(from, to, (i, j, value) -> {
                magnitude[i - from] = Math.fma(Math.abs(value), largest[j], magnitude[i - from]);
                terms[i - from]++;
            });
            for (int i = 0; i < to - from; i++) {
                if (weight(from + i) > 0) {
                    // Two products of that many terms are subtracted, each off by (terms + 2) u of the sum of
                    // magnitudes.
                    double rounding = SEPARATION_SLACK * (terms[i] + 2) * 2 * UNIT_ROUNDOFF * magnitude[i];
                    falls[b] |= !(loss.marginChange(z, i * stride, from + i) >= -rounding);
                    rises[b] |= loss.largestMarginChange(z, i * stride, from + i) > SURELY * rounding;
                }
            }
        }));
        boolean falling = false;
        boolean rising = false;
        for (int b = 0; b < falls.length; b++) {
            falling |= falls[b];
            rising |= rises[b];
        }
        return rising && !falling;
    }

    /** The largest absolute coefficient of each feature, and of the intercept, over the logits. */
    private double[] largestByFeature(double[] d) {
        double[] largest = new double[layout.rows()];
        for (int j = 0; j < layout.rows(); j++) {
            for (int k = 0; k < layout.logits(); k++) {
                largest[j] = Math.max(largest[j], Math.abs(d[layout.index(j, k)]));
            }
        }
        return largest;
    }

    @Override
    public boolean vanishes(double[] gradient) {
        double[] squares = curvatureModel.squareMeans();
        double[] largest = largestByFeature(gradient);
        for (int j = 0; j < layout.rows(); j++) {
            double typical = j < layout.features() ? Math.sqrt(squares[j]) : 1;
            // A sum of products is at most the product of root mean squares, that of the residuals at most 1.
            if (!(largest[j] <= GRADIENT_NOISE * typical)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void dropNegligibleInPlace(double[] d, double share) {
        double[] squares = curvatureModel.squareMeans();
        double[] largest = largestByFeature(d);
        double most = layout.intercept() ? largest[layout.features()] : 0;
        for (int j = 0; j < layout.features(); j++) {
            most = Math.max(most, largest[j] * Math.sqrt(squares[j]));
        }
        for (int j = 0; j < layout.rows(); j++) {
            double typical = j < layout.features() ? Math.sqrt(squares[j]) : 1;
            for (int k = 0; k < layout.logits(); k++) {
                int c = layout.index(j, k);
                d[c] = Math.abs(d[c]) * typical < share * most ? 0 : d[c];
            }
        }
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
