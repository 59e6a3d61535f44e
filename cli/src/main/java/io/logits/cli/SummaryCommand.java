package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.features.Encoding;
import io.logits.formats.AtomicFile;
import io.logits.inference.Covariance;
import io.logits.inference.FrequencyException;
import io.logits.inference.Inference;
import io.logits.inference.Parameter;
import io.logits.inference.SelectedCoefficients;
import io.logits.inference.TooManyParametersException;
import io.logits.inference.WeightKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fits by maximum likelihood and says how sure that is. */
@Command(
        name = "summary",
        description =
                "Fits by maximum likelihood and says how sure that is: standard errors, tests, intervals, likelihoods."
                        + " Here --penalty none and --tol 1e-10 are the defaults.")
final class SummaryCommand implements Callable<Integer> {
    private static final double TOLERANCE = 1e-10;

    private final Logits logits;

    @Parameters(paramLabel = "DATA", description = "Rows with labels, of any kind that fit reads.")
    private String data = "";

    @Mixin
    private final InputOptions input = new InputOptions();

    @Mixin
    private final LearningOptions learning = new LearningOptions();

    @Mixin
    private final ProblemOptions problem = new ProblemOptions();

    @Option(
            names = "--weight-kind",
            paramLabel = "KIND",
            converter = Word.OfWeights.class,
            description = "What --weights are: frequency (default), how many equal rows a row stands for; or precision,"
                    + " how much one row tells.")
    private @Nullable WeightKind weights;

    @Option(
            names = "--covariance",
            paramLabel = "KIND",
            converter = Word.OfCovariance.class,
            description =
                    "Where standard errors come from: model (default); hc0, hc1, hc2 or hc3, which do not trust the"
                            + " model's variances; cluster, which also lets rows of a --cluster depend on each other.")
    private @Nullable CovarianceChoice covariance;

    @Option(names = "--cluster", paramLabel = "COL", description = "The column that says which rows belong together.")
    private @Nullable String cluster;

    @Option(
            names = "--intervals",
            paramLabel = "KIND",
            converter = Word.OfIntervals.class,
            description = "wald (default), or profile: by likelihood ratio, some ten fits for each coefficient, and the"
                    + " default with --penalty firth.")
    private SummaryText.@Nullable Intervals intervals;

    @Option(
            names = "--tests",
            description = "Also likelihood-ratio, Wald and score tests of each term, which take a fit each.")
    private boolean tests;

    @Option(
            names = "--effects",
            description =
                    "Also average marginal effects: the mean derivative of each class's probability by each feature.")
    private boolean effects;

    @Option(
            names = "--vif",
            description =
                    "Also how much the other terms inflate the variance of each, of all its coefficients together.")
    private boolean vif;

    @Option(
            names = "--columns",
            paramLabel = "COL",
            split = ",",
            description =
                    "Only these coefficients, for problems of more parameters than can be inverted: some passes over the data"
                            + " for each. A column of a table stands for all its features, also those whose names have commas."
                            + " With --penalty l2 errors and intervals are those of the posterior.")
    private List<String> columns = List.of();

    @Option(names = "--level", paramLabel = "X", description = "The level of intervals (0.95).")
    private double level = 0.95;

