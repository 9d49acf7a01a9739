/** The ways in by HTTP: the JSON interface, and who its callers are. */
@NullMarked
package org.elasticreset.reward.raters.http;

import org.jspecify.annotations.NullMarked;
