package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.model.LogisticModel;

/** Logistic regression: two classes, sigmoid and log loss. */
public final class LogisticRegression extends LinearClassifier<LogisticRegression, LogisticModel> {
    private LogisticRegression(Options options) {
        super(options);
    }

    /** With {@link Options#defaults()}. */
    public static LogisticRegression withDefaults() {
        return new LogisticRegression(Options.defaults());
    }

    @Override
    public LogisticRegression withOptions(Options newOptions) {
        return new LogisticRegression(newOptions);
    }

    @Override
    public Fit<LogisticModel> fit(Dataset data) {
        return checked(data).logistic();
    }

    @Override
    public PathFit<LogisticModel> path(Dataset data) {
        return path(checked(data), LinearFit::logistic);
    }

    private LinearFit checked(Dataset data) {
        LinearFit fit = new LinearFit(data, options());
        int classes = fit.problem().classes.size();
        if (classes != 2) {
            throw new IllegalArgumentException(
                    classes + " classes were given, logistic regression has 2; use softmax regression");
        }
        return fit.merged();
    }
}
