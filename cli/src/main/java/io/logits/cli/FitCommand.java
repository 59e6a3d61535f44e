package io.logits.cli;

import io.logits.calibration.CalibrationMethod;
import io.logits.calibration.HeldOutCalibration;
import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.formats.AtomicFile;
import io.logits.formats.ModelFile;
import io.logits.inference.Inference;
import io.logits.inference.WeightKind;
import io.logits.metrics.Score;
import io.logits.model.Model;
import io.logits.selection.Folds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Learns a model and says how that ended. */
@Command(name = "fit", description = "Learns a model from labelled rows and says how that ended.")
final class FitCommand implements Callable<Integer> {
    private static final int FOLDS = 5;

    private final Logits logits;

    @Parameters(
            paramLabel = "DATA",
            description =
                    "A table (.csv, .tsv, .parquet, .json, .jsonl), sparse rows (.svm, .libsvm, .svmlight) or images"
                            + " (-idx3-ubyte), also packed; - is standard input.")
    private String data = "";

    @Mixin
    private final InputOptions input = new InputOptions();

    @Mixin
    private final LearningOptions learning = new LearningOptions();

    @Mixin
    private final ProblemOptions problem = new ProblemOptions();

    @Option(
            names = "--warm-start",
            paramLabel = "MODEL",
            description =
                    "Start from this model's coefficients; newton-cholesky with fewer rows than features starts from"
                            + " zero, unless they are within the tolerance already.")
    private @Nullable Path warmStart;

    @Option(
            names = "--calibrate",
            paramLabel = "HOW",
            converter = Word.OfCalibration.class,
            description =
                    "Calibrate the probabilities on held-out rows, by one more fit for each fold: platt, isotonic,"
                            + " temperature, or vector (three classes or more).")
    private @Nullable CalibrationMethod calibrate;

    @Option(
            names = "--calibration-folds",
            paramLabel = "N",
            description = "So many folds (5), which the rows of each class are dealt into by --seed.")
    private @Nullable Integer calibrationFolds;

    @Option(
            names = "--strict",
            description = "Exit with 3 if the fit does not converge, or with --calibrate one of those that this takes.")
    private boolean strict;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "MODEL",
            description = "Where the model goes (model.safetensors).")
    private Path output = Path.of("model.safetensors");

    FitCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Stopwatch watch = new Stopwatch();
        AtomicFile.check(output);
        Options options = problem.options(logits.threads());
        checkCalibration();
        if (warmStart != null) {
            options = options.withWarmStart(ModelFile.read(warmStart));
        }
        Learnt learnt = RowSource.of(input.file(data), logits)
                .learn(learning, problem.penalised(), calibrate == null ? RowOrder.ANY : RowOrder.FILE);
        learnt.remarks().forEach(logits::remark);
        Dataset rows = learnt.data();
        double read = watch.lap();
        Calibrating calibrating = calibrating(rows);
        Fit<?> fit = calibrated(fit(rows, options), calibrating, rows, options);
        double fitting = watch.lap();
        Model model = fit.model().withProvenance(learnt.remembered(fit.model().provenance()));
        ModelFile.write(output, model);
        Score training = Score.of(model, rows, logits.threads());
        FitReport report = new FitReport(
                rows, options, fit, training, new FitReport.Seconds(read, fitting, watch.total()), output);
        logits.console().print(logits.json() ? report.json() : report.text());
        if (!fit.solution().converged()) {
            return logits.notConverged(
                    strict,
                    "not converged: " + fit.solution().reason().sentence() + ", " + report.measure() + ", the goal is "
                            + Words.number(options.tolerance(), 3));
        }
        return calibrating.ended(logits, strict, options.tolerance());
    }

    private Fit<?> calibrated(Fit<?> fit, Calibrating calibrating, Dataset rows, Options options) {
        Model model = calibrating.of(fit.model(), rows, part -> fit(part, options));
        return new Fit<>(model, fit.solution(), fit.lambda(), fit.c(), fit.meanLoss());
    }

    private void checkCalibration() {
        if (calibrate == null && calibrationFolds != null) {
            throw new IllegalArgumentException("--calibration-folds goes with --calibrate HOW");
        }
        if (calibrationFolds != null && calibrationFolds < 2) {
            throw new IllegalArgumentException(
                    "--calibration-folds is " + calibrationFolds + ", 2 at least are needed");
        }
    }

    /** What is to be done after the fit, checked before it. */
    private Calibrating calibrating(Dataset rows) {
        if (calibrate == null) {
            return new Calibrating(null);
        }
        calibrate.checkClasses(Classifier.classes(rows));
        int folds = calibrationFolds == null ? FOLDS : calibrationFolds;
        return new Calibrating(
                new HeldOutCalibration(calibrate, Folds.stratified(rows.labels(), folds, logits.seed())));
    }

    private Fit<?> fit(Dataset rows, Options options) {
        try (FitProgress progress = FitProgress.of(logits, options.tolerance())) {
            Options told = options.withListener(progress);
            LinearClassifier<?, ?> classifier = Classifier.of(rows, problem.family, told);
            return options.penalty() == PenaltyKind.FIRTH
                    ? Inference.of(rows, told, WeightKind.FREQUENCY).fit()
                    : classifier.fit(rows);
        }
    }
}
