package org.elasticreset.reward.raters.tools;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.reward.raters.RatingWriter;

/** A topic of ratings, which may be away. */
final class FakeRatings implements RatingWriter {

  final List<Rating> written = new CopyOnWriteArrayList<>();
  volatile boolean away;

  @Override
  public CompletionStage<Void> write(Rating rating) {
    if (away) {
      return new CompletableFuture<>();
    }
    written.add(rating);
    return CompletableFuture.completedFuture(null);
  }
}
