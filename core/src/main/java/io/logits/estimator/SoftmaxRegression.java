package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.model.SoftmaxModel;

/** Softmax regression: three classes or more, softmax and cross-entropy. */
public final class SoftmaxRegression extends LinearClassifier<SoftmaxRegression, SoftmaxModel> {
    private SoftmaxRegression(Options options) {
        super(options);
    }

    /** With {@link Options#defaults()}. */
    public static SoftmaxRegression withDefaults() {
        return new SoftmaxRegression(Options.defaults());
    }

    @Override
    public SoftmaxRegression withOptions(Options newOptions) {
        return new SoftmaxRegression(newOptions);
    }

    @Override
    public Fit<SoftmaxModel> fit(Dataset data) {
        return checked(data).softmax();
    }

    @Override
    public PathFit<SoftmaxModel> path(Dataset data) {
        return path(checked(data), LinearFit::softmax);
    }

    private LinearFit checked(Dataset data) {
        LinearFit fit = new LinearFit(data, options());
        int classes = fit.problem().classes.size();
        if (classes < 3) {
            throw new IllegalArgumentException(
                    "2 classes were given, softmax regression has 3 or more; use logistic regression");
        }
        return fit.merged();
    }
}