    @Option(names = "--strict", description = "Exit with 3 if the fit does not converge.")
    private boolean strict;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "CSV",
            description = "Where the table of coefficients goes too.")
    private @Nullable Path output;

    @Option(names = "--vcov", paramLabel = "CSV", description = "Where the matrix of covariances goes.")
    private @Nullable Path matrix;

    @Option(
            names = "--influence",
            paramLabel = "CSV",
            description = "Where leverage, Cook's distance and residuals of each row go.")
    private @Nullable Path influence;

    @Option(
            names = "--probabilities",
            paramLabel = "CSV",
            description = "Where the probabilities of each row go, with an interval for each.")
    private @Nullable Path probabilities;

    SummaryCommand(Logits logits) {
        this.logits = logits;
        problem.penalty = PenaltyKind.NONE;
        problem.tolerance = TOLERANCE;
    }

    @Override
    public Integer call() throws IOException {
        if (!columns.isEmpty()) {
            return selected();
        }
        Options options = problem.options(logits.threads());
        Inference.check(options, level);
        new Outputs()
                .check("-o", output)
                .check("--vcov", matrix)
                .check("--influence", influence)
                .check("--probabilities", probabilities);
        CovarianceChoice chosen = covariance();
        SummaryText.Intervals kind = intervals(chosen);
        learning.groupBy(cluster);
        Learnt learnt = RowSource.of(input.file(data), logits).learn(learning, problem.penalised(), RowOrder.FILE);
        learnt.remarks().forEach(logits::remark);
        problem.family.check(Classifier.classes(learnt.data()));
        Inference inference = infer(learnt.data(), options);
        Covariance covariances = ofFrequencies(() -> chosen.of(inference, learnt.groups()));
        SummaryText.Errors errors = new SummaryText.Errors(chosen, covariances, kind, level);
        SummaryText text = new SummaryText(
                inference,
                learnt.trials() == null ? inference.goodness() : inference.goodness(learnt.trials()),
                errors,
                new SummaryText.More(tests, effects, vif),
                learnt.data());
        DiagnosisText rows = new DiagnosisText(inference, learnt);
        // First, as it may be refused: no other file is left alone then.
        write(influence, () -> ofFrequencies(rows::influence));
        write(output, text::csv);
        write(matrix, text::matrixCsv);
        write(probabilities, () -> rows.probabilities(errors.covariance(), level));
        logits.console().print(logits.json() ? text.json() : text.text());
        return ended(inference.fit());
    }

    private int selected() throws IOException {
        checkSelection();
        Options options = problem.options(logits.threads());
        SelectedCoefficients.check(options, level);
        new Outputs().check("-o", output);
        Learnt learnt = RowSource.of(input.file(data), logits).learn(learning, problem.penalised(), RowOrder.FILE);
        learnt.remarks().forEach(logits::remark);
        problem.family.check(Classifier.classes(learnt.data()));
        checkColumns(learnt.data().encoding());
        SelectedCoefficients found;
        try (FitProgress progress = FitProgress.of(logits, options.tolerance())) {
            found = SelectedCoefficients.of(learnt.data(), options.withListener(progress), columns, level);
        }
        SelectedText text = new SelectedText(
                found, level, problem.penalised(), learnt.data().features().rows());
        write(output, text::csv);
        logits.console().print(logits.json() ? text.json() : text.text());
        return ended(found.fit());
    }

    /** Refuses what single columns do not have, or what makes no difference to them. */
    private void checkSelection() {
        checkAlone("--weight-kind", weights != null);
        checkAlone("--covariance", covariance != null && covariance != CovarianceChoice.MODEL);
        checkAlone("--cluster", cluster != null);
        checkAlone("--intervals profile", intervals == SummaryText.Intervals.PROFILE);
        checkAlone("--tests", tests);
        checkAlone("--effects", effects);
        checkAlone("--vif", vif);
        checkAlone("--vcov", matrix != null);
        checkAlone("--influence", influence != null);
        checkAlone("--probabilities", probabilities != null);
    }

    /** Refuses a column that there is not, before the fit. */
    private void checkColumns(Encoding encoding) {
        Set<String> known = new LinkedHashSet<>(encoding.featureNames());
        encoding.blocks().forEach(block -> known.add(block.name()));
        if (!problem.noIntercept) {
            known.add(Parameter.INTERCEPT);
        }
        for (String column : columns) {
            if (!known.contains(column)) {
                List<String> near = Near.words(column, known);
                throw new IllegalArgumentException("--columns has " + column + ", there is no such column among the "
                        + encoding.size() + " features"
                        + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?"));
            }
        }
    }

    private static void checkAlone(String option, boolean given) {
        if (given) {
            throw new IllegalArgumentException(
                    "--columns gives coefficients and their model's standard errors, without " + option);
        }
    }

    private CovarianceChoice covariance() {
        CovarianceChoice byCluster = cluster == null ? CovarianceChoice.MODEL : CovarianceChoice.CLUSTER;
        CovarianceChoice chosen = covariance == null ? byCluster : covariance;
        if ((chosen == CovarianceChoice.CLUSTER) != (cluster != null)) {
            throw new IllegalArgumentException("--cluster COL and --covariance cluster go together, "
                    + (cluster == null
                            ? "--cluster is missing"
                            : "this is --covariance " + chosen.name().toLowerCase(Locale.ROOT)));
        }
        return chosen;
    }

    private SummaryText.Intervals intervals(CovarianceChoice chosen) {
        boolean model = chosen == CovarianceChoice.MODEL;
        boolean byDefault = problem.penalty == PenaltyKind.FIRTH && model;
        SummaryText.Intervals kind =
                intervals != null ? intervals : byDefault ? SummaryText.Intervals.PROFILE : SummaryText.Intervals.WALD;
        if (kind == SummaryText.Intervals.PROFILE && !model) {
            throw new IllegalArgumentException("--intervals profile goes by the likelihood of the model, --covariance "
                    + chosen.name().toLowerCase(Locale.ROOT) + " does not trust that");
        }
        return kind;
    }

    private Inference infer(Dataset rows, Options options) {
        try (FitProgress progress = FitProgress.of(logits, options.tolerance())) {
            return Inference.of(rows, options.withListener(progress), weights == null ? WeightKind.FREQUENCY : weights);
        } catch (TooManyParametersException e) {
            throw new IllegalArgumentException(e.getMessage() + "; --columns COL,COL gives single ones", e);
        }
    }

    private static <T> T ofFrequencies(Supplier<T> task) {
        try {
            return task.get();
        } catch (FrequencyException e) {
            throw new IllegalArgumentException(e.getMessage() + "; use --weight-kind precision", e);
        }
    }

    private static void write(@Nullable Path file, Supplier<String> text) throws IOException {
        if (file != null) {
            AtomicFile.write(file, text.get().getBytes(StandardCharsets.UTF_8));
        }
    }

    private int ended(Fit<?> fit) {
        return fit.solution().converged()
                ? Logits.DONE
                : logits.notConverged(
                        strict,
                        "not converged: " + fit.solution().reason().sentence()
                                + "; the table is of where the fit stopped");
    }
}
