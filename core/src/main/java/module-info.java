/** Logistic and softmax regression: data, losses, solvers with certificates, and the models they give. */
module io.logits.core {
    requires static org.jspecify;
    requires transitive io.logits.kernels;

    exports io.logits.data;
    exports io.logits.features;
    exports io.logits.model;
    exports io.logits.calibration;
    exports io.logits.solver;
    exports io.logits.estimator;
    exports io.logits.metrics;
    exports io.logits.inference;
    exports io.logits.selection;
}
