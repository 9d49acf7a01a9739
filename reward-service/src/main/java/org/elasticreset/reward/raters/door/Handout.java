package org.elasticreset.reward.raters.door;

import java.util.List;
import org.elasticreset.proto.v1.RatingRequest;

/**
 * A request as one rater sees it.
 *
 * @param name of the request, among raters; its id would tell where it is from
 * @param request without ids of run, request and rollouts, policy and step
 * @param shown indices of its candidates in the order to show them
 */
public record Handout(String name, RatingRequest request, List<Integer> shown) {}
