package io.logits.estimator;

/** The solvers by name. */
public enum SolverChoice {
    /** Chosen by the estimated cost for the data's shape. */
    AUTO("auto"),
    /** Newton's method with a Cholesky factor of the Hessian, or of a matrix of rows where two classes have fewer of these. */
    NEWTON_CHOLESKY("newton-cholesky"),
    /** Newton's method, its steps by preconditioned conjugate gradients. */
    NEWTON_CG("newton-cg"),
    /** Limited-memory BFGS, preconditioned. */
    LBFGS("lbfgs"),
    /** Newton's method whose steps minimise model and penalty together by coordinate descent: for L1 and bounds. */
    PROX_NEWTON("prox-newton");

    private final String label;

    SolverChoice(String label) {
        this.label = label;
    }

    /** The name as the command line and reports spell it. */
    public String label() {
        return label;
    }
}
