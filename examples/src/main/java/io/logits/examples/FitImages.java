package io.logits.examples;

import io.logits.data.Dataset;
import io.logits.estimator.SoftmaxRegression;
import io.logits.formats.IdxReader;
import io.logits.metrics.Evaluation;
import java.io.IOException;
import java.nio.file.Path;

/** Softmax regression on images in MNIST's IDX format. */
public final class FitImages {
    private FitImages() {}

    /** Takes the images and their labels, packed or not. */
    public static void main(String[] args) throws IOException {
        Dataset digits = IdxReader.read(Path.of(args[0]), Path.of(args[1]));
        var fit = SoftmaxRegression.withDefaults().withLambda(1e-3).fit(digits);
        System.out.println(
                fit.solution().reason().sentence() + ", gap " + fit.solution().relativeGap());
        Evaluation training = Evaluation.of(fit.model(), digits, 1);
        System.out.println("accuracy " + training.accuracy());
    }
}
