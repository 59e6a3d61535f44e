package io.logits.cli;

import io.logits.calibration.HeldOutCalibration;
import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.model.Model;
import io.logits.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calibrates a model, if that is asked for, and remembers which of the fits that took have not converged. */
final class Calibrating {
    private final @Nullable HeldOutCalibration heldOut;
    private final List<Solution> open = new ArrayList<>();

    Calibrating(@Nullable HeldOutCalibration heldOut) {
        this.heldOut = heldOut;
    }

    /** How many fits it takes. */
    int fits() {
        return heldOut == null ? 0 : heldOut.folds().count();
    }

    /** The model, calibrated on the rows of each fold by a fit of the others. */
    Model of(Model model, Dataset rows, Function<Dataset, Fit<?>> fitting) {
        if (heldOut == null) {
            return model;
        }
        return heldOut.calibrate(model, rows, part -> {
            Fit<?> own = fitting.apply(part);
            if (!own.solution().converged()) {
                open.add(own.solution());
            }
            return own.model();
        });
    }

    /** The exit code: what is said of fits that have not converged. */
    int ended(Logits logits, boolean strict, double tolerance) {
        return heldOut == null || open.isEmpty()
                ? Logits.DONE
                : logits.notConverged(
                        strict,
                        open.size() + " of " + heldOut.folds().count()
                                + " fits for the calibration have not converged: "
                                + open.get(0).reason().sentence() + ", the goal is " + Words.number(tolerance, 3));
    }
}
