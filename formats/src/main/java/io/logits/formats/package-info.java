/**
 * Bytes to data and models, and models to bytes: svmlight and IDX files, model files as safetensors. Bad input is one
 * {@link io.logits.data.InputException} with one line; an {@link java.io.IOException} means that the disk or the pipe
 * failed.
 */
@NullMarked
package io.logits.formats;

import org.jspecify.annotations.NullMarked;
