package io.logits.inference;

import io.logits.testkit.Seeds;
import io.logits.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A matrix is put together again from its eigenvalues and vectors. */
class SymmetricEigenTest {
    private static final Tolerance ROUNDED = Tolerance.absolute(1e-13, "entries are about 1, orders up to 20");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20})
    void valuesAndVectorsMakeTheMatrix(int n) {
        var random = Seeds.random("SymmetricEigenTest." + n);
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i * n + j] = random.nextDouble() - 0.5;
                matrix[j * n + i] = matrix[i * n + j];
            }
        }
        SymmetricEigen eigen = new SymmetricEigen(n);
        eigen.of(new double[n * n]);
        eigen.of(matrix);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double product = 0;
                for (int e = 0; e < n; e++) {
                    sum += eigen.value(e) * eigen.vector(e, i) * eigen.vector(e, j);
                    product += eigen.vector(i, e) * eigen.vector(j, e);
                }
                ROUNDED.check(Math.abs(sum - matrix[i * n + j]), "entry " + i + ", " + j);
                ROUNDED.check(Math.abs(product - (i == j ? 1 : 0)), "product of vectors " + i + " and " + j);
            }
        }
    }
}
