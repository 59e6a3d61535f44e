import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weka.classifiers.functions.Logistic;
import weka.core.Attribute;
import weka.core.DenseInstance;
import weka.core.Instances;

/**
 * A fit by Weka: the sum of the losses and its ridge times the squares of the coefficients, an intercept apart. It has the
 * first class's logit, and leaves out columns that do not vary: their coefficients are 0.
 */
final class WekaRace {
    public static void main(String[] args) throws Exception {
        Race race = Race.of(args);
        double[][] x = race.dense();
        Instances rows = rows(race, x);
        Logistic logistic = new Logistic();
        logistic.setDoNotStandardizeAttributes(true);
        logistic.setRidge(0.5 / race.strength());
        logistic.setMaxIts((int) race.effort());
        logistic.setUseConjugateGradientDescent(race.setting().equals("CG"));
        long begun = System.nanoTime();
        logistic.buildClassifier(rows);
        double fit = Race.seconds(begun);
        double[][] found = logistic.coefficients();
        double[] w = new double[race.features()];
        int at = 1;
        for (int j = 0; j < w.length; j++) {
            if (varies(x, j)) {
                w[j] = -found[at++][0];
            }
        }
        if (at != found.length) {
            throw new IllegalStateException(found.length + " coefficients where " + at + " were expected");
        }
        race.done(-1, fit, new double[][] {w}, new double[] {-found[0][0]});
    }

    private static Instances rows(Race race, double[][] x) {
        ArrayList<Attribute> columns = new ArrayList<>();
        for (int j = 0; j < race.features(); j++) {
            columns.add(new Attribute("x" + j));
        }
        columns.add(new Attribute("y", List.of("0", "1")));
        Instances rows = new Instances("rows", columns, race.rows());
        rows.setClassIndex(race.features());
        int[] y = race.labels();
        for (int i = 0; i < x.length; i++) {
            double[] row = Arrays.copyOf(x[i], race.features() + 1);
            row[race.features()] = y[i];
            rows.add(new DenseInstance(1, row));
        }
        return rows;
    }

    private static boolean varies(double[][] x, int j) {
        for (double[] row : x) {
            if (row[j] != x[0][j]) {
                return true;
            }
        }
        return false;
    }
}
