package io.logits.tables;

import io.logits.data.Precision;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a table are for. Immutable: each {@code withX} gives a changed copy.
 *
 * @param target the label column; null means the last column
 * @param weights the column of row weights, or null
 * @param offsets the columns of what is added to the logits: one for two classes, one per class for more; none by default
 * @param groups the column whose value rows that belong together share, or null
 * @param trials the columns of counts that take the place of labels, or null
 * @param drop columns not to use
 * @param only the only columns to use as features; empty means all
 * @param text columns to take apart into words
 * @param references by category, the level that gets no feature
 * @param dropReference whether every category leaves a level without a feature, its first if {@code references} says nothing: right where nothing is penalised; false by default
 * @param interactions products of features, {@code A:B} each
 * @param missing what to do with missing values; an error by default
 * @param minDf in how many rows a word must be to count, at least 1; 2 by default
 * @param maxLevels how many levels a category may have, at least 1; 100 by default
 * @param sublinear whether a word's frequency in a text counts as {@code 1 + ln(count)}; false by default
 * @param precision how features are stored; float64 by default
 */
public record TableOptions(
        @Nullable String target,
        @Nullable String weights,
        List<String> offsets,
        @Nullable String groups,
        @Nullable Trials trials,
        List<String> drop,
        List<String> only,
        List<String> text,
        Map<String, String> references,
        boolean dropReference,
        List<String> interactions,
        MissingRule missing,
        int minDf,
        int maxLevels,
        boolean sublinear,
        Precision precision) {
    /**
     * Copies the collections and checks ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public TableOptions {
        offsets = List.copyOf(offsets);
        drop = List.copyOf(drop);
        only = List.copyOf(only);
        text = List.copyOf(text);
        references = Map.copyOf(references);
        interactions = List.copyOf(interactions);
        if (minDf < 1) {
            throw new IllegalArgumentException("min-df is " + minDf + ", at least 1 is needed");
        }
        if (maxLevels < 1) {
            throw new IllegalArgumentException("max-levels is " + maxLevels + ", at least 1 is needed");
        }
    }

    /** The last column is the label, all others are features in float64, missing values are an error. */
    public static TableOptions defaults() {
        return new TableOptions(
                null,
                null,
                List.of(),
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                false,
                List.of(),
                MissingRule.ERROR,
                2,
                100,
                false,
                Precision.FLOAT64);
    }

    /** A copy with another target. */
    public TableOptions withTarget(@Nullable String newTarget) {
        return new TableOptions(
                newTarget,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another weights. */
    public TableOptions withWeights(@Nullable String newWeights) {
        return new TableOptions(
                target,
                newWeights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another offsets. */
    public TableOptions withOffsets(List<String> newOffsets) {
        return new TableOptions(
                target,
                weights,
                newOffsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another groups. */
    public TableOptions withGroups(@Nullable String newGroups) {
        return new TableOptions(
                target,
                weights,
                offsets,
                newGroups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another trials. */
    public TableOptions withTrials(@Nullable Trials newTrials) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                newTrials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another drop. */
    public TableOptions withDrop(List<String> newDrop) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                newDrop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another only. */
    public TableOptions withOnly(List<String> newOnly) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                newOnly,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another text. */
    public TableOptions withText(List<String> newText) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                newText,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another references. */
    public TableOptions withReferences(Map<String, String> newReferences) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                newReferences,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another dropReference. */
    public TableOptions withDropReference(boolean newDropReference) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                newDropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another interactions. */
    public TableOptions withInteractions(List<String> newInteractions) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                newInteractions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another missing. */
    public TableOptions withMissing(MissingRule newMissing) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                newMissing,
                minDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another minDf. */
    public TableOptions withMinDf(int newMinDf) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                newMinDf,
                maxLevels,
                sublinear,
                precision);
    }

    /** A copy with another maxLevels. */
    public TableOptions withMaxLevels(int newMaxLevels) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                newMaxLevels,
                sublinear,
                precision);
    }

    /** A copy with another sublinear. */
    public TableOptions withSublinear(boolean newSublinear) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                newSublinear,
                precision);
    }

    /** A copy with another precision. */
    public TableOptions withPrecision(Precision newPrecision) {
        return new TableOptions(
                target,
                weights,
                offsets,
                groups,
                trials,
                drop,
                only,
                text,
                references,
                dropReference,
                interactions,
                missing,
                minDf,
                maxLevels,
                sublinear,
                newPrecision);
    }
}
