package io.logits.features;

/**
 * Features {@code from .. to-1}, which came from one column of raw values, or from the product of two.
 *
 * @param name of the column, or {@code a:b}
 */
public record Block(String name, int from, int to) {}
