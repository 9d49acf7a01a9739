/** A browser that tests click in. */
@NullMarked
package org.elasticreset.browser;

import org.jspecify.annotations.NullMarked;
