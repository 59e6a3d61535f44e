package io.logits.reference;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.estimator.Fit;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.SoftmaxRegression;
import io.logits.features.PlainEncoding;
import io.logits.model.Model;
import io.logits.solver.Solution;
import java.util.List;
import java.util.stream.IntStream;

/** A fit of a plain problem's data by the library, its model as a plain point. */
public record Fitted(Fit<? extends Model> fit, double[] theta) {
    /** Fits with two classes or many, as the problem says. */
    public static Fitted of(PlainProblem problem, Matrix x, Options options) {
        return of(problem.classes(), data(problem, x), options);
    }

    /** Fits a data set of that many classes. */
    public static Fitted of(int classes, Dataset data, Options options) {
        Fit<? extends Model> fit = classes == 2
                ? LogisticRegression.withDefaults().withOptions(options).fit(data)
                : SoftmaxRegression.withDefaults().withOptions(options).fit(data);
        return new Fitted(fit, theta(fit.model()));
    }

    /** The problem's rows, classes (named c0, c1, ...), weights and offset, with features stored as {@code x}. */
    public static Dataset data(PlainProblem problem, Matrix x) {
        List<String> names =
                IntStream.range(0, problem.classes()).mapToObj(k -> "c" + k).toList();
        double[] offset = problem.offset();
        return new Dataset(
                x,
                Labels.of(names, problem.y()),
                problem.s(),
                offset.length == 0 ? null : offset,
                PlainEncoding.numbered(x.cols()));
    }

    /** Coefficients and intercepts as a point of {@link PlainProblem}. */
    public static double[] theta(Model model) {
        int p = model.features();
        double[] theta = new double[model.logits() * (p + 1)];
        for (int k = 0; k < model.logits(); k++) {
            for (int j = 0; j < p; j++) {
                theta[k * (p + 1) + j] = model.coefficient(k, j);
            }
            theta[k * (p + 1) + p] = model.intercept(k);
        }
        return theta;
    }

    public Solution solution() {
        return fit.solution();
    }
}
