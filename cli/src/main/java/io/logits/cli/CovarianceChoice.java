package io.logits.cli;

import io.logits.inference.Covariance;
import io.logits.inference.Inference;
import io.logits.inference.Robust;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where standard errors come from. */
enum CovarianceChoice {
    /** From the model's own variances. */
    MODEL,
    HC0,
    HC1,
    HC2,
    HC3,
    /** From sums over clusters of rows. */
    CLUSTER;

    Covariance of(Inference inference, int @Nullable [] clusters) {
        return switch (this) {
            case MODEL -> inference.covariance();
            case HC0, HC1, HC2, HC3 -> inference.covariance(Robust.valueOf(name()));
            case CLUSTER -> inference.clustered(Objects.requireNonNull(clusters));
        };
    }
}
