package org.elasticreset.desk;

import java.util.concurrent.CompletionStage;
import org.elasticreset.proto.v1.RatingCase;

/** Where whoever scores rollouts puts those that people are to be asked about. */
public interface RatingCases {

  /**
   * Opens a case, once however often it is called with the same.
   *
   * @param asked with an id of {@link org.elasticreset.proto.RatingIds#caseOf}, requests with ids
   *     of {@link org.elasticreset.proto.RatingIds#request}, and rollouts as they would be sent on
   *     without people
   * @return done when Kafka has it: from then on its rollouts are sent on by the desk, and by
   *     nobody else
   * @throws IllegalArgumentException if it cannot be asked or sent on, naming the field
   */
  CompletionStage<Void> open(RatingCase asked);
}
