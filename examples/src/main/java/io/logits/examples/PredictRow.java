package io.logits.examples;

import io.logits.formats.ModelFile;
import io.logits.model.Model;
import java.nio.file.Path;
import java.util.Map;

/** Loads a model and scores one row of raw values: all a program needs that only predicts. */
public final class PredictRow {
    private PredictRow() {}

    /** Takes a model that was fitted on the penguins. */
    public static void main(String[] args) throws java.io.IOException {
        Model model = ModelFile.read(Path.of(args[0]));
        double[] p = model.probabilities(Map.of(
                "island",
                "Dream",
                "sex",
                "male",
                "year",
                2008,
                "bill_length_mm",
                49.5,
                "bill_depth_mm",
                19,
                "flipper_length_mm",
                200,
                "body_mass_g",
                3800));
        for (int k = 0; k < p.length; k++) {
            System.out.println(model.classes().get(k) + " " + p[k]);
        }
    }
}
