/**
 * The files of a model's directory, from strangers too: JSON with bounds, safetensors in one file
 * or in shards, half precision. Bytes and names; no tensor engine.
 */
@NullMarked
package org.elasticreset.model.files;

import org.jspecify.annotations.NullMarked;
