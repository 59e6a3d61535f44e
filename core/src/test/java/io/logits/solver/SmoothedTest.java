package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmoothedTest {
    private static final int SIZE = 40;
    private static final int STEPS = 30;
    private static final Tolerance ROUNDING = Tolerance.absolute(
            1e-12, "residuals of size 10, summed up over 30 steps along directions of size 1e4 at most");

    /** Conjugate gradients on a diagonal matrix, two of whose eigenvalues are all but 0, preconditioned by another one. */
    @Test
    void theResidualNeverGrowsAndIsThatOfThePoint() {
        Random random = new Random(3);
        double[] matrix = new double[SIZE];
        Arrays.setAll(matrix, e -> e < 2 ? 1e-4 : random.nextDouble(0.2, 4));
        double[] inverse = random.doubles(SIZE, 0.5, 2).toArray();
        double[] right = random.doubles(SIZE, -1, 1).toArray();
        SupportVector step = new SupportVector(SIZE - 3, 3);
        SupportVector r = vector(right);
        SupportVector z = times(inverse, r);
        SupportVector v = z.copy();
        Smoothed smoothed = new Smoothed(step.copy(), r.copy(), z.copy());
        boolean grew = false;
        double rz = r.dot(z);
        for (int it = 0; it < STEPS; it++) {
            SupportVector hv = times(matrix, v);
            double t = rz / v.dot(hv);
            step.combine(1, t, v);
            r.combine(1, -t, hv);
            z.set(times(inverse, r));
            double next = r.dot(z);
            v.combine(next / rz, 1, z);
            grew |= next > rz;
            rz = next;
            double before = smoothed.squared();
            smoothed.join(step, r, z);
            assertThat(smoothed.squared()).isLessThanOrEqualTo(before).isLessThanOrEqualTo(rz * (1 + 1e-9));
            SupportVector found = times(matrix, smoothed.step);
            for (int e = 0; e < SIZE; e++) {
                ROUNDING.check(Math.abs(right[e] - at(found, e) - at(smoothed.r, e)), "entry " + e + " after " + it);
            }
        }
        assertThat(grew).isTrue();
    }

    @Test
    void pointsThatAreNotFiniteAreLeftOut() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e200}) {
            Smoothed smoothed = new Smoothed(one(1), one(2), one(2));
            smoothed.join(one(bad), one(bad), one(bad));
            assertThat(smoothed.step.a()).containsExactly(1);
            assertThat(smoothed.r.a()).containsExactly(2);
            assertThat(smoothed.squared()).isEqualTo(4);
            smoothed.join(one(5), one(1), one(1));
            assertThat(smoothed.step.a()).containsExactly(9);
            assertThat(smoothed.squared()).isZero();
        }
    }

    private static SupportVector one(double value) {
        return new SupportVector(new double[] {value}, new double[0]);
    }

    private static SupportVector vector(double[] values) {
        return new SupportVector(Arrays.copyOf(values, SIZE - 3), Arrays.copyOfRange(values, SIZE - 3, SIZE));
    }

    private static double at(SupportVector v, int e) {
        return e < v.a().length ? v.a()[e] : v.b()[e - v.a().length];
    }

    private static SupportVector times(double[] diagonal, SupportVector v) {
        double[] product = new double[SIZE];
        Arrays.setAll(product, e -> diagonal[e] * at(v, e));
        return vector(product);
    }
}
