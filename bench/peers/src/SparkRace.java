import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A fit by Spark MLlib in one process: the mean loss, a row of coefficients per class if there are many, as ours. */
final class SparkRace {
    public static void main(String[] args) throws Exception {
        Race race = Race.of(args);
        try (SparkSession spark = SparkSession.builder()
                .master("local[" + race.threads() + "]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate()) {
            spark.sparkContext().setLogLevel("ERROR");
            Dataset<Row> rows = rows(spark, args, race);
            rows.persist().count();
            LogisticRegression regression = new LogisticRegression()
                    .setRegParam(race.lambda())
                    .setElasticNetParam(0)
                    .setStandardization(false)
                    .setFitIntercept(race.intercept())
                    .setTol(0)
                    .setMaxIter((int) race.effort());
            long begun = System.nanoTime();
            LogisticRegressionModel model = regression.fit(rows);
            double fit = Race.seconds(begun);
            Matrix found = model.coefficientMatrix();
            double[][] w = new double[found.numRows()][found.numCols()];
            for (int k = 0; k < w.length; k++) {
                for (int j = 0; j < w[k].length; j++) {
                    w[k][j] = found.apply(k, j);
                }
            }
            race.done(-1, fit, w, model.interceptVector().toArray());
        }
    }

    /** As many parts as threads, each of which reads its rows itself. */
    private static Dataset<Row> rows(SparkSession spark, String[] args, Race race) {
        int parts = race.threads();
        List<Integer> numbers = IntStream.range(0, parts).boxed().toList();
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(numbers, parts)
                .flatMap(part -> part(Race.of(args), part, parts).iterator());
        StructType columns = new StructType()
                .add("label", DataTypes.DoubleType, false)
                .add("features", SQLDataTypes.VectorType(), false);
        return spark.createDataFrame(rows, columns);
    }

    private static List<Row> part(Race race, int part, int parts) {
        int from = (int) ((long) race.rows() * part / parts);
        int to = (int) ((long) race.rows() * (part + 1) / parts);
        int[] y = race.labels();
        List<Row> rows = new ArrayList<>(to - from);
        if (race.sparse()) {
            int[] start = race.starts();
            int[] column = race.columns();
            double[] value = race.values();
            for (int i = from; i < to; i++) {
                int[] columns = Arrays.copyOfRange(column, start[i], start[i + 1]);
                double[] values = Arrays.copyOfRange(value, start[i], start[i + 1]);
                rows.add(RowFactory.create((double) y[i], Vectors.sparse(race.features(), columns, values)));
            }
            return rows;
        }
        double[][] x = race.dense();
        for (int i = from; i < to; i++) {
            rows.add(RowFactory.create((double) y[i], Vectors.dense(x[i])));
        }
        return rows;
    }
}
