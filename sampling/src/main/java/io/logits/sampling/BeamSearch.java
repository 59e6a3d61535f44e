package io.logits.sampling;

import io.logits.kernels.Kernels;
import io.logits.kernels.SelectionKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search: keeps the {@code width} most probable texts, adding log-probabilities. A text that ends is ranked by
 * {@code logProbability / tokens^lengthPenalty}, its end token counted among the tokens. Steps of the parameters'
 * {@linkplain SamplingParameters#order order} run on each row before its log-softmax; nothing is drawn.
 *
 * <pre>{@code
 * BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 4, 1.0, endOfText);
 * while (!search.isDone() && steps-- > 0) {
 *     search.advance(model.run(search)); // a row for each of search.live() beams, first one beam, the prompt
 * }
 * int[] text = search.best().get(0).tokens();
 * }</pre>
 *
 * <p>Not safe for several threads at once.
 */
public final class BeamSearch {
    private static final Comparator<Hypothesis> BEST_FIRST =
            Comparator.comparingDouble(Hypothesis::score).reversed();

    private final Sampler sampler;
    private final SamplingParameters parameters;
    private final int width;
    private final double lengthPenalty;
    private final int[] ends;
    private final List<Hypothesis> finished = new ArrayList<>();
    private List<Beam> beams = List.of(new Beam(0, -1, new int[0], 0));
    private boolean done;

    /**
     * A text and its score.
     *
     * @param tokens without the prompt; the end token included, if there is one
     * @param logProbability sum of the log-probabilities of the tokens
     * @param score {@code logProbability / tokens.length^lengthPenalty}
     */
    public record Hypothesis(int[] tokens, double logProbability, double score) {}

    private record Beam(int parent, int token, int[] tokens, double logProbability) {
        Beam then(int index, int next, double gain) {
            int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
            longer[tokens.length] = next;
            return new Beam(index, next, longer, logProbability + gain);
        }
    }

    /**
     * A search on the kernels of this process.
     *
     * @param parameters whose steps run on each row, with the beam's own tokens as history
     * @param width beams to keep, at least 1
     * @param lengthPenalty above 0 favours long texts, below 0 short ones, 0 neither; finite
     * @param ends tokens that end a text; none if it only ends by the caller's will
     * @throws IllegalArgumentException if one of them is out of bounds
     */
    public BeamSearch(SamplingParameters parameters, int width, double lengthPenalty, int... ends) {
        this(Kernels.best().selection(), parameters, width, lengthPenalty, ends);
    }

    BeamSearch(SelectionKernels kernels, SamplingParameters parameters, int width, double lengthPenalty, int... ends) {
        if (width < 1) {
            throw new IllegalArgumentException("the width of the beam is " + width + ", 1 or more is allowed");
        }
        if (!(Math.abs(lengthPenalty) < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("length_penalty is " + lengthPenalty + ", a finite number is allowed");
        }
        sampler = new Sampler(kernels);
        this.parameters = parameters;
        this.width = width;
        this.lengthPenalty = lengthPenalty;
        this.ends = ends.clone();
    }

    /** Beams that go on: 1 at first, then up to the width. */
    public int live() {
        return beams.size();
    }

    /** The beam of the step before that beam {@code i} prolongs: whose cache it takes over. */
    public int parent(int i) {
        return beams.get(i).parent();
    }

    /** The last token of beam {@code i}; -1 before the first step. */
    public int token(int i) {
        return beams.get(i).token();
    }

    /** The sum of log-probabilities of beam {@code i}. */
    public double logProbability(int i) {
        return beams.get(i).logProbability();
    }

    /**
     * Whether no live beam can still beat what is finished; or none is left, because all rows were without a token.
     */
    public boolean isDone() {
        return done;
    }

    /**
     * Prolongs the beams by a token. Of the {@code width * (1 + ends)} best continuations of all beams, those with an
     * end token finish if they are among the first {@code width}; of the others the first {@code width} live on. Equal
     * ones rank by beam, then by id. Rows with NaN or without a candidate end their beam.
     *
     * @param logits row {@code i} belongs to beam {@code i}
     * @throws IllegalStateException if the search is done
     */
    public void advance(Logits logits) {
        if (done) {
            throw new IllegalStateException("the search is done");
        }
        int most = width * (1 + ends.length);
        List<Beam> grown = new ArrayList<>();
        for (int i = 0; i < beams.size(); i++) {
            grow(logits, i, most, grown);
        }
        grown.sort(Comparator.comparingDouble(Beam::logProbability).reversed());
        List<Beam> next = new ArrayList<>();
        for (int rank = 0; rank < grown.size() && next.size() < width; rank++) {
            Beam beam = grown.get(rank);
            if (!isEnd(beam.token())) {
                next.add(beam);
            } else if (rank < width) {
                finish(beam);
            }
        }
        beams = next;
        done = next.isEmpty() || (finished.size() == width && !canImprove(next.get(0)));
    }

    private void grow(Logits logits, int index, int most, List<Beam> grown) {
        Beam beam = beams.get(index);
        Sequence text = new Sequence(parameters).append(beam.tokens());
        text.position(beam.tokens().length);
        Candidates candidates = sampler.process(logits, index, text);
        if (candidates.isNan() || candidates.isEmpty()) {
            return;
        }
        candidates.preciseTotal();
        int n = Truncation.rank(candidates, most);
        for (int i = 0; i < n; i++) {
            long key = candidates.keys[i];
            double gain = candidates.logProbability(Ranking.logit(key));
            grown.add(beam.then(index, candidates.ids[Ranking.index(key)], gain));
        }
    }

    private boolean isEnd(int token) {
        for (int end : ends) {
            if (end == token) {
                return true;
            }
        }
        return false;
    }

    private void finish(Beam beam) {
        finished.add(hypothesis(beam));
        finished.sort(BEST_FIRST);
        if (finished.size() > width) {
            finished.remove(width);
        }
    }

    private Hypothesis hypothesis(Beam beam) {
        double score = beam.logProbability() / Math.pow(beam.tokens().length, lengthPenalty);
        return new Hypothesis(beam.tokens(), beam.logProbability(), score);
    }

    /** Judged at its present length, as others do: with a penalty above 0 a longer text might still do better. */
    private boolean canImprove(Beam best) {
        return hypothesis(best).score() > finished.get(width - 1).score();
    }

    /** The finished texts, best first; where fewer than the width are finished, live ones fill up. */
    public List<Hypothesis> best() {
        List<Hypothesis> all = new ArrayList<>(finished);
        for (Beam beam : beams) {
            if (all.size() < width && beam.token() >= 0) {
                all.add(hypothesis(beam));
            }
        }
        all.sort(BEST_FIRST);
        return all;
    }
}
