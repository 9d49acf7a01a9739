/**
 * Keeps a model on the newest policy of a run: hears of versions, fetches them from the
 * ema-service, puts them into the model when asked to.
 */
@NullMarked
package org.elasticreset.feed;

import org.jspecify.annotations.NullMarked;
