package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.kernels.KernelInfo;
import io.logits.kernels.Kernels;
import io.logits.kernels.Workers;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import io.logits.objective.CoefLayout;
import io.logits.objective.CompositeObjective;
import io.logits.objective.LinearObjective;
import io.logits.solver.Lbfgs;
import io.logits.solver.Minimum;
import io.logits.solver.NewtonCg;
import io.logits.solver.NewtonCholesky;
import io.logits.solver.ProxNewton;
import io.logits.solver.SampleNewton;
import io.logits.solver.SampledCholesky;
import io.logits.solver.SampledLbfgs;
import io.logits.solver.Solution;
import io.logits.solver.Solver;
import io.logits.solver.StopReason;
import io.logits.solver.StopRule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** One fit, from data and options to a model. */
final class LinearFit {
    /**
     * Passes in which L-BFGS, where it suits the problem, is done. Where it is not, margins are so uneven that its one
     * model of the curvature misleads, and the second derivatives themselves serve better.
     */
    private static final int MOST_LBFGS_PASSES = 500;

    /** Features whose coefficients are copied at once. */
    private static final int FEATURES = 512;

    private final Dataset data;
    private final Options options;
    private final Problem problem;
    /** Threads that outlive this fit; null if it has its own. */
    private final @Nullable Workers shared;
    /** Where to start, empty for the options' warm start or none. */
    private final double[] start;
    /** What {@link ExpectedFits} have found of it; null if they were not asked. */
    private final @Nullable Minimum reached;
    /** Where it ended, empty before. */
    private double[] found = {};

    LinearFit(Dataset data, Options options) {
        this(data, options, new Problem(data, options), null, new double[0], null);
    }

    private LinearFit(
            Dataset data,
            Options options,
            Problem problem,
            @Nullable Workers shared,
            double[] start,
            @Nullable Minimum reached) {
        this.data = data;
        this.options = options;
        this.problem = problem;
        this.shared = shared;
        this.start = start;
        this.reached = reached;
    }

    /**
     * The same fit at another strength of the penalty, finite and {@code >= 0}, from where another ended.
     *
     * @param last the fit before, and its model, or null
     */
    LinearFit at(double lambda, Workers workers, @Nullable LinearFit last, @Nullable Model model) {
        Problem next = problem.withLambda(lambda);
        // Without a penalty a class is the reference, and points have other coefficients.
        boolean alike = last != null && last.problem.layout.equals(next.layout);
        double[] from = alike ? Objects.requireNonNull(last).found : new double[0];
        return new LinearFit(data, options.withWarmStart(model), next, workers, from, null);
    }

    /** The same fit, of which equal features are one where that pays, see {@link Problem#merged}. */
    LinearFit merged() {
        return new LinearFit(data, options, problem.merged(), shared, start, reached);
    }

    /** The same fit by another solver. */
    LinearFit by(SolverChoice solver) {
        return new LinearFit(data, options.withSolver(solver), problem, shared, start, reached);
    }

    /** The same fit, of which {@link ExpectedFits} have found this much. */
    LinearFit from(Minimum open) {
        return new LinearFit(data, options, problem, shared, open.point(), open);
    }

    /** When it ends, after so many passes at the latest. */
    StopRule rule(int passes) {
        return new StopRule(options.tolerance(), passes, options.listener());
    }

    Problem problem() {
        return problem;
    }

    /** The minimum, as a vector in the layout of the problem. */
    Minimum minimize() {
        if (shared != null) {
            return minimize(shared);
        }
        try (Workers workers = Workers.of(options.threads())) {
            return minimize(workers);
        }
    }

    /** Whether no other fit says where to start. */
    private boolean cold() {
        return start.length == 0 && options.warmStart() == null;
    }

    /** Where it starts. */
    double[] start() {
        if (start.length > 0) {
            return start;
        }
        double[] point = options.warmStart() == null ? problem.start() : point(options.warmStart());
        problem.clampInPlace(point);
        return point;
    }

    private Minimum minimize(Workers workers) {
        if (reached != null) {
            boolean ended = reached.solution().reason() != StopReason.NO_PROGRESS;
            return ended ? reached : further(SolverChoice.PROX_NEWTON, workers, reached);
        }
        SolverChoice choice = new SolverCosts(problem).chosen(options);
        boolean second = choice == SolverChoice.LBFGS && options.solver() == SolverChoice.AUTO;
        int passes = second ? Math.min(options.maxPasses(), MOST_LBFGS_PASSES) : options.maxPasses();
        Minimum minimum = minimize(choice, workers, start(), passes);
        boolean open =
                second && !minimum.solution().converged() && minimum.solution().passes() < options.maxPasses();
        return open ? further(SolverChoice.NEWTON_CG, workers, minimum) : minimum;
    }

