/**
 * Language models: architectures, tokenizers, generation, training steps and model directories.
 *
 * <p>The only package that touches DJL. Nothing outside sees a tensor: it takes and gives plain
 * Java arrays and byte buffers. Numeric code is TorchScript in {@code src/main/resources/program}.
 */
@NullMarked
package org.elasticreset.model;

import org.jspecify.annotations.NullMarked;
