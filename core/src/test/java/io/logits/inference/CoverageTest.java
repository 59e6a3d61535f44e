package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How often 95 % intervals hold what they are for, over 2,000 samples of known truth; on demand, with
 * {@code -Dlogits.coverage.table=PATH}, which also says where the table goes.
 */
@EnabledIfSystemProperty(
        named = CoverageTest.TABLE,
        matches = ".+",
        disabledReason = "2,000 samples of each kind take a minute or two")
class CoverageTest {
    static final String TABLE = "logits.coverage.table";
    private static final int SAMPLES = 2000;
    private static final double LEVEL = 0.95;
    /** Of a binomial count of 2,000 at 0.95, one in a thousand is farther from its mean than this many deviations. */
    private static final double DEVIATIONS = 3.29;

    private static final Options PLAIN = Options.defaults()
            .withPenalty(PenaltyKind.NONE)
            .withTolerance(1e-10)
            .withThreads(1);
    private static final List<String> LINES = new ArrayList<>();

    /** Counts of intervals that hold the truth. */
    private static final class Counts {
        private final Map<String, Integer> held = new LinkedHashMap<>();

        void add(String what, double low, double high, double truth) {
            held.merge(what, low <= truth && truth <= high ? 1 : 0, Integer::sum);
        }

        void add(String what, List<Coefficient> lines, double... truth) {
            assertThat(lines).hasSize(truth.length);
            for (int q = 0; q < truth.length; q++) {
                Coefficient line = lines.get(q);
                String name =
                        line.parameter().className() + ": " + line.parameter().feature();
                add(what + " | " + name, line.low(), line.high(), truth[q]);
            }
        }

        /** Records every count and holds it to its bounds. */
        void check(String kind) {
            double reach = DEVIATIONS * Math.sqrt(LEVEL * (1 - LEVEL) / SAMPLES);
            held.forEach((what, count) -> {
                double share = count / (double) SAMPLES;
                boolean within = Math.abs(share - LEVEL) <= reach;
                LINES.add(String.format(
                        Locale.ROOT, "| %s | %s | %.4f | %s |", kind, what, share, within ? "yes" : "no"));
                assertThat(share).as("%s, %s", kind, what).isBetween(LEVEL - reach, LEVEL + reach);
            });
        }
    }

    private static double[][] features(SplittableRandom random, int rows, int columns) {
        double[][] x = new double[rows][columns];
        for (double[] row : x) {
            Arrays.setAll(row, j -> j == 0 ? random.nextInt(2) : random.nextDouble(-1.7, 1.7));
        }
        return x;
    }

    private static double logit(double[] row, double... b) {
        return b[0]
                + IntStream.range(0, row.length)
                        .mapToDouble(j -> b[j + 1] * row[j])
                        .sum();
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    private static Dataset data(double[][] x, int[] y, String... classes) {
        return Dataset.of(DenseMatrix.ofRows(x), Labels.of(List.of(classes), y));
    }

    @Test
    void intervalsOfTwoClassesCover() {
        double[] truth = {-0.4, 0.8, -0.6, 0.3};
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(11);
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[][] x = features(random, 400, 3);
            int[] y = Arrays.stream(x)
                    .mapToInt(row -> random.nextDouble() < sigmoid(logit(row, truth)) ? 1 : 0)
                    .toArray();
            Dataset rows = data(x, y, "no", "yes");
            Inference fit = Inference.of(rows, PLAIN, WeightKind.FREQUENCY);
            counts.add("Wald", fit.coefficients(fit.covariance(), LEVEL), truth);
            counts.add("Wald, HC1", fit.coefficients(fit.covariance(Robust.HC1), LEVEL), truth);
            counts.add("Wald, HC3", fit.coefficients(fit.covariance(Robust.HC3), LEVEL), truth);
            counts.add("profile", fit.profiled(LEVEL), truth);
            List<MarginalEffect> effects = fit.marginalEffects(fit.covariance(), LEVEL);
            for (int j = 0; j < 3; j++) {
                double slope = Arrays.stream(x)
                        .mapToDouble(row -> sigmoid(logit(row, truth)) * sigmoid(-logit(row, truth)))
                        .average()
                        .orElseThrow();
                MarginalEffect effect = effects.get(j);
                counts.add(
                        "marginal effect | " + effect.parameter().feature(),
                        effect.low(),
                        effect.high(),
                        truth[j + 1] * slope);
            }
            double[] interval = new double[6];
            fit.probabilities(rows.features(), null, fit.covariance(), LEVEL).of(0, interval);
            counts.add("probability of a row | yes", interval[4], interval[5], sigmoid(logit(x[0], truth)));
        }
        counts.check("two classes, 400 rows");
    }

