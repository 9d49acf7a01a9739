package org.elasticreset.reward.raters.door;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.reward.raters.RatingWriter;

/**
 * Writes {@code ratings}. One that is written twice is the same: it has the rater, the request and
 * the revision that it had.
 */
@Singleton
class KafkaRatings implements RatingWriter {

  /** Somebody waits for it. What arrives later than that has been said again by then, or not. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MutinyEmitter<Record<String, Rating>> ratings;

  @Inject
  KafkaRatings(
      @Channel("ratings") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          MutinyEmitter<Record<String, Rating>> ratings) {
    this.ratings = ratings;
  }

  @Override
  public CompletionStage<Void> write(Rating rating) {
    return ratings
        .send(Record.of(rating.getRequestId(), rating))
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .subscribeAsCompletionStage();
  }
}
