package io.logits.examples;

import io.logits.estimator.Fit;
import io.logits.estimator.SoftmaxRegression;
import io.logits.formats.ModelFile;
import io.logits.model.SoftmaxModel;
import io.logits.tables.LearntTable;
import io.logits.tables.MissingRule;
import io.logits.tables.TableOptions;
import io.logits.tables.TableReader;
import io.logits.tables.TableSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Fits a table with text columns and missing values, scores a row of raw values, and keeps the model. */
public final class FitTable {
    private FitTable() {}

    /** Takes the table, and where the model goes. */
    public static void main(String[] args) throws IOException {
        TableOptions options = TableOptions.defaults().withMissing(MissingRule.MEAN);
        LearntTable table = TableReader.learn(TableSource.of(Path.of(args[0])), options);

        Fit<SoftmaxModel> fit = SoftmaxRegression.withDefaults().withC(1).fit(table.data());
        System.out.println("converged: " + fit.solution().converged());
        System.out.println("relative gap: " + fit.solution().relativeGap());

        // Raw values by column name: what was learnt about the columns is in the model.
        Map<String, Object> penguin = Map.of(
                "island",
                "Biscoe",
                "bill_length_mm",
                47.5,
                "bill_depth_mm",
                14.2,
                "flipper_length_mm",
                215,
                "body_mass_g",
                4925,
                "sex",
                "female",
                "year",
                2009);
        System.out.println(fit.model().classes());
        System.out.println(Arrays.toString(fit.model().probabilities(penguin)));
        ModelFile.write(Path.of(args[1]), fit.model());
    }
}
