package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.estimator.Options;
import io.logits.formats.PathFile;
import io.logits.model.PathModel;
import io.logits.selection.LambdaGrid;
import io.logits.selection.RegularizationPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Learns a model for each of many strengths of the penalty. */
@Command(
        name = "path",
        description = "Learns a model at each of many lambdas, from the least that leaves no coefficient downwards.")
final class PathCommand implements Callable<Integer> {
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

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            description = "Where all models go, for predict, evaluate and inspect with --lambda.")
    private @Nullable Path output;

    PathCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws IOException {
        Stopwatch watch = new Stopwatch();
        options.check(output);
        Options fitting = problem.pathOptions(logits.threads()).withL1Ratio(problem.ratio());
        LambdaGrid grid = problem.grid(options.count(), options.minRatio());
        Learnt learnt = RowSource.of(input.file(data), logits).learn(learning, problem.penalised(), RowOrder.ANY);
        learnt.remarks().forEach(logits::remark);
        Dataset rows = learnt.data();
        double read = watch.lap();
        RegularizationPath path;
        try (StepProgress progress = StepProgress.of(logits, "path", grid.count())) {
            path = RegularizationPath.fit(
                    Classifier.of(rows, problem.family, fitting), rows, grid, point -> progress.step());
        }
        FitReport.Seconds seconds = new FitReport.Seconds(read, watch.lap(), watch.total());
        PathModel model =
                path.model().withProvenance(learnt.remembered(path.model().provenance()));
        if (output != null) {
            PathFile.write(output, model);
        }
        PathReport report = new PathReport(rows, fitting, path, seconds);
        options.write(report.csv(), () -> PathFigures.coefficients(model));
        logits.console().print(logits.json() ? report.json(output) : report.text(output));
        return options.ended(logits, path, fitting.tolerance());
    }
}
