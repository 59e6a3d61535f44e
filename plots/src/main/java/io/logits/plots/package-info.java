/**
 * Pictures. A {@link io.logits.plots.Figure} says what is to be seen, in the units of the data; {@link io.logits.plots.Svg}
 * and {@link io.logits.plots.Png} draw it. {@link io.logits.plots.LogitFigures} are the pictures that explain logits.
 */
@NullMarked
package io.logits.plots;

import org.jspecify.annotations.NullMarked;
