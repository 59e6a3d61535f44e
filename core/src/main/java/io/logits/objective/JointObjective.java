package io.logits.objective;

import java.util.List;
import java.util.stream.IntStream;

/** The mean loss of one logit under several penalties, a point for each, evaluated in one pass. */
public final class JointObjective {
    private final LinearObjective smooth;
    private final JointPass pass;
    private int passes;

    JointObjective(LinearObjective smooth) {
        this.smooth = smooth;
        pass = smooth.jointPass();
    }

    /**
     * What is known of a point, none of which may change.
     *
     * @param w the point
     * @param gradient of the mean loss
     * @param meanLoss the mean loss
     * @param curvature the weighted mean of the rows' second derivatives
     * @param value of the objective, mean loss and penalty
     * @param certificate at least the duality gap
     * @param violation how far the optimality condition fails that fails most
     */
    public record Point(
            double[] w,
            double[] gradient,
            double meanLoss,
            double curvature,
            double value,
            Certificate certificate,
            double violation) {
        /** That of the certificate. */
        public double relativeGap() {
            return certificate.relativeGap(value);
        }
    }

    /** How often the matrix has been read here so far; what other evaluations of the mean loss have read does not count. */
    public int passes() {
        return passes;
    }

    /** One pass; the first may cost another, for certificates. */
    public Point[] evaluate(List<CompositeObjective> objectives, double[][] w) {
        int before = smooth.passes();
        JointPass.Evaluated[] evaluated = pass.evaluate(w);
        smooth.countPass();
        Point[] points = IntStream.range(0, w.length)
                .mapToObj(k -> point(objectives.get(k), w[k], evaluated[k]))
                .toArray(Point[]::new);
        passes += smooth.passes() - before;
        return points;
    }

    private static Point point(CompositeObjective objective, double[] w, JointPass.Evaluated rows) {
        double[] g = rows.gradient();
        return new Point(
                w,
                g,
                rows.loss(),
                rows.moments().curvature(),
                rows.loss() + objective.penaltyValue(w),
                objective.certificate(w, g, rows.moments()),
                objective.violation(w, g));
    }

    /** A point of the mean loss alone, without a penalty and a certificate: one pass. */
    public Point start(double[] w) {
        double[] g = new double[w.length];
        double loss = smooth.evaluate(w, g);
        passes++;
        return new Point(w, g, loss, smooth.meanCurvature(0), loss, Certificate.NONE, Double.NaN);
    }

    /** The second derivatives at the {@link #start}, of all rows or, where there are many, of a sample. */
    public SecantGram gram() {
        int order = smooth.freeSize();
        double[] h = new double[order * order];
        if (!smooth.estimateHessian(h)) {
            smooth.hessian(h);
            passes++;
        }
        return SecantGram.of(h, smooth.meanCurvature(0), smooth.layout());
    }
}
