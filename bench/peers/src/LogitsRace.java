import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SoftmaxRegression;
import io.logits.estimator.Strength;
import io.logits.model.Model;
import io.logits.model.PathModel;
import io.logits.selection.LambdaGrid;
import io.logits.selection.RegularizationPath;
import java.util.List;
import java.util.stream.IntStream;

/** Fits by ours, again and again in one JVM; the last one is told. */
final class LogitsRace {
    private static final int FITS = 6;
    /** After these many seconds no further fit begins. */
    private static final double ENOUGH = 30;

    public static void main(String[] args) throws Exception {
        Race race = Race.of(args);
        boolean path = race.setting().equals("path");
        Options options = Options.defaults()
                .withPenalty(path ? PenaltyKind.L1 : PenaltyKind.L2)
                .withStrength(new Strength.Lambda(race.lambda()))
                .withIntercept(race.intercept())
                .withTolerance(race.effort())
                .withThreads(race.threads());
        LinearClassifier<?, ?> estimator = race.classes() == 2
                ? LogisticRegression.withDefaults().withOptions(options)
                : SoftmaxRegression.withDefaults().withOptions(options);
        Dataset data = Dataset.of(rows(race), labels(race));
        List<? extends Model> models = List.of();
        double fit = 0;
        long first = System.nanoTime();
        for (int i = 0; i < FITS && Race.seconds(first) < ENOUGH; i++) {
            long begun = System.nanoTime();
            models = path ? path(race, estimator, data) : List.of(estimator.fit(data).model());
            fit = Race.seconds(begun);
        }
        double[][][] w = new double[models.size()][][];
        double[][] b = new double[models.size()][];
        for (int l = 0; l < w.length; l++) {
            Model model = models.get(l);
            w[l] = new double[model.logits()][race.features()];
            b[l] = IntStream.range(0, model.logits()).mapToDouble(model::intercept).toArray();
            for (int k = 0; k < model.logits(); k++) {
                for (int j = 0; j < race.features(); j++) {
                    w[l][k][j] = model.coefficient(k, j);
                }
            }
        }
        race.done(-1, fit, w, b);
    }

    private static List<Model> path(Race race, LinearClassifier<?, ?> estimator, Dataset data) {
        LambdaGrid grid = new LambdaGrid.Listed(race.lambdas());
        PathModel model = RegularizationPath.fit(estimator, data, grid, point -> {}).model();
        return IntStream.range(0, model.points().size()).mapToObj(model::at).toList();
    }

    private static Labels labels(Race race) {
        List<String> classes = IntStream.range(0, race.classes()).mapToObj(Integer::toString).toList();
        return Labels.of(classes, race.labels());
    }

    /** As the command stores them: the numbers of a table in double precision, all others in single. */
    private static Matrix rows(Race race) {
        if (race.sparse()) {
            return CsrMatrix.of(race.features(), CsrMatrix.Block.of(race.starts(), race.columns(), race.floats()));
        }
        if (race.file().toString().endsWith(".csv")) {
            return DenseMatrix.ofRows(race.dense());
        }
        return DenseMatrix.of(race.rows(), race.features(), race.floats());
    }
}
