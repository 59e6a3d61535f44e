package io.logits.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One text in the making: its parameters, the tokens so far, the position of the next one, and the state that steps
 * keep. Randomness depends on the seed and the position alone, so a text continues the same wherever and with whomever
 * it is batched. Not safe for several threads at once.
 */
public final class Sequence {
    private SamplingParameters parameters;
    private int[] tokens = new int[16];
    private int length;
    private long position;
    private double mirostatMu = Double.NaN;
    private boolean draft;
    private @Nullable TokenMask mask;
    private long[] maskWords = {};
    private int[] maskIds = {};

    /** An empty text at position 0. */
    public Sequence(SamplingParameters parameters) {
        this.parameters = parameters;
    }

    /** How its tokens are sampled. */
    public SamplingParameters parameters() {
        return parameters;
    }

    /** From now on other parameters. */
    public Sequence parameters(SamplingParameters next) {
        parameters = next;
        return this;
    }

    /**
     * Appends tokens to the history, of a prompt say; the position stays.
     *
     * @throws IllegalArgumentException for a negative token
     */
    public Sequence append(int... history) {
        for (int token : history) {
            append(token);
        }
        return this;
    }

    /** Appends one token to the history; the position stays. */
    public Sequence append(int token) {
        if (token < 0) {
            throw new IllegalArgumentException("a token of the history is " + token + ", 0 or more is allowed");
        }
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        tokens[length++] = token;
        return this;
    }

    /** Takes over the first token drawn, if there is one, and moves on to the next position. */
    public void accept(Sampled drawn) {
        if (drawn.status() == Status.OK) {
            append(drawn.token());
            mirostatMu = drawn.mirostatMu();
            position++;
        }
    }

    /** Takes back everything from a length on, and as many positions. */
    void rewind(int newLength) {
        position -= length - newLength;
        length = newLength;
    }

    /** Appends a token and moves on to the next position. */
    void advance(int token) {
        append(token);
        position++;
    }

    /** Tokens in the history. */
    public int length() {
        return length;
    }

    /** A token of the history, {@code 0 <= i < length()}. */
    public int token(int i) {
        if (i >= length) {
            throw new IndexOutOfBoundsException("token " + i + " of " + length);
        }
        return tokens[i];
    }

    /** The tokens of the history, copied. */
    public int[] tokens() {
        return Arrays.copyOf(tokens, length);
    }

    /** Where the next token's random numbers come from, with the seed: 0 for the first token drawn. */
    public long position() {
        return position;
    }

    /** Moves to a position. */
    public Sequence position(long next) {
        position = next;
        return this;
    }

    /** Mirostat's bound on the surprise, in bits; twice tau at first. */
    public double mirostatMu() {
        return Double.isNaN(mirostatMu) ? 2 * parameters.mirostatTau() : mirostatMu;
    }

    /** Sets mirostat's bound. */
    public Sequence mirostatMu(double mu) {
        mirostatMu = mu;
        return this;
    }

    /** Whether this is the text of a draft model, whose noise must be independent of that of the model it drafts for. */
    public boolean isDraft() {
        return draft;
    }

    /** Says whether this is the text of a draft model. Default false. */
    public Sequence draft(boolean isDraft) {
        draft = isDraft;
        return this;
    }

    /** The grammar, if there is one. */
    public @Nullable TokenMask mask() {
        return mask;
    }

    /** Sets the grammar; null for none. */
    public Sequence mask(@Nullable TokenMask next) {
        mask = next;
        return this;
    }

    long[] maskWords(int n) {
        if (maskWords.length < n) {
            maskWords = new long[n];
        }
        return maskWords;
    }

    int[] maskIds(int n) {
        if (maskIds.length < n) {
            maskIds = new int[Math.max(n, 2 * maskIds.length)];
        }
        return maskIds;
    }
}
