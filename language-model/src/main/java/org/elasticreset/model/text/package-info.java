/** Texts to train on, as files have them: documents, and texts with labels. */
@NullMarked
package org.elasticreset.model.text;

import org.jspecify.annotations.NullMarked;
