package io.logits.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Labels;
import io.logits.testkit.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
    @Test
    void eachFoldHasItsShareOfRowsAndOfEachClass() {
        SplittableRandom random = Seeds.random("eachFoldHasItsShare");
        for (int trial = 0; trial < 50; trial++) {
            int n = 20 + random.nextInt(100);
            int count = 2 + random.nextInt(9);
            // Two rows of each class for certain.
            int[] y = IntStream.range(0, n)
                    .map(i -> i < 6 ? i % 3 : random.nextInt(3))
                    .toArray();
            Folds folds = Folds.stratified(Labels.of(List.of("a", "b", "c"), y), count, random.nextLong());
            int[] size = new int[count];
            int[][] ofClass = new int[3][count];
            for (int i = 0; i < n; i++) {
                size[folds.of(i)]++;
                ofClass[y[i]][folds.of(i)]++;
            }
            assertEven(size);
            for (int[] share : ofClass) {
                assertEven(share);
            }
        }
    }

    private static void assertEven(int[] counts) {
        int least = IntStream.of(counts).min().orElseThrow();
        int most = IntStream.of(counts).max().orElseThrow();
        assertThat(most - least).isLessThanOrEqualTo(1);
    }

    @Test
    void theSameSeedGivesTheSameFoldsAndAnotherOthers() {
        Labels labels = Labels.of(
                List.of("a", "b"), IntStream.range(0, 60).map(i -> i % 2).toArray());
        int[] first = foldsOf(Folds.stratified(labels, 5, 1), 60);
        assertThat(foldsOf(Folds.stratified(labels, 5, 1), 60)).isEqualTo(first);
        assertThat(foldsOf(Folds.stratified(labels, 5, 2), 60)).isNotEqualTo(first);
    }

    private static int[] foldsOf(Folds folds, int n) {
        return IntStream.range(0, n).map(folds::of).toArray();
    }

    @Test
    void groupsStayWholeAndFoldsAreAboutEqual() {
        int[] groups = IntStream.range(0, 200).map(i -> i * i % 17).toArray();
        Folds folds = Folds.grouped(groups, 3, 7);
        int[] foldOfGroup = new int[17];
        int[] size = new int[3];
        for (int i = 0; i < groups.length; i++) {
            foldOfGroup[groups[i]] = folds.of(i);
            size[folds.of(i)]++;
        }
        for (int i = 0; i < groups.length; i++) {
            assertThat(folds.of(i)).isEqualTo(foldOfGroup[groups[i]]);
        }
        // Filled largest first, no fold is ahead of the least by more than the largest group.
        assertThat(IntStream.of(size).max().orElseThrow()
                        - IntStream.of(size).min().orElseThrow())
                .isLessThanOrEqualTo(24);
    }

    @Test
    void rowsOfAFoldAreThoseThatAreInIt() {
        Folds folds = Folds.of(new int[] {1, 0, 1, 2});
        assertThat(folds.rows(1)).containsExactly(0, 2);
        assertThat(folds.count()).isEqualTo(3);
    }

    @Test
    void whatCannotBeCutIsRefused() {
        Labels labels = Labels.of(List.of("x", "x", "x", "y"));
        assertThatThrownBy(() -> Folds.stratified(labels, 2, 0))
                .hasMessage("class y has 1 row; held out, none would be left to learn it from: 2 at least are needed");
        assertThatThrownBy(() -> Folds.stratified(labels, 5, 0)).hasMessage("5 folds of 4 rows, 2 to 4 are possible");
        assertThatThrownBy(() -> Folds.grouped(new int[] {0, 0, 1}, 3, 0))
                .hasMessage("3 folds of 2 groups, 2 to 2 are possible");
        assertThatThrownBy(() -> Folds.of(new int[] {0, 2})).hasMessage("fold 1 has no row, there are rows of fold 2");
    }
}
