package io.logits.estimator;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.features.PlainEncoding;
import io.logits.solver.Minimum;
import io.logits.solver.StopReason;
import java.util.Arrays;
import java.util.List;

/**
 * The features that a penalty leaves alone. If they separate the classes by themselves there is no minimum, whatever the
 * others are; if they do not there is one, for nothing else can grow without end.
 */
final class FreeFeatures {
    private FreeFeatures() {}

    /**
     * Refuses features of penalty factor 0 that separate the classes. Those with a bound, which keeps them from growing at
     * least in one direction, are not looked at; if no other is left, this does nothing. Else these columns are copied and
     * fitted without a penalty, within the passes that {@code options} allow; the solution of the fit that this
     * comes before does not count them. A fit of lambda 0 finds separation by itself and needs no such check, a path needs
     * one for all its lambdas.
     *
     * @param data whose features have been made {@code problem}
     * @throws SeparationException if they do
     */
    static void refuseSeparation(Dataset data, Options options, Problem problem) {
        int[] free = Arrays.stream(problem.free())
                .filter(j -> problem.allows(j, Double.POSITIVE_INFINITY) && problem.allows(j, Double.NEGATIVE_INFINITY))
                .toArray();
        if (free.length == 0) {
            return;
        }
        List<String> all = data.encoding().featureNames();
        List<String> names = Arrays.stream(free).mapToObj(all::get).toList();
        // Neither offsets nor the sizes of weights make a difference to separation.
        Dataset alone = Dataset.of(columns(data.features(), free), data.labels())
                .withEncoding(new PlainEncoding(names))
                .withWeights(data.weights());
        Options plain = Options.defaults()
                .withPenalty(PenaltyKind.NONE)
                .withIntercept(options.intercept())
                .withThreads(options.threads())
                .withMaxPasses(options.maxPasses());
        LinearFit fit = new LinearFit(alone, plain);
        Minimum minimum = fit.minimize();
        if (minimum.solution().reason() == StopReason.UNBOUNDED) {
            throw Separation.ofFree(fit.problem(), names, minimum.recession());
        }
    }

    private static Matrix columns(Matrix x, int[] which) {
        return x instanceof CsrMatrix sparse ? sparse.selectColumns(which) : dense(x, which);
    }

    private static Matrix dense(Matrix x, int[] which) {
        DenseMatrix.Builder columns = new DenseMatrix.Builder(which.length, Precision.FLOAT64);
        double[] row = new double[x.cols()];
        double[] kept = new double[which.length];
        for (int i = 0; i < x.rows(); i++) {
            x.copyRow(i, row);
            for (int c = 0; c < kept.length; c++) {
                kept[c] = row[which[c]];
            }
            columns.addRow(kept);
        }
        return columns.build();
    }
}
