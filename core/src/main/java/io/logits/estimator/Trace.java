package io.logits.estimator;

import io.logits.model.Provenance;
import io.logits.solver.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The way of a fit to its end as a model remembers it: in {@code solution}, under {@value #KEY}, one iteration after the
 * other its passes, objective and measure, between commas, iterations between blanks. No time, so that the same fit gives
 * the same bytes.
 */
public final class Trace {
    /** The name of the entry in {@link Provenance#solution()}. */
    public static final String KEY = "trace";

    /** So many iterations draw any curve; of more only some are kept, the last among them. */
    private static final int MOST = 256;

    private Trace() {}

    static String text(List<Progress> trace) {
        int every = (trace.size() + MOST - 1) / MOST;
        List<Progress> kept = new ArrayList<>();
        for (int i = 0; i < trace.size(); i++) {
            if (i == trace.size() - 1 || i % every == 0) {
                kept.add(trace.get(i));
            }
        }
        return kept.stream()
                .map(p -> p.iteration() + "," + p.passes() + "," + p.objective() + "," + p.measure())
                .collect(Collectors.joining(" "));
    }

    /**
     * What a model remembers of its fit, empty if nothing; seconds are NaN.
     *
     * @throws IllegalArgumentException if it is there but not as written
     */
    public static List<Progress> of(Provenance provenance) {
        String text = provenance.solution().getOrDefault(KEY, "");
        List<Progress> trace = new ArrayList<>();
        for (String entry : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            String[] parts = entry.split(",", -1);
            if (parts.length != 4) {
                throw new IllegalArgumentException(
                        "the model's trace has '" + entry + "', iteration, passes, objective and measure are needed");
            }
            trace.add(new Progress(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3]),
                    Double.NaN));
        }
        return trace;
    }
}