    /** Goes on from where another method has ended, by one pass at least. */
    private Minimum further(SolverChoice choice, Workers workers, Minimum from) {
        int left = Math.max(1, options.maxPasses() - from.solution().passes());
        Minimum further = minimize(choice, workers, from.point(), left);
        return new Minimum(further.point(), further.solution().after(from.solution()), further.recession());
    }

    private Minimum minimize(SolverChoice choice, Workers workers, double[] start, int passes) {
        StopRule rule = rule(passes);
        if (choice == SolverChoice.PROX_NEWTON) {
            CompositeObjective objective = problem.composite(workers);
            Minimum minimum = new ProxNewton().minimize(objective, start, rule);
            problem.keepMeans(objective::columnMeans);
            return minimum;
        }
        boolean fewRows = choice == SolverChoice.NEWTON_CHOLESKY && problem.fewerRows();
        LinearObjective objective = fewRows
                ? problem.objectiveOfFewRows(workers)
                : problem.objective(workers, choice != SolverChoice.LBFGS);
        Solver<? super LinearObjective> solver = fewRows ? new SampleNewton() : smoothSolver(choice);
        Minimum minimum = solver.minimize(objective, start, rule);
        problem.keepMeans(objective::columnMeans);
        return minimum;
    }

    private Solver<? super LinearObjective> smoothSolver(SolverChoice choice) {
        if (choice == SolverChoice.LBFGS) {
            return cold() ? new SampledLbfgs() : new Lbfgs();
        }
        if (choice != SolverChoice.NEWTON_CHOLESKY) {
            return new NewtonCg();
        }
        boolean ahead = cold() && problem.lambda > 0 && new SolverCosts(problem).isMuchWork();
        return ahead ? new SampledCholesky() : new NewtonCholesky();
    }

    /** A model's coefficients in the layout of the problem. */
    double[] point(Model model) {
        CoefLayout layout = problem.layout;
        int features = problem.features();
        if (!model.classes().equals(problem.classes) || model.features() != features) {
            throw new IllegalArgumentException("the warm start has classes " + model.classes() + " and "
                    + model.features() + " features, the data has classes " + problem.classes + " and " + features
                    + " features");
        }
        double[] w = new double[layout.size()];
        for (int k = layout.firstFree(); k < layout.logits(); k++) {
            for (int j = 0; j < features; j++) {
                double base = layout.reference() ? model.coefficient(0, j) : 0;
                problem.addCoefficient(w, j, k, model.coefficient(k, j) - base);
            }
            if (layout.intercept()) {
                double base = layout.reference() ? model.intercept(0) : 0;
                w[layout.interceptStart() + k] = model.intercept(k) - base + problem.shifted(w, k);
            }
        }
        return w;
    }

    private Minimum solved() {
        if (options.penalty() == PenaltyKind.FIRTH) {
            throw new IllegalArgumentException(
                    "the penalty is firth, whose fits are those of io.logits.inference.Inference");
        }
        if (shared == null && problem.lambda > 0) {
            refuseSeparableFree();
        }
        Minimum minimum = minimize();
        found = minimum.point();
        if (!Double.isFinite(minimum.solution().objective())) {
            refuseFeatures();
        }
        if (minimum.solution().reason() == StopReason.UNBOUNDED) {
            throw Separation.refusal(problem, data.encoding().featureNames(), minimum.recession());
        }
        return minimum;
    }

    /** Refuses features that a penalty leaves alone if they separate the classes; a path asks once for all its lambdas. */
    void refuseSeparableFree() {
        FreeFeatures.refuseSeparation(data, options, problem);
    }

