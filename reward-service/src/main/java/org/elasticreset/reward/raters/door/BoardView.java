package org.elasticreset.reward.raters.door;

import org.elasticreset.rating.RatedRequest;

/**
 * A request as it stands for one rater.
 *
 * @param rated what was asked, and said so far
 * @param takes whether the rater may say something to it: it is open, or has ended since they were
 *     given it and is not closed
 */
record BoardView(RatedRequest rated, boolean takes) {}
