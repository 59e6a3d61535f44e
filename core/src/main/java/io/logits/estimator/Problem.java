package io.logits.estimator;

import io.logits.data.ColumnMatrix;
import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.DuplicateColumns;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.data.ShiftedMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.loss.Loss;
import io.logits.loss.SoftmaxLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.CompositeObjective;
import io.logits.objective.LinearObjective;
import io.logits.objective.SampleSpace;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.penalty.Ridge;
import io.logits.penalty.SmoothPenalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Data and options as numbers: effective weights, the classes that have any, lambda, penalty and layout. */
final class Problem {
    /** A lambda at which no penalised coefficient is anything but 0. */
    private static final double OVERWHELMING = 1e100;
    /** Columns are merged where no more than this share of them is left. */
    private static final double WORTHWHILE = 0.95;

    /** The features, less {@link #shift} where that is not empty; equal ones once, if they are merged. */
    final Matrix x;
    /** What is subtracted from each column so that products with it are accurate; empty for nothing. */
    final double[] shift;

    final List<String> classes;
    final int[] y;
    /** Row weights times class factors; empty where all are 1. */
    final double[] weights;

    final double[] offset;
    final double[] weightOfClass;
    final double totalWeight;
    /** 0 where there is no penalty. */
    final double lambda;

    /** The share of L1 in the penalty. */
    final double l1Ratio;
    /** Whether the penalty has the coefficients of a feature as a group. */
    private final boolean grouped;

    final CoefLayout layout;
    /** The variance of each feature where the penalty is standardised, else empty. */
    private final double[] variances;
    /** Penalty factors and bounds of each feature, or empty. */
    private final double[] factors;

    private final double[] lower;
    private final double[] upper;
    /** Which columns of the data are one of {@link #x}; null if each is. */
    private final @Nullable DuplicateColumns merged;
    /** The same problem with all columns; null if this has them. */
    private final @Nullable Problem whole;
    /** Whether all classes count by the weights of their rows alone. */
    private final boolean evenClasses;
    /** The mean of each feature by the weights of the rows alone, shared by all strengths; made when first asked for. */
    private final AtomicReference<double @Nullable []> means;
    /** The columns of x, shared by all strengths; made when first asked for. */
    private final AtomicReference<@Nullable ColumnMatrix> columns;
    /** The objective made last for a penalty that is not smooth, likewise. */
    private final AtomicReference<@Nullable CompositeObjective> composite;
    /** What was last seen from the rows, likewise. */
    private final AtomicReference<@Nullable SampleSpace> sampleSpace;

    /** Rejects data that the options, or the count of classes, do not suit. */
    Problem(Dataset data, Options options) {
        Matrix features = data.features();
        Labels labels = data.labels();
        if (features.rows() == 0) {
            throw new IllegalArgumentException("there are 0 rows, 2 at least are needed");
        }
        shift = options.intercept() ? Columns.shifts(features) : new double[0];
        x = shift.length > 0 && features instanceof DenseMatrix dense ? ShiftedMatrix.of(dense, shift) : features;
        double[] given = data.weights() == null ? new double[0] : data.weights();
        double[] ofClass = weightOfClass(labels, given);
        int[] kept = presentClasses(labels, ofClass);
        classes = Arrays.stream(kept).mapToObj(labels.classes()::get).toList();
        y = renumbered(labels, kept);
        Labels present = kept.length == labels.classes().size() ? labels : Labels.of(classes, y);
        double[] presentWeights =
                Arrays.stream(kept).mapToDouble(k -> ofClass[k]).toArray();
        double[] classFactors = options.classWeights().factors(present, presentWeights);
        weights = effective(given, classFactors, y);
        evenClasses = Arrays.stream(classFactors).allMatch(factor -> factor == classFactors[0]);
        weightOfClass = new double[kept.length];
        for (int k = 0; k < kept.length; k++) {
            weightOfClass[k] = presentWeights[k] * classFactors[k];
        }
        totalWeight = Arrays.stream(weightOfClass).sum();
        offset = offsetOf(data, kept);
        boolean penalised = options.penalty().hasStrength();
        lambda = penalised ? options.strength().lambda(totalWeight) : 0;
        variances = options.standardize() && penalised ? Columns.variances(x, weights, totalWeight) : new double[0];
        l1Ratio = options.shareOfL1();
        grouped = options.grouped();
        factors = options.features().factors(data.encoding());
        lower = options.features().lower(data.encoding());
        upper = options.features().upper(data.encoding());
        if (factors.length > 0 && Arrays.stream(factors).allMatch(f -> f == 0)) {
            throw new IllegalArgumentException("all penalty factors are 0, one at least must be positive");
        }
        checkBounds(lambda);
        merged = null;
        whole = null;
        means = new AtomicReference<>();
        columns = new AtomicReference<>();
        composite = new AtomicReference<>();
        sampleSpace = new AtomicReference<>();
        layout = layoutOf(x, kept.length, options.intercept(), lambda);
    }

