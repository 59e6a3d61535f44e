package io.logits.cli;

import io.logits.calibration.CalibrationMethod;
import io.logits.calibration.HeldOutCalibration;
import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.Options;
import io.logits.formats.ModelFile;
import io.logits.model.Model;
import io.logits.selection.CrossValidation;
import io.logits.selection.Folds;
import io.logits.selection.LambdaGrid;
import io.logits.selection.LambdaRule;
import io.logits.selection.Measure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Chooses the strength of the penalty by rows that are held out. */
@Command(
        name = "cv",
        description =
                "Chooses lambda, and of several the share of L1, by cross-validation, and learns the model with it.")
final class CvCommand implements Callable<Integer> {
    private final Logits logits;

    @Parameters(paramLabel = "DATA", description = "Rows with labels, as fit reads them.")
    private String data = "";

    @Mixin
    private final InputOptions input = new InputOptions();

    @Mixin
    private final LearningOptions learning = new LearningOptions();

    @Mixin
    private final ProblemOptions problem = new ProblemOptions();

    @Mixin
    private final PathOptions options = new PathOptions();

    @Option(names = "--folds", paramLabel = "N", description = "How many folds there are (10), drawn with --seed.")
    private int folds = 10;

    @Option(
            names = "--groups",
            paramLabel = "COL",
            description = "The column whose value is shared by rows that are held out together.")
    private @Nullable String groups;

    @Option(
            names = "--measure",
            paramLabel = "M",
            converter = Word.OfMeasure.class,
            description = "What held-out rows are judged by: log-loss (default), accuracy or auc.")
    private Measure measure = Measure.LOG_LOSS;

    @Option(
            names = "--lambda-rule",
            paramLabel = "R",
            converter = Word.OfRule.class,
            description = "min (default): the best mean. 1se: the largest lambda within one standard error of it.")
    private LambdaRule rule = LambdaRule.MIN;

    @Option(
            names = "--calibrate",
            paramLabel = "HOW",
            converter = Word.OfCalibration.class,
            description =
                    "Calibrate the chosen model's probabilities on the rows of each fold, by one more fit for each:"
                            + " platt, isotonic, temperature, or vector (three classes or more).")
    private @Nullable CalibrationMethod calibrate;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "MODEL",
            description = "Where the model goes (model.safetensors).")
    private Path output = Path.of("model.safetensors");

    CvCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Stopwatch watch = new Stopwatch();
        options.check(output);
        Options fitting = problem.pathOptions(logits.threads());
        LambdaGrid grid = problem.grid(options.count(), options.minRatio());
        learning.groupBy(groups);
        Learnt learnt = RowSource.of(input.file(data), logits).learn(learning, problem.penalised(), RowOrder.FILE);
        learnt.remarks().forEach(logits::remark);
        Dataset rows = learnt.data();
        double read = watch.lap();
        LinearClassifier<?, ?> classifier = Classifier.of(rows, problem.family, fitting);
        if (calibrate != null) {
            calibrate.checkClasses(Classifier.classes(rows));
        }
        CrossValidation validation = new CrossValidation(folds(learnt), grid, problem.ratios(), measure, rule);
        Calibrating calibrating =
                new Calibrating(calibrate == null ? null : new HeldOutCalibration(calibrate, validation.folds()));
        CrossValidation.Choice choice;
        Model model;
        try (StepProgress progress = StepProgress.of(logits, "cv", validation.fits() + calibrating.fits())) {
            choice = validation.run(classifier, rows, (done, of) -> progress.step());
            LinearClassifier<?, ?> chosen = choice.estimator();
            model = calibrating.of(choice.model(), rows, part -> {
                Fit<?> fit = chosen.fit(part);
                progress.step();
                return fit;
            });
        }
        model = model.withProvenance(learnt.remembered(model.provenance()));
        FitReport.Seconds seconds = new FitReport.Seconds(read, watch.lap(), watch.total());
        ModelFile.write(output, model);
        CvReport report = new CvReport(rows, fitting, validation, choice, model, seconds);
        options.write(report.csv(), () -> PathFigures.validation(choice, measure.label()));
        logits.console().print(logits.json() ? report.json(output) : report.text(output));
        return options.ended(logits, validation, choice, calibrating, fitting.tolerance());
    }

    private Folds folds(Learnt learnt) {
        return learnt.groups() == null
                ? Folds.stratified(learnt.data().labels(), folds, logits.seed())
                : Folds.grouped(learnt.groups(), folds, logits.seed());
    }
}
