package io.logits.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.features.PlainEncoding;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private final Matrix two = DenseMatrix.ofRows(new double[][] {{1}, {2}});
    private final Labels labels = Labels.of(List.of("a", "b"));
    private final Dataset data = Dataset.of(two, labels);

    private static void refused(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void partsThatDoNotFitAreRefusedWithTheirSizes() {
        refused(() -> Dataset.of(two, Labels.of(List.of("a"))), "labels has 1 entries, the data has 2 rows");
        refused(() -> data.withWeights(new double[3]), "weights has 3 entries, the data has 2 rows");
        refused(() -> data.withOffset(new double[3]), "offset has 3 entries, 2 rows x 1 logit are needed");
        refused(() -> data.withEncoding(PlainEncoding.numbered(2)), "the encoding names 2 features, the data has 1");
    }

    @Test
    void weightsAndOffsetsOutOfRangeAreRefusedWithTheirRow() {
        refused(
                () -> data.withWeights(new double[] {1, Double.NaN}),
                "weight of row 1 is NaN, a finite number >= 0 is needed");
        refused(
                () -> data.withWeights(new double[] {-1, 1}),
                "weight of row 0 is -1.0, a finite number >= 0 is needed");
        refused(() -> data.withWeights(new double[2]), "all weights are 0, one at least must be positive");
        refused(
                () -> data.withOffset(new double[] {0, Double.POSITIVE_INFINITY}),
                "offset of row 1 is Infinity, a finite number is needed");
    }
}
