package io.logits.sampling;

import io.logits.kernels.Kernels;
import io.logits.kernels.SelectionKernels;
import org.jspecify.annotations.Nullable;

/**
 * Speculative sampling (Leviathan, Kalman, Matias 2023, algorithm 1; Chen et al. 2023): a draft model proposes tokens,
 * the model accepts a prefix of them and adds one token of its own, and the text is distributed as if the model had
 * written it alone. A draft token x is accepted with probability {@code min(1, p(x)/q(x))}; instead of the first one
 * rejected, a token is drawn from {@code max(0, p - q)} renormalised. p is what the sequence's parameters make of the
 * model's logits, q what the draft tokens were drawn from. Not safe for several threads at once.
 */
public final class SpeculativeSampler {
    private final Sampler sampler;
    private final Distribution target = new Distribution();
    private Status status = Status.OK;

    /** A sampler on the kernels of this process. */
    public SpeculativeSampler() {
        this(Kernels.best().selection());
    }

    /** A sampler on these kernels. */
    public SpeculativeSampler(SelectionKernels kernels) {
        sampler = new Sampler(kernels);
    }

    /**
     * Checks draft tokens against the model, and appends to the sequence those accepted and one more token. The draft
     * tokens must have been drawn by a sequence with {@link Sequence#draft draft(true)}, or from other noise.
     *
     * @param logits the model's rows: row {@code firstRow + i} is for the token after {@code i} draft tokens
     * @param firstRow the first of {@code draft.length + 1} rows
     * @param draft the tokens proposed
     * @param proposals for each draft token the distribution it was drawn from; an entry is null where the token was
     *     proposed for sure, as a greedy draft does
     * @return how many draft tokens were accepted; the sequence has grown by one token more, unless a row had
     *     {@link #status none to give}
     * @throws IllegalArgumentException if there is not one proposal for each draft token
     */
    public int accept(Logits logits, int firstRow, int[] draft, @Nullable Distribution[] proposals, Sequence sequence) {
        if (proposals.length != draft.length) {
            throw new IllegalArgumentException(
                    "there are " + draft.length + " draft tokens and " + proposals.length + " proposals");
        }
        for (int i = 0; i <= draft.length; i++) {
            Candidates candidates = sampler.process(logits, firstRow + i, sequence);
            if (candidates.isNan() || candidates.isEmpty()) {
                status = candidates.isNan() ? Status.NAN : Status.EMPTY;
                return i;
            }
            status = Status.OK;
            if (i == draft.length) {
                sequence.advance(sampler.at(uniform(sequence, Philox.Stream.DRAW)));
                return i;
            }
            sampler.describe(true, target);
            int token = draft[i];
            Distribution proposal = proposals[i];
            double p = target.probabilityOf(token);
            double q = proposal == null ? 1 : proposal.probabilityOf(token);
            if (!(uniform(sequence, Philox.Stream.ACCEPT) * q < p)) {
                sequence.advance(instead(token, proposal, uniform(sequence, Philox.Stream.DRAW)));
                return i;
            }
            sequence.advance(token);
        }
        throw new AssertionError("the last row always ends the loop");
    }

    /** How the last row looked at ended; if not OK, the last call appended no token of the model's own. */
    public Status status() {
        return status;
    }

    private static double uniform(Sequence sequence, Philox.Stream stream) {
        return Philox.uniform(sequence.parameters().seed(), sequence.position(), 0, stream);
    }

    /** A token from what p has more than q. */
    private int instead(int rejected, @Nullable Distribution proposal, double u) {
        double total = 0;
        for (int i = 0; i < target.size(); i++) {
            total += excess(i, rejected, proposal);
        }
        double before = 0;
        int last = target.id(target.size() - 1);
        for (int i = 0; i < target.size(); i++) {
            double excess = excess(i, rejected, proposal);
            if (excess > 0) {
                last = target.id(i);
                before += excess;
                if (before > u * total) {
                    break;
                }
            }
        }
        return last;
    }

    private double excess(int i, int rejected, @Nullable Distribution proposal) {
        int id = target.id(i);
        double q = proposal == null ? id == rejected ? 1 : 0 : proposal.probabilityOf(id);
        return Math.max(0, target.p(i) - q);
    }
}
