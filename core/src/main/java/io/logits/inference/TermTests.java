package io.logits.inference;

import io.logits.features.Block;
import io.logits.kernels.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Tests of blocks of features, by the fit with them and the fits without. */
final class TermTests {
    private final Parameters parameters;
    private final Optimum optimum;
    private final Covariance covariance;
    private final Workers workers;
    private final double[] theta;

    TermTests(Parameters parameters, Optimum optimum, Covariance covariance, Workers workers) {
        this.parameters = parameters;
        this.optimum = optimum;
        this.covariance = covariance;
        this.workers = workers;
        theta = optimum.local().theta();
    }

    /** The tests of those blocks that have a coefficient which depends on no other. */
    List<TermTest> of(List<Block> blocks) {
        List<TermTest> tests = new ArrayList<>();
        for (Block block : blocks) {
            int[] coordinates = coordinates(block);
            if (coordinates.length > 0) {
                tests.add(of(block.name(), coordinates));
            }
        }
        return tests;
    }

    private TermTest of(String name, int[] coordinates) {
        ConstrainedFit without = without(name, coordinates);
        double ratio = 2 * (optimum.local().value() - without.at().value());
        int[] q = Arrays.stream(coordinates).map(parameters::ofFree).toArray();
        Information precision = precision(q);
        return new TermTest(
                name,
                coordinates.length,
                wald(precision, coordinates),
                precision.rank(),
                Math.max(0, ratio),
                optimum.local().firth() ? Double.NaN : without.scoreStatistic());
    }

    private ConstrainedFit without(String name, int[] coordinates) {
        try {
            return ConstrainedFit.of(optimum.start(workers), Constraint.zero(coordinates, theta.length));
        } catch (NoOptimumException e) {
            throw e.of("the fit without " + name);
        }
    }

    /** How much the other terms inflate the region of each, less those that depend on others. */
    List<Inflation> inflation(List<Block> blocks) {
        int order = covariance.parameters().size();
        boolean[] all = new boolean[order];
        List<Inflation> factors = new ArrayList<>();
        for (Block block : blocks) {
            for (int f : coordinates(block)) {
                all[f] = true;
            }
        }
        double whole = logDeterminant(all);
        for (Block block : blocks) {
            boolean[] own = new boolean[order];
            boolean[] others = all.clone();
            int[] coordinates = coordinates(block);
            for (int f : coordinates) {
                own[f] = true;
                others[f] = false;
            }
            if (coordinates.length > 0) {
                double log = logDeterminant(own) + logDeterminant(others) - whole;
                factors.add(new Inflation(block.name(), coordinates.length, StrictMath.exp(log)));
            }
        }
        return factors;
    }

    private int[] coordinates(Block block) {
        return Arrays.stream(parameters.freeOf(block.from(), block.to()))
                .filter(f -> !optimum.information().dependent()[f])
                .toArray();
    }

    /** Of the correlations of some free coordinates. */
    private double logDeterminant(boolean[] some) {
        int[] f = IntStream.range(0, some.length).filter(c -> some[c]).toArray();
        double[] v = covariance.ofFree();
        double[] part = new double[f.length * f.length];
        for (int a = 0; a < f.length; a++) {
            for (int b = 0; b <= a; b++) {
                double unit = Math.sqrt(v[f[a] * some.length + f[a]]) * Math.sqrt(v[f[b] * some.length + f[b]]);
                part[a * f.length + b] = v[f[a] * some.length + f[b]] / unit;
            }
        }
        return f.length == 0 ? 0 : Information.of(part).logDeterminant();
    }

    /** The inverse of the covariance of some parameters, those left out that depend on others in it. */
    private Information precision(int[] q) {
        double[] part = new double[q.length * q.length];
        for (int m = 0; m < q.length; m++) {
            for (int l = 0; l <= m; l++) {
                part[m * q.length + l] = covariance.get(q[m], q[l]);
            }
        }
        return Information.of(part);
    }

    private double wald(Information precision, int[] coordinates) {
        if (precision.rank() == 0) {
            return Double.NaN;
        }
        double[] b = Arrays.stream(coordinates).mapToDouble(f -> theta[f]).toArray();
        return Vectors.dot(b, precision.times(b));
    }
}
