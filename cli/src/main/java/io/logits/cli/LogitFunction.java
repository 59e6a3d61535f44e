package io.logits.cli;

import io.logits.formats.NumberText;
import java.util.Locale;

/** What {@code compute} computes. */
enum LogitFunction {
    SIGMOID,
    LOG_SIGMOID,
    SOFTPLUS,
    LOGIT,
    SOFTMAX,
    LOG_SOFTMAX,
    LOG_SUM_EXP,
    LOG_LOSS,
    CROSS_ENTROPY;

    /** The name on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a row holds. */
    NumberText.Shape shape() {
        return switch (this) {
            case LOG_LOSS -> NumberText.Shape.LABEL_AND_LOGIT;
            case CROSS_ENTROPY -> NumberText.Shape.LABEL_AND_LOGITS;
            default -> NumberText.Shape.NUMBERS;
        };
    }

    /** Whether a row becomes one number. */
    boolean foldsRows() {
        return this == LOG_SUM_EXP || this == LOG_LOSS || this == CROSS_ENTROPY;
    }
}
