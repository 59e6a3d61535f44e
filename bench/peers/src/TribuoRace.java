import java.util.Arrays;
import java.util.logging.LogManager;
import org.tribuo.Feature;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A fit by Tribuo as its LogisticRegressionTrainer does it, with other numbers of epochs: steps of AdaGrad without a penalty, an
 * intercept, and a row of coefficients for each of two classes.
 */
final class TribuoRace {
    private static final double RATE = 1;
    private static final double EPSILON = 0.1;
    private static final int NEVER = Integer.MAX_VALUE;

    public static void main(String[] args) throws Exception {
        LogManager.getLogManager().reset();
        Race race = Race.of(args);
        LabelFactory labels = new LabelFactory();
        var rows = new MutableDataset<Label>(new SimpleDataSourceProvenance("race", labels), labels);
        fill(race, rows);
        var trainer = new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(RATE, EPSILON), (int) race.effort(), NEVER, 1, 1);
        long begun = System.nanoTime();
        LinearSGDModel model = trainer.train(rows);
        double fit = Race.seconds(begun);
        DenseMatrix found = model.getWeightsCopy();
        double[][] w = new double[race.classes()][race.features()];
        double[] b = new double[race.classes()];
        ImmutableFeatureMap features = model.getFeatureIDMap();
        for (int row = 0; row < race.classes(); row++) {
            int k = Integer.parseInt(model.getOutputIDInfo().getOutput(row).getLabel());
            for (int j = 0; j < features.size(); j++) {
                w[k][Integer.parseInt(features.get(j).getName())] = found.get(row, j);
            }
            b[k] = found.get(row, features.size());
        }
        if (race.classes() == 2) {
            for (int j = 0; j < race.features(); j++) {
                w[1][j] -= w[0][j];
            }
            race.done(-1, fit, new double[][] {w[1]}, new double[] {b[1] - b[0]});
        } else {
            race.done(-1, fit, w, b);
        }
    }

    private static void fill(Race race, MutableDataset<Label> rows) {
        // Names in the order of the columns, as Tribuo numbers its features by name.
        String[] name = new String[race.features()];
        Arrays.setAll(name, j -> String.format("%08d", j));
        int[] y = race.labels();
        if (race.sparse()) {
            int[] start = race.starts();
            int[] column = race.columns();
            double[] value = race.values();
            for (int i = 0; i < race.rows(); i++) {
                var row = new ArrayExample<Label>(new Label(Integer.toString(y[i])), start[i + 1] - start[i]);
                for (int e = start[i]; e < start[i + 1]; e++) {
                    row.add(new Feature(name[column[e]], value[e]));
                }
                rows.add(row);
            }
            return;
        }
        double[][] x = race.dense();
        for (int i = 0; i < race.rows(); i++) {
            rows.add(new ArrayExample<>(new Label(Integer.toString(y[i])), name, x[i]));
        }
    }
}
