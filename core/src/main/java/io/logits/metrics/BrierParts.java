package io.logits.metrics;

/**
 * The Brier score taken apart (Murphy 1973): {@code reliability - resolution + uncertainty + withinBins}. Of many classes
 * each part is the sum over classes.
 *
 * @param reliability how far, squared, the mean probability of a bin is from what happened in it; 0 is best
 * @param resolution how far, squared, what happened in a bin is from what happens over all; the more the better
 * @param uncertainty what a forecast of the share of each class would score
 * @param withinBins what is left because probabilities in a bin differ (Stephenson, Coelho and Jolliffe 2008); 0 where
 *     they do not
 */
public record BrierParts(double reliability, double resolution, double uncertainty, double withinBins) {}
