package io.logits.reference;

import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.estimator.ClassWeights;
import io.logits.estimator.Options;
import io.logits.estimator.Strength;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A small penalised problem drawn from a seed: every mixture of shape, sparsity, weights, offset, class weights,
 * standardisation, intercept and number of classes, with the same problem in plain form beside it.
 *
 * @param plain with effective weights and penalties, classes renumbered
 * @param x how the library is given the features
 * @param data what the library is given otherwise: raw weights and no class weights applied
 */
public record RandomProblem(long seed, PlainProblem plain, Matrix x, PlainProblem data, Options options) {
    /** The problem of a seed, of at most 30 features. */
    public static RandomProblem of(long seed) {
        return of(seed, 30);
    }

    /** The problem of a seed; in one of four it is up to {@code mostFeatures}, else below 10. */
    public static RandomProblem of(long seed, int mostFeatures) {
        SplittableRandom random = new SplittableRandom(seed);
        int classes = 2 + random.nextInt(5);
        int n = classes + random.nextInt(random.nextBoolean() ? 12 : 90);
        int p = random.nextInt(4) == 0 ? 1 + random.nextInt(mostFeatures) : 1 + random.nextInt(9);
        boolean sparse = random.nextBoolean();
        double[][] x = features(random, n, p, sparse);
        boolean floats = random.nextInt(3) == 0;
        if (floats) {
            roundToFloat(x);
        }
        int[] y = classesOf(random, x, classes);
        double[] s = weights(random, n, classes);
        int logits = classes == 2 ? 1 : classes;
        double[] offset = new double[random.nextInt(3) == 0 ? n * logits : 0];
        double reach = Math.pow(10, random.nextDouble(-1, 1.2));
        Arrays.setAll(offset, i -> reach * random.nextDouble(-1, 1));
        Options options = options(random);
        double[] effective = s.clone();
        if (random.nextInt(3) == 0) {
            options = options.withClassWeights(classWeights(random, classes));
            double[] sums = new double[classes];
            for (int i = 0; i < n; i++) {
                sums[y[i]] += s[i];
            }
            Labels labels = Fitted.data(plain(x, y, s, offset, classes, true, new double[p]), Rows.dense(x, p))
                    .labels();
            double[] factors = options.classWeights().factors(labels, sums);
            Arrays.setAll(effective, i -> s[i] * factors[y[i]]);
        }
        double total = Arrays.stream(effective).sum();
        double lambda = options.strength().lambda(total);
        double[] ridge = new double[p];
        for (int j = 0; j < p; j++) {
            ridge[j] = lambda * (options.standardize() ? variance(x, effective, j) : 1);
        }
        PlainProblem data = plain(x, y, s, offset, classes, options.intercept(), ridge);
        PlainProblem plain = plain(x, y, effective, offset, classes, options.intercept(), ridge);
        Precision precision = floats ? Precision.FLOAT32 : Precision.FLOAT64;
        Matrix dense = floats ? Rows.denseFloat(x, p) : Rows.dense(x, p);
        Matrix stored = sparse ? Rows.sparse(x, p, precision, n / 3, n / 3, 2 * n / 3, n) : dense;
        return new RandomProblem(seed, plain, stored, data, options);
    }

    private static PlainProblem plain(
            double[][] x, int[] y, double[] s, double[] offset, int classes, boolean intercept, double[] ridge) {
        return new PlainProblem(x, y, s, offset, classes, intercept, ridge);
    }

    private static double[][] features(SplittableRandom random, int n, int p, boolean sparse) {
        double spread = random.nextInt(3) == 0 ? 3 : 0;
        boolean common = random.nextInt(3) == 0;
        boolean copies = random.nextInt(5) == 0;
        boolean constants = random.nextInt(5) == 0;
        double[] scale = new double[p];
        double[] shift = new double[p];
        for (int j = 0; j < p; j++) {
            scale[j] = Math.pow(10, spread * random.nextDouble(-1, 1));
            shift[j] = sparse || random.nextInt(3) > 0 ? 0 : random.nextDouble(-5, 5);
        }
        double[][] x = new double[n][p];
        for (double[] row : x) {
            double shared = common ? 2 * normal(random) : 0;
            for (int j = 0; j < p; j++) {
                boolean zero = sparse && random.nextInt(3) > 0;
                row[j] = zero ? 0 : scale[j] * (normal(random) + shared + shift[j]);
            }
            if (constants) {
                row[p - 1] = scale[p - 1];
            }
            if (copies) {
                row[0] = row[p / 2];
            }
        }
        return x;
    }

    private static void roundToFloat(double[][] x) {
        for (double[] row : x) {
            Arrays.setAll(row, j -> (float) row[j]);
        }
    }

    private static double normal(SplittableRandom random) {
        return random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 2;
    }

    /** Every class once, then by a noisy linear rule or by chance. */
    private static int[] classesOf(SplittableRandom random, double[][] x, int classes) {
        boolean chance = random.nextBoolean();
        double noise = random.nextDouble(2);
        int[] y = new int[x.length];
        for (int i = 0; i < y.length; i++) {
            double z = x[i][0] + (x[i].length > 1 ? x[i][1] : 0) + noise * normal(random);
            int rule = (int) Math.floor(classes / (1 + Math.exp(-z)));
            y[i] = i < classes ? i : chance ? random.nextInt(classes) : Math.min(classes - 1, rule);
        }
        return y;
    }

    /** Ones, small counts with zeros, or weights over six orders of magnitude; the first row of each class has some. */
    private static double[] weights(SplittableRandom random, int n, int classes) {
        int kind = random.nextInt(4);
        double[] s = new double[n];
        for (int i = 0; i < n; i++) {
            s[i] = kind < 2 ? 1 : kind == 2 ? random.nextInt(4) : Math.pow(10, random.nextDouble(-3, 3));
            if (i < classes && s[i] == 0) {
                s[i] = 1;
            }
        }
        return s;
    }

    private static Options options(SplittableRandom random) {
        double strength = Math.pow(10, random.nextDouble(-2, 3));
        return Options.defaults()
                .withThreads(1)
                .withStrength(
                        random.nextBoolean() ? new Strength.C(strength / 10) : new Strength.Lambda(strength / 100))
                .withIntercept(random.nextInt(4) > 0)
                .withStandardize(random.nextInt(4) == 0)
                .withTolerance(random.nextInt(3) == 0 ? 1e-7 : 1e-6);
    }

    private static ClassWeights classWeights(SplittableRandom random, int classes) {
        return random.nextBoolean()
                ? new ClassWeights.Balanced()
                : new ClassWeights.ByName(Map.of("c0", 3.5, "c" + (classes - 1), 0.02));
    }

    /** The weighted variance of a column, 1 for a constant one. */
    private static double variance(double[][] x, double[] s, int j) {
        double total = Arrays.stream(s).sum();
        double mean = 0;
        for (int i = 0; i < s.length; i++) {
            mean += s[i] / total * x[i][j];
        }
        double variance = 0;
        double square = 0;
        for (int i = 0; i < s.length; i++) {
            variance += s[i] / total * (x[i][j] - mean) * (x[i][j] - mean);
            square += s[i] / total * x[i][j] * x[i][j];
        }
        return variance > 1e-12 * square ? variance : 1;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + plain.y().length + " x " + plain.features() + " x " + plain.classes() + " "
                + x.getClass().getSimpleName() + (plain.offset().length > 0 ? " offset" : "") + " " + options;
    }
}
