/**
 * Models of the Hugging Face Hub as local directories, in the cache that {@code huggingface_hub}
 * and what builds on it use, too. What comes from the network is taken for hostile until its digest
 * is right.
 */
@org.jspecify.annotations.NullMarked
package org.elasticreset.hub;
