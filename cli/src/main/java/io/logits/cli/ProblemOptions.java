package io.logits.cli;

import io.logits.estimator.ClassWeights;
import io.logits.estimator.FeatureRules;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SolverChoice;
import io.logits.estimator.Strength;
import io.logits.selection.LambdaGrid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is minimised, and how: the options that become {@link Options}. */
final class ProblemOptions {
    private static final int DEFAULT_LAMBDAS = 100;
    private static final double DEFAULT_RATIO = 1e-4;

    @Option(
            names = "--family",
            paramLabel = "F",
            converter = Word.OfFamily.class,
            description = "binomial, multinomial, or auto (default) by the classes found. Two classes are one logit.")
    Family family = Family.AUTO;

    @Option(
            names = "--penalty",
            paramLabel = "P",
            converter = Word.OfPenalty.class,
            description =
                    "l2 (default), l1, elasticnet (a mixture, see --l1-ratio), none (default of summary), or firth, which takes"
                            + " away the bias of small samples. path and cv are for the first three.")
    PenaltyKind penalty = PenaltyKind.L2;

    @Option(
            names = "--l1-ratio",
            paramLabel = "A",
            converter = Numbers.Converter.class,
            description = "The share of L1 in an elastic net, from 0 to 1 (0.5); cv takes several: A,A,...")
    @Nullable
    Numbers l1Ratio;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            converter = Numbers.Converter.class,
            description =
                    "Strength of the penalty beside the mean loss, as in glmnet; path and cv take several: X,X,...")
    @Nullable
    Numbers lambda;

    @Option(
            names = "--C",
            paramLabel = "X",
            description =
                    "Strength of the loss beside the penalty, as in scikit-learn: 1/(weight of all rows x lambda)."
                            + " Default of fit: 1. Not for path and cv.")
    @Nullable
    Double c;

    @Option(
            names = "--grouped",
            description = "With many classes: a feature is in the model for all of them or for none.")
    boolean grouped;

    @Option(
            names = "--penalty-factor",
            paramLabel = "COL=F,...",
            description = "Factors on the penalty of single features or columns; 0 for none. * stands for all others.")
    @Nullable
    String penaltyFactor;

    @Option(
            names = "--lower",
            paramLabel = "COL=X,...",
            description =
                    "Least values, at most 0, of the coefficients of single features or columns; *=0 for none below 0.")
    @Nullable
    String lower;

    @Option(
            names = "--upper",
            paramLabel = "COL=X,...",
            description = "Greatest values, at least 0, of the coefficients of single features or columns.")
    @Nullable
    String upper;

    @Option(names = "--no-intercept", description = "Logits without an intercept.")
    boolean noIntercept;

    @Option(
            names = "--class-weight",
            paramLabel = "W",
            description = "balanced, or CLASS=W,... : factors on row weights.")
    @Nullable
    String classWeight;

    @Option(names = "--standardize", description = "Penalise the coefficients of features of standard deviation 1.")
    boolean standardize;

    @Option(names = "--tol", paramLabel = "X", description = "Stop at this relative gap (1e-6; of summary 1e-10).")
    double tolerance = Options.defaults().tolerance();

    @Option(names = "--max-passes", paramLabel = "N", description = "Stop after so many passes over the data (10000).")
    int maxPasses = Options.defaults().maxPasses();

    @Option(
            names = "--solver",
            paramLabel = "S",
            converter = Word.OfSolver.class,
            description = "auto (default), newton-cholesky, newton-cg, lbfgs, or prox-newton, the one for L1.")
    SolverChoice solver = SolverChoice.AUTO;

    /** Whether coefficients are penalised. */
    boolean penalised() {
        return penalty.hasStrength()
                && (lambda == null || lambda.values().stream().anyMatch(value -> value > 0));
    }

    /**
     * The options of the library.
     *
     * @throws IllegalArgumentException if two exclude each other, or one is out of range
     */
    Options options(int threads) {
        if (lambda != null && c != null) {
            throw new IllegalArgumentException("--lambda and --C say the same on two scales, give one of them");
        }
        if (!penalty.hasStrength() && (lambda != null || c != null)) {
            throw new IllegalArgumentException(
                    "--penalty " + penalty.label() + " has no strength, leave out " + (c == null ? "--lambda" : "--C"));
        }
        checkRatio();
        return unstrengthened(threads)
                .withL1Ratio(ratio())
                .withStrength(
                        lambda != null
                                ? new Strength.Lambda(lambda.single("--lambda"))
                                : new Strength.C(c == null ? 1 : c));
    }

    /**
     * The options of the library for a path, which has several strengths, and shares of L1 to choose from.
     *
     * @throws IllegalArgumentException if one is out of range, or there is no penalty
     */
    Options pathOptions(int threads) {
        if (c != null) {
            throw new IllegalArgumentException("a path goes along lambdas, --C is for fit; use --lambda");
        }
        if (!penalty.hasStrength()) {
            throw new IllegalArgumentException(
                    "a path has a penalty of several strengths, --penalty is " + penalty.label());
        }
        checkRatio();
        return unstrengthened(threads);
    }

    /** The lambdas of a path: those given, or so many below lambda_max. */
    LambdaGrid grid(@Nullable Integer count, @Nullable Double minRatio) {
        if (lambda == null) {
            return new LambdaGrid.Spaced(
                    count == null ? DEFAULT_LAMBDAS : count, minRatio == null ? DEFAULT_RATIO : minRatio);
        }
        if (count != null || minRatio != null) {
            throw new IllegalArgumentException(
                    "--lambda gives the lambdas, leave out " + (count == null ? "--min-ratio" : "--n-lambda"));
        }
        return new LambdaGrid.Listed(lambda.array());
    }

    /** The one share of L1. */
    double ratio() {
        return l1Ratio == null ? Options.defaults().l1Ratio() : l1Ratio.single("--l1-ratio");
    }

    /** The shares of L1 to choose from, none where none is given. */
    List<Double> ratios() {
        return l1Ratio == null ? List.of() : l1Ratio.values();
    }

    private void checkRatio() {
        if (penalty != PenaltyKind.ELASTICNET && l1Ratio != null) {
            throw new IllegalArgumentException(
                    "--l1-ratio is the mixture of --penalty elasticnet, the penalty is " + penalty.label());
        }
    }

    private Options unstrengthened(int threads) {
        return Options.defaults()
                .withPenalty(penalty)
                .withGrouped(grouped)
                .withFeatures(new FeatureRules(
                        numbers("--penalty-factor", "COL=F,...", penaltyFactor),
                        numbers("--lower", "COL=X,...", lower),
                        numbers("--upper", "COL=X,...", upper)))
                .withIntercept(!noIntercept)
                .withClassWeights(classWeights())
                .withStandardize(standardize)
                .withTolerance(tolerance)
                .withMaxPasses(maxPasses)
                .withSolver(solver)
                .withThreads(threads);
    }

    private ClassWeights classWeights() {
        if (classWeight == null) {
            return ClassWeights.none();
        }
        if (classWeight.equals("balanced")) {
            return new ClassWeights.Balanced();
        }
        return new ClassWeights.ByName(numbers("--class-weight", "balanced or CLASS=W,...", classWeight));
    }

    /** {@code NAME=NUMBER,...}; a name may have equals signs itself. */
    private static Map<String, Double> numbers(String option, String needed, @Nullable String given) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        if (given == null) {
            return numbers;
        }
        for (String pair : given.split(",", -1)) {
            int equals = pair.lastIndexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(option + " is " + given + ", " + needed + " is needed");
            }
            numbers.put(pair.substring(0, equals), number(option, pair.substring(equals + 1)));
        }
        return numbers;
    }

    private static double number(String option, String given) {
        try {
            return Double.parseDouble(given);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " has " + given + " for a number", e);
        }
    }
}
