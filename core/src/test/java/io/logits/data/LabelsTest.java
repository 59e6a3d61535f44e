package io.logits.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void labelsCanBePutAmongTheClassesOfAModel() {
        Labels labels = Labels.of(List.of("b", "a", "b"));
        assertThat(labels.among(List.of("c", "b", "a")).indices()).containsExactly(1, 2, 1);
        assertThatThrownBy(() -> labels.among(List.of("c", "b")))
                .hasMessage("a row is of class a, the known classes are c, b");
    }

    @Test
    void numbersAreOrderedByValueAndNamedWithoutSignOrTrailingZero() {
        Labels labels = Labels.of(new double[] {12, -1, 1, 12, 0.5, -0.0});
        assertThat(labels.classes()).containsExactly("-1", "0", "0.5", "1", "12");
        assertThat(labels.indices()).containsExactly(4, 0, 3, 4, 2, 1);
    }

    @Test
    void namesThatAreAllNumbersAreOrderedByValue() {
        Labels labels = Labels.of(List.of("12", "-1", "1", "2"));
        assertThat(labels.classes()).containsExactly("-1", "1", "2", "12");
        assertThat(labels.indices()).containsExactly(3, 0, 1, 2);
    }

    @Test
    void oneNameThatIsNoFiniteNumberMakesTheOrderThatOfText() {
        assertThat(Labels.of(List.of("2", "12", "x")).classes()).containsExactly("12", "2", "x");
        assertThat(Labels.of(List.of("2", "12", "NaN")).classes()).containsExactly("12", "2", "NaN");
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        assertThat(Labels.of(List.of("b", "a", "c", "a")).classes())
                .isEqualTo(Labels.of(List.of("c", "a", "b")).classes());
    }

    @Test
    void aLabelThatIsNoFiniteNumberIsRefused() {
        assertThatThrownBy(() -> Labels.of(new double[] {1, Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label of row 1 is NaN, a finite number is needed");
    }

    @Test
    void indicesOutOfRangeAndRepeatedNamesAreRefused() {
        assertThatThrownBy(() -> Labels.of(List.of("a", "b"), new int[] {0, 2}))
                .hasMessage("row 1 has class index 2, 0 to 1 are allowed");
        assertThatThrownBy(() -> Labels.of(List.of("a", "a"), new int[] {0}))
                .hasMessage("a class is named twice in [a, a]");
    }
}