    /**
     * The same data under a penalty of another strength, of which nothing is read again; or with equal columns as one. What m of these do
     * together is u in sum. The penalty is least where each does u/m: then L1 is that of u, and L2 a part in m of it, as it is of a
     * column of factor m and unit 1/m. The dual of the problem, and with it the gap, is the same.
     *
     * @param merging equal columns, or null to leave columns as they are
     */
    private Problem(Problem other, double lambda, double l1Ratio, @Nullable DuplicateColumns merging) {
        shift = other.shift;
        evenClasses = other.evenClasses;
        means = other.means;
        classes = other.classes;
        y = other.y;
        weights = other.weights;
        offset = other.offset;
        weightOfClass = other.weightOfClass;
        totalWeight = other.totalWeight;
        this.l1Ratio = l1Ratio;
        grouped = other.grouped;
        lower = other.lower;
        upper = other.upper;
        checkBounds(lambda);
        if (merging == null) {
            x = other.x;
            variances = other.variances;
            factors = other.factors;
            merged = other.merged;
            whole = other.whole;
            columns = other.columns;
            composite = other.composite;
            sampleSpace = other.sampleSpace;
        } else {
            x = ((CsrMatrix) other.x).selectColumns(merging.firsts());
            variances = new double[merging.distinct()];
            factors = new double[merging.distinct()];
            for (int c = 0; c < factors.length; c++) {
                double variance = other.variances.length == 0 ? 1 : other.variances[merging.firsts()[c]];
                factors[c] = merging.count(c);
                variances[c] = variance / (factors[c] * factors[c]);
            }
            merged = merging;
            whole = other;
            columns = new AtomicReference<>();
            composite = new AtomicReference<>();
            sampleSpace = new AtomicReference<>();
        }
        this.lambda = lambda;
        layout = layoutOf(x, classes.size(), other.layout.intercept(), lambda);
    }

    /**
     * The same problem with equal columns of sparse rows as one, if there are enough of them, and coefficients are more than stored
     * entries: else they cost little. The minimum and its certificate are the same. All columns stay where features have factors
     * or bounds of their own, and without a penalty, which leaves open what each does.
     */
    Problem merged() {
        boolean alike = lambda > 0 && factors.length == 0 && !bounded() && x.cols() <= DuplicateColumns.MOST_COLUMNS;
        if (!alike || !(x instanceof CsrMatrix sparse) || layout.size() <= x.storedEntries(x.rows())) {
            return this;
        }
        DuplicateColumns duplicates = DuplicateColumns.of(sparse);
        boolean few = duplicates.distinct() > WORTHWHILE * x.cols();
        return few ? this : new Problem(this, lambda, l1Ratio, duplicates);
    }

    /** How many features the data has. */
    int features() {
        return merged == null ? layout.features() : merged.columns();
    }

    /** What feature j of the data has in logit k; of equal ones the first has all where the penalty is L1 alone, else each as much. */
    double coefficient(double[] w, int j, int k) {
        if (merged == null) {
            return w[layout.index(j, k)];
        }
        int place = merged.place(j);
        double all = w[layout.index(place, k)];
        if (l1Ratio < 1) {
            return all / merged.count(place);
        }
        return merged.firsts()[place] == j ? all : 0;
    }

    /** Adds a coefficient of feature j of the data in logit k. */
    void addCoefficient(double[] w, int j, int k, double value) {
        w[layout.index(merged == null ? j : merged.place(j), k)] += value;
    }

    private void checkBounds(double strength) {
        if (strength == 0 && bounded()) {
            throw new IllegalArgumentException(
                    "lambda is 0 and features have bounds, which need a penalty, if a weak one");
        }
    }

    /** The same data under a penalty of strength {@code newLambda}, finite and {@code >= 0}. */
    Problem withLambda(double newLambda) {
        if (newLambda == 0 && whole != null) {
            return whole.withLambda(0);
        }
        return new Problem(this, newLambda, l1Ratio, null);
    }

    private static CoefLayout layoutOf(Matrix x, int classes, boolean intercept, double lambda) {
        int logits = classes == 2 ? 1 : classes;
        return CoefLayout.of(x, logits, intercept, logits > 1 && lambda == 0);
    }

