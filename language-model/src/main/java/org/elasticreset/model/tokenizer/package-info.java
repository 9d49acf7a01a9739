/**
 * Tokenizers: text to token ids and back as {@code tokenizer.json} says, and the training of one.
 */
@NullMarked
package org.elasticreset.model.tokenizer;

import org.jspecify.annotations.NullMarked;
