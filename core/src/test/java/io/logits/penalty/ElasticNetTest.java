package io.logits.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a certificate may leave out. */
class ElasticNetTest {
    private static final double LAMBDA = 0.5;
    private static final int LOGITS = 3;
    private static final double[] ZERO = new double[LOGITS];

    @Test
    void aFeatureThatStaysAtZeroAddsNothing() {
        Random random = new Random(3);
        int staying = 0;
        for (int round = 0; round < 4000; round++) {
            boolean grouped = round % 4 == 0;
            double l1Ratio = round % 3 == 0 ? 1 : random.nextDouble();
            ElasticNet net = ElasticNet.of(LAMBDA, l1Ratio).withFactors(new double[] {round % 5 == 0 ? 0 : 1});
            net = grouped
                    ? net.inGroups()
                    : net.within(new double[] {round % 2 == 0 ? 0 : -1}, new double[] {Double.POSITIVE_INFINITY});
            double[] w = random.nextInt(3) == 0 ? new double[] {0, 0.1, 0} : ZERO;
            double[] g = random.doubles(LOGITS, -0.6, 0.6).toArray();
            if (random.nextInt(4) == 0) {
                Arrays.fill(g, 0);
            }
            if (net.staysAtZero(0, w, g)) {
                staying++;
                assertThat(w).isEqualTo(ZERO);
                assertThat(net.dualScale(0, g)).isEqualTo(1);
                assertThat(net.fenchelYoung(0, w, g, 1)).isZero();
                assertThat(net.fenchelYoung(0, w, g, random.nextDouble())).isZero();
            }
        }
        assertThat(staying).isBetween(500, 3500);
    }

    @Test
    void whatMayAddSomethingDoesNotStay() {
        ElasticNet single = ElasticNet.of(LAMBDA, 1);
        ElasticNet groups = single.inGroups();
        double[] atThePenalty = {LAMBDA, -LAMBDA, 0};
        assertThat(single.staysAtZero(0, ZERO, atThePenalty)).isTrue();
        assertThat(groups.staysAtZero(0, ZERO, atThePenalty)).isFalse();
        assertThat(groups.staysAtZero(0, ZERO, new double[] {0.3, -0.4, 0})).isTrue();
        assertThat(single.staysAtZero(0, ZERO, new double[] {0, Math.nextUp(LAMBDA), 0}))
                .isFalse();
        assertThat(single.staysAtZero(0, new double[] {0, 0, Double.MIN_VALUE}, ZERO))
                .isFalse();
        for (ElasticNet net : new ElasticNet[] {single, groups}) {
            double[] undefined = {0, Double.NaN, 0};
            assertThat(net.staysAtZero(0, ZERO, undefined)).isFalse();
            assertThat(net.staysAtZero(0, undefined, ZERO)).isFalse();
        }
    }
}
