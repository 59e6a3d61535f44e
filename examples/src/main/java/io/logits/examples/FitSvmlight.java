package io.logits.examples;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.estimator.LogisticRegression;
import io.logits.formats.SvmlightOptions;
import io.logits.formats.SvmlightReader;
import io.logits.model.LogisticModel;
import java.io.IOException;
import java.nio.file.Path;

/** Fits sparse rows of two classes and scores them a block at a time. */
public final class FitSvmlight {
    private FitSvmlight() {}

    /** Takes an svmlight file, packed or not. */
    public static void main(String[] args) throws IOException {
        Dataset data = SvmlightReader.read(Path.of(args[0]), SvmlightOptions.defaults())
                .dataset();
        System.out.println(data.features().rows() + " rows, " + data.features().cols() + " features, "
                + ((CsrMatrix) data.features()).bytes() + " bytes");

        var fit = LogisticRegression.withDefaults().withC(1).fit(data);
        System.out.println("converged: " + fit.solution().converged());

        LogisticModel model = fit.model();
        double[] logOdds = new double[2];
        model.logits(data.features(), 0, 2, logOdds);
        System.out.println(
                "log-odds of class " + model.classes().get(1) + " in the first rows: " + logOdds[0] + " " + logOdds[1]);
    }
}
