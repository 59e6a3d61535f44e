package io.logits.model;

import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Says what each feature of a row does to the logit of a class, against the mean row of the rows that the model learnt
 * from: {@code c_j = w_j (x_j - mean_j)}. The model is linear, so that the contributions and the logit of the mean row add
 * up to the logit of the row, an offset aside (for a linear model these are its Shapley values where features are
 * independent; Lundberg and Lee 2017, corollary 1). A model without means is compared with a row of zeros.
 *
 * <p>Of two classes the logit is the log-odds of the class. Of more it is {@code z_k - mean_l z_l}: a shift common to all
 * logits changes no probability, and so contributes nothing. Safe for use from many threads.
 */
public final class Explainer {
    private static final Comparator<Contribution> LEAST_FIRST = Comparator.comparingDouble(Contribution::size)
            .thenComparing(Contribution::feature, Comparator.reverseOrder());

    private final Model model;
    /** What the coefficients of a feature have in common; empty for two classes. */
    private final double[] common;

    private final double commonIntercept;
    /** Of each class the features by how much their absence does, made when a sparse row is first explained. */
    private final AtomicReferenceArray<int[]> absent;

    /** For the rows of a model. */
    public Explainer(Model model) {
        this.model = model;
        int k = model.logits();
        common = new double[k == 1 ? 0 : model.features()];
        double intercepts = 0;
        for (int c = 0; c < k; c++) {
            intercepts += model.intercept(c);
            for (int j = 0; j < common.length; j++) {
                common[j] += model.coefficient(c, j) / k;
            }
        }
        commonIntercept = k == 1 ? 0 : intercepts / k;
        absent = new AtomicReferenceArray<>(model.classes().size());
    }

    /** What one feature of a row contributes. */
    public record Contribution(int feature, double value) {
        double size() {
            return Math.abs(value);
        }
    }

    /** The logit of class {@code k} for the mean row. */
    public double baseline(int k) {
        double z = model.logits() == 1 ? sign(k) * model.intercept(0) : model.intercept(k) - commonIntercept;
        for (int j = 0; j < model.features(); j++) {
            z = Math.fma(coefficient(k, j), model.mean(j), z);
        }
        return z;
    }

    /** What a feature of this value contributes to the logit of class {@code k}. */
    public double contribution(int k, int j, double value) {
        return coefficient(k, j) * (value - model.mean(j));
    }

    /**
     * The coefficient of feature {@code j} in the logit of class {@code k}: of two classes that of the log-odds of the
     * class, of more less what the coefficients of all classes have in common.
     */
    public double coefficient(int k, int j) {
        return model.logits() == 1 ? sign(k) * model.coefficient(0, j) : model.coefficient(k, j) - common[j];
    }

    /** Of two classes one logit is stored, that of the second; the first one's is its negative. */
    private static int sign(int k) {
        return k == 0 ? -1 : 1;
    }

    /**
     * The features that contribute most to the logit of class {@code k}, most first, of equal ones the earlier; those that
     * contribute nothing are left out.
     *
     * @param x rows with the model's features
     * @param most how many at most
     */
    public List<Contribution> largest(Matrix x, int row, int k, int most) {
        PriorityQueue<Contribution> kept = new PriorityQueue<>(LEAST_FIRST);
        x.forEach(row, row + 1, (i, j, value) -> offer(kept, most, j, contribution(k, j, value)));
        if (x instanceof CsrMatrix) {
            offerAbsent(kept, most, k, storedFeatures(x, row));
        }
        return kept.stream().sorted(LEAST_FIRST.reversed()).toList();
    }

    private static void offer(PriorityQueue<Contribution> kept, int most, int j, double value) {
        if (value != 0) {
            kept.add(new Contribution(j, value));
            if (kept.size() > most) {
                kept.remove();
            }
        }
    }

    private static int[] storedFeatures(Matrix x, int row) {
        int[] features = new int[(int) (x.storedEntries(row + 1) - x.storedEntries(row))];
        int[] count = {0};
        x.forEach(row, row + 1, (i, j, value) -> features[count[0]++] = j);
        return features;
    }

    /** Features that a sparse row does not store are 0, which is something where their mean is not. */
    private void offerAbsent(PriorityQueue<Contribution> kept, int most, int k, int[] stored) {
        Arrays.sort(stored);
        for (int j : absent(k)) {
            double value = contribution(k, j, 0);
            if (kept.size() >= most
                    && (kept.isEmpty() || Math.abs(value) < kept.element().size())) {
                return;
            }
            if (Arrays.binarySearch(stored, j) < 0) {
                offer(kept, most, j, value);
            }
        }
    }

    private int[] absent(int k) {
        int[] known = absent.get(k);
        if (known == null) {
            known = IntStream.range(0, model.features())
                    .filter(j -> contribution(k, j, 0) != 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble(j -> -Math.abs(contribution(k, j, 0))))
                    .mapToInt(Integer::intValue)
                    .toArray();
            absent.set(k, known);
        }
        return known;
    }
}
