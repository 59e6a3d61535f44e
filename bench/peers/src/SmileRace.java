import java.util.ArrayList;
import java.util.List;
import smile.classification.LogisticRegression;
import smile.classification.SparseLogisticRegression;
import smile.data.SparseDataset;
import smile.util.SparseArray;

/** A fit by Smile: the sum of the losses and half of its lambda times the squares of the coefficients, an intercept apart. */
final class SmileRace {
    private static final int ITERATIONS = 100_000;

    public static void main(String[] args) throws Exception {
        Race race = Race.of(args);
        int[] y = race.labels();
        double lambda = 1 / race.strength();
        double[] found;
        double fit;
        if (race.sparse()) {
            SparseDataset x = rows(race);
            long begun = System.nanoTime();
            found = SparseLogisticRegression.binomial(x, y, lambda, race.effort(), ITERATIONS).coefficients();
            fit = Race.seconds(begun);
        } else {
            double[][] x = race.dense();
            long begun = System.nanoTime();
            found = LogisticRegression.binomial(x, y, lambda, race.effort(), ITERATIONS).coefficients();
            fit = Race.seconds(begun);
        }
        double[] w = new double[race.features()];
        System.arraycopy(found, 0, w, 0, found.length - 1);
        race.done(-1, fit, new double[][] {w}, new double[] {found[found.length - 1]});
    }

    private static SparseDataset rows(Race race) {
        int[] start = race.starts();
        int[] column = race.columns();
        double[] value = race.values();
        List<SparseArray> rows = new ArrayList<>(race.rows());
        for (int i = 0; i < race.rows(); i++) {
            SparseArray row = new SparseArray(start[i + 1] - start[i]);
            for (int e = start[i]; e < start[i + 1]; e++) {
                row.append(column[e], value[e]);
            }
            rows.add(row);
        }
        return SparseDataset.of(rows, race.features());
    }
}
