/** Argilla and Label Studio as ways to rate: their webhooks, and requests put into them. */
@NullMarked
package org.elasticreset.reward.raters.tools;

import org.jspecify.annotations.NullMarked;
