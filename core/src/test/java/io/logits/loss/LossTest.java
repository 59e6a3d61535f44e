package io.logits.loss;

import io.logits.testkit.FiniteDifferences;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {
    private static final Tolerance DIFFERENCES =
            Tolerance.absolute(1e-9, "five-point formula at a step of 1e-3: rounding 1e-12, truncation about 1e-11");

    private static final Tolerance ROUNDING = Tolerance.absolute(1e-14, "a dozen roundings of numbers below 10");

    private final SplittableRandom random = new SplittableRandom(2);

    private static Loss loss(int logits, int label) {
        return logits == 1 ? new LogisticLoss(new int[] {label}) : new SoftmaxLoss(new int[] {label}, logits);
    }

    private static double value(Loss loss, double[] z) {
        double[] out = new double[1];
        loss.evaluateInPlace(z.clone(), z.length, 0, 1, out);
        return out[0];
    }

    private static double[] gradient(Loss loss, double[] z) {
        double[] g = z.clone();
        loss.evaluateInPlace(g, z.length, 0, 1, new double[1]);
        return g;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void derivativesAreThoseOfFiniteDifferences(int logits) {
        for (int label = 0; label < Math.max(2, logits); label++) {
            Loss loss = loss(logits, label);
            double[] z = random.doubles(logits, -3, 3).toArray();
            double[] g = gradient(loss, z);
            close(g, FiniteDifferences.gradient(at -> value(loss, at), z), "gradient");
            double[] state = new double[logits];
            loss.curvatureState(g, logits, 0, 1, state, 0);
            double[] v = random.doubles(logits, -1, 1).toArray();
            double[] product = v.clone();
            loss.curvatureProductInPlace(state, 0, logits, 1, product);
            double[] byEntries = new double[logits];
            for (int k = 0; k < logits; k++) {
                int row = k;
                double[] second = FiniteDifferences.gradient(at -> gradient(loss, at)[row], z);
                double[] entry = new double[1];
                for (int l = 0; l < logits; l++) {
                    loss.curvature(state, 0, logits, 1, k, l, entry);
                    DIFFERENCES.check(Math.abs(entry[0] - second[l]), "curvature " + k + "," + l);
                    byEntries[k] += second[l] * v[l];
                }
            }
            close(product, byEntries, "product");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 11})
    void sumsOfCurvaturesAreThoseOfTheirEntries(int logits) {
        int rows = 5;
        int stride = logits == 1 ? 1 : logits + 1;
        double[] state = random.doubles(2 + rows * stride).toArray();
        double[] weights = random.doubles(rows).toArray();
        Loss loss = loss(logits, 0);
        double[] sums = random.doubles(stride * stride).toArray();
        double[] expected = sums.clone();
        double[] entry = new double[rows];
        for (int k = 0; k < logits; k++) {
            for (int l = 0; l <= k; l++) {
                loss.curvature(state, 2, stride, rows, k, l, entry);
                for (int i = 0; i < rows; i++) {
                    expected[k * stride + l] += weights[i] * entry[i];
                }
            }
        }
        loss.curvatureSumAdd(state, 2, stride, rows, weights, sums);
        for (int k = 0; k < logits; k++) {
            for (int l = 0; l <= k; l++) {
                ROUNDING.check(Math.abs(sums[k * stride + l] - expected[k * stride + l]), "sum " + k + "," + l);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theMarginChangeIsThatOfTheOwnLogitOverTheBestOther(int logits) {
        for (int label = 0; label < Math.max(2, logits); label++) {
            double[] v = random.doubles(logits, -1, 1).toArray();
            double[] all = logits == 1 ? new double[] {0, v[0]} : v.clone();
            double own = all[label];
            all[label] = Double.NEGATIVE_INFINITY;
            double others = Arrays.stream(all).max().orElseThrow();
            DIFFERENCES.check(Math.abs(loss(logits, label).marginChange(v, 0, 0) - (own - others)), "margin change");
        }
    }

    private static void close(double[] actual, double[] expected, String what) {
        for (int c = 0; c < expected.length; c++) {
            DIFFERENCES.check(Math.abs(actual[c] - expected[c]), what + " " + c);
        }
    }
}
