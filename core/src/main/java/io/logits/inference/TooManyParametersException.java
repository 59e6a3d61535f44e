package io.logits.inference;

/** There are too many parameters to invert the information of all; {@link SelectedCoefficients} has errors of single ones. */
public final class TooManyParametersException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TooManyParametersException(int count, int most) {
        super("there are " + count + " parameters, the covariances of all are computed for up to " + most);
    }
}
