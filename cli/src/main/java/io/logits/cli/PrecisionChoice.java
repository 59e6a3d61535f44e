package io.logits.cli;

import io.logits.data.Precision;

/** How entries are to be held. */
enum PrecisionChoice {
    /** As suits the kind of data. */
    AUTO,
    FLOAT,
    DOUBLE;

    /** The precision chosen, or else that of the kind of data. */
    Precision or(Precision byKind) {
        return switch (this) {
            case AUTO -> byKind;
            case FLOAT -> Precision.FLOAT32;
            case DOUBLE -> Precision.FLOAT64;
        };
    }
}
