package io.logits.examples;

import io.logits.formats.ModelFile;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scores records of a program's own, whose components are named as the columns were. */
public final class ScoreRecord {
    private ScoreRecord() {}

    /** A row; what is not known is null. */
    record Penguin(
            String island,
            double bill_length_mm,
            double bill_depth_mm,
            int flipper_length_mm,
            int body_mass_g,
            @Nullable String sex,
            int year) {}

    /** Takes a model that was fitted on the penguins. */
    public static void main(String[] args) throws IOException {
        Model model = ModelFile.read(Path.of(args[0]));
        Penguin penguin = new Penguin("Torgersen", 39.1, 18.7, 181, 3750, null, 2007);
        System.out.println(model.classes());
        System.out.println(Arrays.toString(model.probabilities(penguin)));

        // In two steps, which may use the same arrays for every row, and tell of values that the fit never saw.
        double[] x = new double[model.features()];
        double[] z = new double[model.logits()];
        double[] p = new double[model.classes().size()];
        Map<String, Long> unseen =
                model.encoding().encode(new Penguin("Iceland", 39.1, 18.7, 181, 3750, "male", 2007), x);
        model.logits(x, z);
        model.calibrateInPlace(z, 1);
        model.probabilitiesOfLogits(z, 1, p);
        System.out.println(Arrays.toString(p) + " never seen: " + unseen.keySet());
    }
}