    /** Names what made the objective NaN or infinite; looked for only then, so that good data costs nothing. */
    void refuseFeatures() {
        List<String> names = data.encoding().featureNames();
        Matrix x = data.features();
        x.forEach(0, x.rows(), (i, j, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "feature " + names.get(j) + " of row " + i + " is " + value + ", a finite number is needed");
            }
        });
        throw new IllegalArgumentException("features are so large that their products overflow; scale them down");
    }

    Fit<LogisticModel> logistic() {
        return logistic(solved());
    }

    Fit<LogisticModel> logistic(Minimum minimum) {
        double[] w = minimum.point();
        double[] coefficients = new double[problem.features()];
        Arrays.setAll(coefficients, j -> problem.coefficient(w, j, 0));
        double intercept = options.intercept() ? w[problem.layout.interceptStart()] - problem.shifted(w, 0) : 0;
        return fit(
                new LogisticModel(
                                problem.classes,
                                data.encoding(),
                                coefficients,
                                intercept,
                                provenance(minimum.solution()))
                        .withMeans(problem.means(data, options)),
                minimum);
    }

    Fit<SoftmaxModel> softmax() {
        return softmax(solved());
    }

    Fit<SoftmaxModel> softmax(Minimum minimum) {
        CoefLayout layout = problem.layout;
        int k = layout.logits();
        int p = problem.features();
        double[] w = minimum.point();
        double[] coefficients = new double[Math.multiplyExact(k, p)];
        double[] intercepts = new double[k];
        // Feature by feature in a point, class by class in a model: some at a time, for the cache to hold these.
        for (int from = 0; from < p; from += FEATURES) {
            for (int c = 0; c < k; c++) {
                for (int j = from; j < Math.min(p, from + FEATURES); j++) {
                    coefficients[c * p + j] = problem.coefficient(w, j, c);
                }
            }
        }
        for (int c = 0; c < k; c++) {
            intercepts[c] = options.intercept() ? w[layout.interceptStart() + c] - problem.shifted(w, c) : 0;
        }
        if (!layout.reference()) {
            centreInPlace(intercepts, 0, k, 1, shifted -> true);
            for (int j : problem.free()) {
                int free = j;
                centreInPlace(coefficients, j, k, p, shifted -> problem.allows(free, shifted));
            }
        }
        return fit(
                new SoftmaxModel(
                                problem.classes,
                                data.encoding(),
                                coefficients,
                                intercepts,
                                provenance(minimum.solution()))
                        .withMeans(problem.means(data, options)),
                minimum);
    }

    /**
     * A common shift of what has no penalty in all logits, intercepts or coefficients of a feature, changes no probability:
     * of all equivalent ones those with mean 0 are given, if they are allowed.
     */
    private static void centreInPlace(double[] values, int first, int count, int stride, DoublePredicate allowed) {
        double mean = 0;
        for (int k = 0; k < count; k++) {
            mean += values[first + k * stride];
        }
        mean /= count;
        for (int k = 0; k < count; k++) {
            if (!allowed.test(values[first + k * stride] - mean)) {
                return;
            }
        }
        for (int k = 0; k < count; k++) {
            values[first + k * stride] -= mean;
        }
    }

    private <M extends Model> Fit<M> fit(M model, Minimum minimum) {
        double meanLoss = minimum.solution().objective() - problem.penaltyValue(minimum.point());
        return new Fit<>(
                model, minimum.solution(), problem.lambda, 1 / (problem.totalWeight * problem.lambda), meanLoss);
    }

    private String penaltyName() {
        PenaltyKind known =
                problem.lambda == 0 && options.penalty() != PenaltyKind.FIRTH ? PenaltyKind.NONE : options.penalty();
        return known.label();
    }

    private Provenance provenance(Solution solution) {
        KernelInfo kernels = Kernels.best().info();
        Matrix x = data.features();
        Map<String, String> about = new LinkedHashMap<>();
        about.put("rows", Integer.toString(x.rows()));
        about.put("features", Integer.toString(x.cols()));
        about.put("stored_entries", Long.toString(x.storedEntries(x.rows())));
        about.put("precision", x.precision().name().toLowerCase(Locale.ROOT));
        about.put("total_weight", Double.toString(problem.totalWeight));
        if (Arrays.stream(problem.weights).anyMatch(weight -> weight != 1)) {
            about.put("weighted", "true");
        }
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("penalty", penaltyName());
        asked.put("lambda", Double.toString(problem.lambda));
        if (problem.lambda > 0) {
            asked.put("l1_ratio", Double.toString(problem.l1Ratio));
        }
        if (!options.features().isNone()) {
            asked.put("features", options.features().toString());
        }
        asked.put("intercept", Boolean.toString(options.intercept()));
        asked.put("standardize", Boolean.toString(options.standardize()));
        asked.put("class_weights", options.classWeights().toString());
        asked.put("tolerance", Double.toString(options.tolerance()));
        asked.put("solver", options.solver().label());
        Map<String, String> ended = new LinkedHashMap<>();
        ended.put("solver", solution.solver());
        ended.put("reason", solution.reason().label());
        ended.put("objective", Double.toString(solution.objective()));
        ended.put("dual", Double.toString(solution.dual()));
        ended.put("relative_gap", Double.toString(solution.relativeGap()));
        ended.put("newton_decrement", Double.toString(solution.newtonDecrement()));
        ended.put("iterations", Integer.toString(solution.iterations()));
        ended.put("passes", Integer.toString(solution.passes()));
        ended.put(Trace.KEY, Trace.text(solution.trace()));
        return new Provenance(Version.VALUE, kernels.name(), about, asked, ended);
    }
}
