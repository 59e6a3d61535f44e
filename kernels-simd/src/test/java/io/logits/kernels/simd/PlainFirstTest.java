package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.MatrixKernels;
import io.logits.kernels.ScalarKernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainFirstTest {
    @Test
    void plainLoopsTakeSoMuchWorkAndNoMore() {
        PlainFirst plain = new PlainFirst(100);
        assertThat(plain.takes(60)).isTrue();
        assertThat(plain.takes(60)).isFalse();
        assertThat(plain.takes(40)).isTrue();
        assertThat(plain.takes(1)).isFalse();
        assertThat(new PlainFirst(0).takes(1)).isFalse();
    }

    @Test
    void eachKindOfProductTurnsToVectorsByItself() {
        MatrixKernels plain = new ScalarKernels("test").matrices();
        SimdMatrices simd = new SimdMatrices(plain);
        PlainFirstMatrices both = new PlainFirstMatrices(plain, simd);
        double[] x = new double[1000];
        double[] y = new double[1000];
        Arrays.setAll(x, i -> Math.sin(i));
        double before = both.dot(x, x, 1000);
        for (int i = 0; i < 40_000; i++) {
            both.axpy(0.5, x, y, 1000);
        }
        assertThat(both.dot(x, x, 1000)).isEqualTo(before).isEqualTo(simd.dot(x, x, 1000));
        double[] z = new double[2];
        double[] again = new double[2];
        both.multiplyAdd(x, 0, 2, 500, x, 1, z, 0);
        simd.multiplyAdd(x, 0, 2, 500, x, 1, again, 0);
        assertThat(z).containsExactly(again);
    }
}
