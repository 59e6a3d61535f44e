package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.MatrixKernels;
import io.logits.kernels.ScalarKernels;
import java.lang.reflect.Proxy;
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
        for (int i = 0; i < 300_000; i++) {
            both.axpy(0.5, x, y, 1000);
        }
        assertThat(both.dot(x, x, 1000)).isEqualTo(before).isEqualTo(simd.dot(x, x, 1000));
        double[] z = new double[2];
        double[] again = new double[2];
        both.multiplyAdd(x, 0, 2, 500, x, 1, z, 0);
        simd.multiplyAdd(x, 0, 2, 500, x, 1, again, 0);
        assertThat(z).containsExactly(again);
    }

    @Test
    void productsOfOneLogitStayPlainForLonger() {
        int[] calls = new int[2];
        PlainFirstMatrices both = new PlainFirstMatrices(counting(calls, 0), counting(calls, 1));
        double[] none = {};
        float[] narrow = {};
        for (int i = 0; i < 3; i++) {
            both.multiplyAdd(none, 0, 1 << 15, 1 << 15, none, 1, none, 0);
            both.transposeMultiplyAdd(narrow, 0, 1 << 15, 1 << 15, none, 0, 1, none);
        }
        assertThat(calls).containsExactly(4, 2);
        both.multiplyAdd(narrow, 0, 1 << 15, 1 << 11, none, 2, none, 0);
        both.multiplyAdd(narrow, 0, 1, 1, none, 1, none, 0);
        assertThat(calls).containsExactly(4, 4);
        both.axpy(1, none, none, 1 << 28);
        both.axpy(1, none, none, 1);
        assertThat(calls).containsExactly(5, 5);
    }

    @Test
    void productsOfFewLogitsWithFloat64RowsStayPlainForLonger() {
        int[] calls = new int[2];
        PlainFirstMatrices both = new PlainFirstMatrices(counting(calls, 0), counting(calls, 1));
        double[] none = {};
        float[] narrow = {};
        both.multiplyAdd(none, 0, 1 << 15, 1 << 9, none, 32, none, 0);
        both.transposeMultiplyAdd(none, 0, 1 << 15, 1 << 13, none, 0, 2, none);
        assertThat(calls).containsExactly(2, 0);
        both.multiplyAdd(none, 0, 1, 1, none, 2, none, 0);
        both.transposeMultiplyAdd(none, 0, 1, 1, none, 0, 2, none);
        assertThat(calls).containsExactly(2, 2);
        both.multiplyAdd(narrow, 0, 1 << 15, 1 << 10, none, 2, none, 0);
        both.multiplyAdd(none, 0, 1 << 15, 1 << 5, none, 33, none, 0);
        assertThat(calls).containsExactly(2, 4);
    }

    @Test
    void factorsStayPlainForLonger() {
        int[] calls = new int[2];
        PlainFirstMatrices both = new PlainFirstMatrices(counting(calls, 0), counting(calls, 1));
        boolean[] flags = {};
        // A sixth of the cube each: 7.2e8 and 3.6e8.
        both.cholesky(new double[0], 1628, 0, flags);
        both.cholesky(new double[0], 1290, 0, flags);
        assertThat(calls).containsExactly(1, 1);
        both.cholesky(new double[0], 1200, 0, flags);
        assertThat(calls).containsExactly(2, 1);
    }

    @Test
    void gramMatricesOfFloat64RowsStayPlainForLongerUnlessVectorsAreInUse() {
        int[] calls = new int[2];
        PlainFirstMatrices both = new PlainFirstMatrices(counting(calls, 0), counting(calls, 1));
        double[] none = {};
        float[] narrow = {};
        both.gramAdd(none, 0, 1 << 9, 1 << 10, none, 0, none, 0, 0);
        both.gramAdd(none, 0, 1 << 9, 1 << 10, none, 0, none, 0, 0);
        both.gramAdd(narrow, 0, 1 << 9, 1 << 10, none, 0, none, 0, 0);
        assertThat(calls).containsExactly(3, 0);
        both.gramAdd(none, 0, 1 << 11, 1 << 10, none, 0, none, 0, 0);
        assertThat(calls).containsExactly(3, 1);
        both.gramAdd(none, 0, 1, 2, none, 0, none, 0, 0);
        both.gramAdd(narrow, 0, 1, 2, none, 0, none, 0, 0);
        both.gramAdd(none, 0, 1, 2, none, 0, none, 0, 0);
        assertThat(calls).containsExactly(4, 3);
    }

    /** Kernels that do nothing but count their calls. */
    private static MatrixKernels counting(int[] calls, int at) {
        return (MatrixKernels) Proxy.newProxyInstance(
                MatrixKernels.class.getClassLoader(),
                new Class<?>[] {MatrixKernels.class},
                (proxy, method, arguments) -> {
                    calls[at]++;
                    return method.getReturnType() == int.class ? 0 : null;
                });
    }
}
