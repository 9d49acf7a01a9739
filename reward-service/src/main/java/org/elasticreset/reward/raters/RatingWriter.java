package org.elasticreset.reward.raters;

import java.util.concurrent.CompletionStage;
import org.elasticreset.proto.v1.Rating;

/** Where ratings go that came in by a way of the service. */
public interface RatingWriter {

  /**
   * Writes a rating to {@code ratings}.
   *
   * @param rating of a rater who is known, with its source
   * @return done when Kafka has it: not before may anybody be told that it was taken
   */
  CompletionStage<Void> write(Rating rating);
}
