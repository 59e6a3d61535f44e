package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.kernels.Workers;
import io.logits.objective.BlockInverse.Block;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blocks solve their systems, also without members that have left. */
class BlockInverseTest {
    @Test
    void aBlockSolvesItsSystemWithoutThoseThatLeft() {
        Random random = new Random(3);
        try (Workers workers = Workers.of(1)) {
            for (int n = 1; n <= 45; n++) {
                double[][] a = definite(n, random);
                boolean[] left = new boolean[n];
                for (int i = 0; i < n; i++) {
                    left[i] = random.nextInt(4) == 0;
                }
                double[] r = random.doubles(n).toArray();
                double[] flat = Arrays.stream(a).flatMapToDouble(Arrays::stream).toArray();
                Block block = Block.of(IntStream.range(0, n).toArray(), flat);
                BlockInverse inverse = new BlockInverse(List.of(block), List.of(), workers);
                inverse.leaveOut(left);
                double[] x = new double[n];
                inverse.apply(r, new double[0], x, new double[0]);
                for (int i = 0; i < n; i++) {
                    double product = 0;
                    for (int j = 0; j < n; j++) {
                        product += a[i][j] * x[j];
                    }
                    assertThat(left[i] ? x[i] : product).isCloseTo(left[i] ? 0 : r[i], within(1e-4));
                }
            }
        }
    }

    private static double[][] definite(int n, Random random) {
        double[][] root = new double[n][n + 3];
        for (double[] row : root) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = i == j ? 1 : 0;
                for (int k = 0; k < n + 3; k++) {
                    sum += root[i][k] * root[j][k];
                }
                a[i][j] = sum;
            }
        }
        return a;
    }
}
