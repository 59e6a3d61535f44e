package io.logits.selection;

/** Which lambda cross-validation chooses. */
public enum LambdaRule {
    /** That of the best mean; of equally good ones the largest. */
    MIN("min"),
    /**
     * The largest whose mean is within one standard error of the best: about as good as can be told, and the simplest
     * model of those (Breiman et al. 1984, section 3.4.3).
     */
    ONE_STANDARD_ERROR("1se");

    private final String label;

    LambdaRule(String label) {
        this.label = label;
    }

    /** The name, as glmnet has it. */
    public String label() {
        return label;
    }
}