    @Test
    void intervalsOfFewRowsCoverWithFirth() {
        double[] truth = {-0.5, 0.7, 0.5};
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(12);
        Options firth = PLAIN.withPenalty(PenaltyKind.FIRTH);
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[][] x = features(random, 60, 2);
            int[] y = Arrays.stream(x)
                    .mapToInt(row -> random.nextDouble() < sigmoid(logit(row, truth)) ? 1 : 0)
                    .toArray();
            Inference fit = Inference.of(data(x, y, "no", "yes"), firth, WeightKind.FREQUENCY);
            counts.add("profile, Firth", fit.profiled(LEVEL), truth);
        }
        counts.check("two classes, 60 rows");
    }

    @Test
    void intervalsOfManyClassesCover() {
        double[][] truth = {{0.3, 0.8, -0.5}, {-0.2, -0.4, 0.7}};
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(13);
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[][] x = features(random, 500, 2);
            int[] y = Arrays.stream(x).mapToInt(row -> draw(random, row, truth)).toArray();
            Inference fit = Inference.of(data(x, y, "a", "b", "c"), PLAIN, WeightKind.FREQUENCY);
            double[] all = {0.3, 0.8, -0.5, -0.2, -0.4, 0.7};
            counts.add("Wald", fit.coefficients(fit.covariance(), LEVEL), all);
            counts.add("Wald, HC1", fit.coefficients(fit.covariance(Robust.HC1), LEVEL), all);
            counts.add("Wald, HC3", fit.coefficients(fit.covariance(Robust.HC3), LEVEL), all);
        }
        counts.check("three classes, 500 rows");
    }

    private static int draw(SplittableRandom random, double[] row, double[][] truth) {
        double b = Math.exp(logit(row, truth[0]));
        double c = Math.exp(logit(row, truth[1]));
        double u = random.nextDouble() * (1 + b + c);
        return u < 1 ? 0 : u < 1 + b ? 1 : 2;
    }

    /** Rows come in equal threes: there are a third as many observations as rows. */
    @Test
    void clusteredIntervalsCoverWhereRowsDepend() {
        double[] truth = {0.2, -0.7, 0.5};
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(14);
        int[] cluster = IntStream.range(0, 1200).map(i -> i / 3).toArray();
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[][] once = features(random, 400, 2);
            int[] drawn = Arrays.stream(once)
                    .mapToInt(row -> random.nextDouble() < sigmoid(logit(row, truth)) ? 1 : 0)
                    .toArray();
            double[][] x = IntStream.of(cluster).mapToObj(g -> once[g]).toArray(double[][]::new);
            int[] y = IntStream.of(cluster).map(g -> drawn[g]).toArray();
            Inference fit = Inference.of(data(x, y, "no", "yes"), PLAIN, WeightKind.FREQUENCY);
            counts.add("Wald, clusters", fit.coefficients(fit.clustered(cluster), LEVEL), truth);
        }
        counts.check("400 clusters of 3 equal rows");
    }

    /** Frequencies: groups of trials. */
    @Test
    void intervalsOfFrequenciesCover() {
        double[] truth = {-0.3, 0.6, -0.4};
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(15);
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[][] groups = features(random, 50, 2);
            double[][] x = new double[100][];
            double[] weights = new double[100];
            for (int i = 0; i < 100; i++) {
                x[i] = groups[i / 2];
            }
            for (int g = 0; g < 50; g++) {
                for (int trial = 0; trial < 8; trial++) {
                    weights[2 * g + (random.nextDouble() < sigmoid(logit(groups[g], truth)) ? 1 : 0)]++;
                }
            }
            int[] y = IntStream.range(0, 100).map(i -> i % 2).toArray();
            Dataset rows = data(x, y, "no", "yes").withWeights(weights);
            Inference fit = Inference.of(rows, PLAIN, WeightKind.FREQUENCY);
            counts.add("Wald", fit.coefficients(fit.covariance(), LEVEL), truth);
        }
        counts.check("50 groups of 8 trials as frequencies");
    }

    @AfterAll
    static void writeTable() throws IOException {
        List<String> text = new ArrayList<>(List.of(
                "# How often intervals hold the truth",
                "",
                "Written by `CoverageTest` with `-D" + TABLE + "=PATH`: " + SAMPLES
                        + " samples of each kind, seeded, at 95 %. Within: the share is no farther from 0.95 than "
                        + DEVIATIONS + " binomial deviations, which is 0.016.",
                "",
                "| data | interval | of | share | within |",
                "|---|---|---|---|---|"));
        LINES.sort(null);
        text.addAll(LINES);
        Files.write(Path.of(System.getProperty(TABLE)), text);
    }
}
