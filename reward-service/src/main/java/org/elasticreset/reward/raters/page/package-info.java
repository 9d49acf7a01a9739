/** The page on which people rate: files, which speak to the JSON interface and to nothing else. */
@NullMarked
package org.elasticreset.reward.raters.page;

import org.jspecify.annotations.NullMarked;
