package io.logits.formats;

import io.logits.data.DenseMatrix;
import io.logits.features.ImageEncoding;

/**
 * The images of an IDX file.
 *
 * @param features one row per image in float32, bytes scaled to [0, 1]: the float nearest to {@code byte/255}
 * @param encoding height and width of an image
 */
public record IdxImages(DenseMatrix features, ImageEncoding encoding) {}