    private static double[] weightOfClass(Labels labels, double[] weights) {
        double[] sums = new double[labels.classes().size()];
        int[] indices = labels.indices();
        for (int i = 0; i < indices.length; i++) {
            sums[indices[i]] += weights.length == 0 ? 1 : weights[i];
        }
        return sums;
    }

    /** A class whose rows all have weight 0 is a class without rows, and so no class at all. */
    private static int[] presentClasses(Labels labels, double[] weightOfClass) {
        List<Integer> kept = new ArrayList<>();
        for (int k = 0; k < weightOfClass.length; k++) {
            if (weightOfClass[k] > 0) {
                kept.add(k);
            }
        }
        if (kept.size() < 2) {
            throw new IllegalArgumentException(
                    "all rows are of class " + labels.classes().get(kept.get(0)) + ", 2 classes at least are needed");
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Indices among the kept classes; a row of another class has weight 0 and any index will do. */
    private static int[] renumbered(Labels labels, int[] kept) {
        if (kept.length == labels.classes().size()) {
            return labels.indices();
        }
        int[] rank = new int[labels.classes().size()];
        for (int k = 0; k < kept.length; k++) {
            rank[kept[k]] = k;
        }
        return Arrays.stream(labels.indices()).map(k -> rank[k]).toArray();
    }

    private static double[] effective(double[] given, double[] factors, int[] y) {
        if (Arrays.stream(factors).allMatch(factor -> factor == 1)) {
            return given;
        }
        double[] product = new double[y.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = (given.length == 0 ? 1 : given[i]) * factors[y[i]];
        }
        return product;
    }

    private static double[] offsetOf(Dataset data, int[] kept) {
        double[] offset = data.offset();
        int all = data.labels().classes().size();
        if (offset == null) {
            return new double[0];
        }
        if (kept.length == all) {
            return offset;
        }
        throw new IllegalArgumentException(
                "an offset is given for " + all + " classes, but rows of positive weight have only " + kept.length);
    }

    /** Whether there is no penalty, or one with second derivatives everywhere. */
    boolean smooth() {
        return lambda == 0 || (l1Ratio == 0 && !bounded());
    }

    /** Whether coefficients have bounds. */
    boolean bounded() {
        return lower.length > 0;
    }

    /** Whether Newton's systems are smaller by rows than by coordinates: one logit, each feature penalised, no bounds. */
    boolean fewerRows() {
        boolean penalised = lambda > 0 && smooth() && Arrays.stream(factors).allMatch(factor -> factor > 0);
        return penalised
                && Arrays.stream(variances).allMatch(variance -> variance > 0)
                && layout.logits() == 1
                && x.rows() < layout.freeSize();
    }

    private SmoothPenalty smoothPenalty() {
        if (lambda == 0 || !smooth()) {
            return new None();
        }
        double[] squares = variances.length == 0 ? factors : variances.clone();
        for (int j = 0; j < factors.length && variances.length > 0; j++) {
            squares[j] *= factors[j];
        }
        return Ridge.of(lambda, squares);
    }

    private ElasticNet net() {
        double[] units = Arrays.stream(variances).map(Math::sqrt).toArray();
        ElasticNet net = ElasticNet.of(lambda, l1Ratio)
                .withFactors(factors)
                .withUnits(units)
                .within(lower, upper);
        return grouped && layout.logits() > 1 ? net.inGroups() : net;
    }

    /** The features that the penalty leaves alone. */
    int[] free() {
        return IntStream.range(0, factors.length).filter(j -> factors[j] == 0).toArray();
    }

    /** The same problem with an L1 penalty so strong that it leaves only what has none. */
    Problem nullProblem() {
        return new Problem(this, OVERWHELMING, 1, null);
    }

    /** How much the gradient g of the mean loss by the coefficients of feature j asks of an L1 penalty: its slope, over lambda. */
    double steepness(int j, double[] g) {
        double most = 0;
        double squares = 0;
        for (double slope : g) {
            if (responds(j, slope)) {
                most = Math.max(most, Math.abs(slope));
                squares = Math.fma(slope, slope, squares);
            }
        }
        double asked = grouped ? Math.sqrt(squares) : most;
        return asked == 0 ? 0 : asked / absoluteFactor(j);
    }

    /** Whether the coefficients of feature j are penalised and may move where {@code -g} drives them. */
    private boolean responds(int j, double g) {
        boolean penalised = factors.length == 0 || factors[j] > 0;
        return penalised && (!bounded() || (g > 0 ? lower[j] < 0 : upper[j] > 0));
    }

    /** Whether a coefficient of feature j may have this value. */
    boolean allows(int j, double value) {
        return !bounded() || (lower[j] <= value && value <= upper[j]);
    }

    /** Takes each coefficient into its bounds. */
    void clampInPlace(double[] w) {
        for (int j = 0; j < lower.length; j++) {
            for (int k = 0; k < layout.logits(); k++) {
                int c = layout.index(j, k);
                w[c] = Math.max(lower[j], Math.min(upper[j], w[c]));
            }
        }
    }

    /** What the penalty adds to the mean loss at {@code w}. */
    double penaltyValue(double[] w) {
        if (lambda == 0) {
            return 0;
        }
        ElasticNet net = net();
        double[] row = new double[layout.logits()];
        double sum = 0;
        for (int j = 0; j < layout.features(); j++) {
            for (int k = 0; k < row.length; k++) {
                row[k] = w[layout.index(j, k)];
            }
            sum += net.value(j, row);
        }
        return sum;
    }

    /** The factor of the penalty on the absolute values of the coefficients of feature j, beside lambda. */
    private double absoluteFactor(int j) {
        double unit = variances.length == 0 ? 1 : Math.sqrt(variances[j]);
        return factors.length == 0 ? unit : factors[j] * unit;
    }

    Loss loss() {
        return layout.logits() == 1 ? new LogisticLoss(y) : new SoftmaxLoss(y, layout.logits());
    }

    LinearObjective objective(Workers workers, boolean keepCurvature) {
        return new LinearObjective(x, loss(), weights, offset, smoothPenalty(), layout, workers, keepCurvature);
    }

    /** The same for {@link #fewerRows}: what another strength of the penalty has found of the rows is known. */
    LinearObjective objectiveOfFewRows(Workers workers) {
        LinearObjective objective = objective(workers, true);
        SampleSpace last = sampleSpace.get();
        SampleSpace next = objective.sampleSpace();
        if (last != null) {
            next.knowing(last);
        }
        sampleSpace.set(next);
        return objective;
    }

    /** Loss and penalty, smooth or not; lambda must be {@code > 0}. With the same workers as before it knows where that ended. */
    CompositeObjective composite(Workers workers) {
        CompositeObjective last = composite.get();
        CompositeObjective next = last != null && last.workers() == workers ? last.with(net()) : made(workers);
        composite.set(next);
        return next;
    }

    private CompositeObjective made(Workers workers) {
        LinearObjective meanLoss = new LinearObjective(x, loss(), weights, offset, new None(), layout, workers, true);
        ColumnMatrix known = columns.get();
        if (known == null) {
            known = meanLoss.columns();
            columns.set(known);
        }
        return new CompositeObjective(meanLoss, net(), known);
    }

    /**
     * What the shift of the features adds to the intercept of logit k: {@code W (x - shift) + b} is
     * {@code W x + (b - W shift)}.
     */
    double shifted(double[] w, int k) {
        double sum = 0;
        for (int j = 0; j < shift.length; j++) {
            sum = Math.fma(w[layout.index(j, k)], shift[j], sum);
        }
        return sum;
    }

    /** The mean of each feature, not shifted, by the weights of the rows alone. */
    double[] means(Dataset data, Options options) {
        double[] known = means.get();
        if (known == null) {
            double[] given = data.weights() == null ? new double[0] : data.weights();
            known = Columns.means(data.features(), given, options.threads());
            means.set(known);
        }
        return known;
    }

    /** Keeps the means of x that a minimisation may have found on its way, for {@link #means} to need no pass. */
    void keepMeans(Supplier<Optional<double[]>> ofX) {
        if (!evenClasses || means.get() != null) {
            return;
        }
        ofX.get().ifPresent(found -> {
            for (int j = 0; j < shift.length; j++) {
                found[j] += shift[j];
            }
            means.set(merged == null ? found : merged.spread(found));
        });
    }

    /** Zero coefficients, and intercepts that give each class its share where there is no offset. */
    double[] start() {
        double[] w = new double[layout.size()];
        if (layout.intercept() && offset.length == 0) {
            int at = layout.interceptStart();
            if (layout.logits() == 1) {
                w[at] = Math.log(weightOfClass[1] / weightOfClass[0]);
            } else {
                double base = layout.reference()
                        ? Math.log(weightOfClass[0])
                        : Arrays.stream(weightOfClass).map(Math::log).sum() / weightOfClass.length;
                for (int k = layout.firstFree(); k < layout.logits(); k++) {
                    w[at + k] = Math.log(weightOfClass[k]) - base;
                }
            }
        }
        return w;
    }
}
