package io.logits.features;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A raw column of a table and the block of features that it becomes. */
public sealed interface Column permits Column.Numeric, Column.Category, Column.Text {
    /** The name of the raw column. */
    String name();

    /** What to do where a value is missing. */
    Missing missing();

    /** The number of features. */
    int size();

    /**
     * The name of a feature of the block.
     *
     * @param j from 0 to {@code size()-1}
     */
    String featureName(int j);

    /**
     * Numbers, used as they are; false is 0 and true is 1. Features: {@code column}, and {@code column=missing} with
     * {@link Missing#INDICATOR}.
     *
     * @param fill the value that takes the place of missing ones, finite; 0 with {@link Missing#ERROR}
     */
    record Numeric(String name, Missing missing, double fill) implements Column {
        /**
         * Checks the range; without a use for the fill it becomes 0.
         *
         * @throws IllegalArgumentException if {@code fill} is not finite
         */
        public Numeric {
            if (!Double.isFinite(fill)) {
                throw new IllegalArgumentException("the fill of column '" + name + "' is " + fill + ", not finite");
            }
            if (missing == Missing.ERROR) {
                fill = 0;
            }
        }

        /** A column that refuses missing values. */
        public static Numeric of(String name) {
            return new Numeric(name, Missing.ERROR, 0);
        }

        @Override
        public int size() {
            return missing == Missing.INDICATOR ? 2 : 1;
        }

        @Override
        public String featureName(int j) {
            return j == 0 ? name : name + "=missing";
        }
    }

    /**
     * A few levels, a feature {@code column=level} each (one-hot), in the order of {@code levels}; with
     * {@link Missing#INDICATOR} the last feature is {@code column=missing}. A level not known gives zeros.
     *
     * @param levels distinct
     * @param reference the level that has no feature, or null if all have one
     * @param fill the level that takes the place of missing values with {@link Missing#FILL}, else null
     */
    record Category(
            String name,
            List<String> levels,
            @Nullable String reference,
            Missing missing,
            @Nullable String fill) implements Column {
        /**
         * Copies the levels and checks them.
         *
         * @throws IllegalArgumentException if a level is there twice, or reference or fill are no levels
         */
        public Category {
            levels = List.copyOf(levels);
            if (new HashSet<>(levels).size() != levels.size()) {
                throw new IllegalArgumentException("column '" + name + "' has a level twice");
            }
            if (reference != null && !levels.contains(reference)) {
                throw new IllegalArgumentException(
                        "column '" + name + "' has no level '" + reference + "' to be its reference");
            }
            if ((missing == Missing.FILL) != (fill != null)) {
                throw new IllegalArgumentException(
                        "column '" + name + "' needs a fill for missing values if, and only if, they are filled");
            }
            if (fill != null && !levels.contains(fill)) {
                throw new IllegalArgumentException("column '" + name + "' has no level '" + fill + "' to fill with");
            }
        }

        @Override
        public int size() {
            return levels.size() - (reference == null ? 0 : 1) + (missing == Missing.INDICATOR ? 1 : 0);
        }

        @Override
        public String featureName(int j) {
            if (missing == Missing.INDICATOR && j == size() - 1) {
                return name + "=missing";
            }
            int skipped = reference == null ? levels.size() : levels.indexOf(reference);
            return name + "=" + levels.get(j < skipped ? j : j + 1);
        }
    }

    /**
     * Words and pairs of neighbouring words, weighted tf-idf: term {@code t} of a row has
     * {@code tf(t) * (ln((1+n)/(1+df(t))) + 1)}, where n texts were learnt from and {@code df(t)} of them have t, and
     * the block of each row is then scaled to Euclidean length 1. Features are named {@code column[term]}. Terms not in
     * the vocabulary count nothing.
     *
     * @param sublinear whether {@code tf} is {@code 1 + ln(count)} in place of the count
     */
    record Text(String name, Vocabulary vocabulary, boolean sublinear, Missing missing) implements Column {
        @Override
        public int size() {
            return vocabulary.size() + (missing == Missing.INDICATOR ? 1 : 0);
        }

        @Override
        public String featureName(int j) {
            return j == vocabulary.size() ? name + "=missing" : name + "[" + vocabulary.term(j) + "]";
        }
    }
}
