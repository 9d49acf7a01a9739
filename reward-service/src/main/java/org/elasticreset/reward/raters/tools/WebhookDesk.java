package org.elasticreset.reward.raters.tools;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.tools.AnswerBook;
import org.elasticreset.rating.tools.SeenDeliveries;
import org.elasticreset.rating.tools.ToolEvent;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.reward.raters.RaterPresence;
import org.elasticreset.reward.raters.RatingWriter;
import org.jspecify.annotations.Nullable;

/**
 * Takes deliveries of one tool. Whichever instance has one, the same is written: an answer's
 * revision is in the delivery, and whose answer a deletion means is in the {@link AnswerBook}.
 */
final class WebhookDesk {

  private final Webhook webhook;
  private final String runId;
  private final AnswerBook book;
  private final SeenDeliveries seen;
  private final RatingWriter writer;
  private final RaterPresence presence;
  private final ToolMetrics metrics;
  private final Clock clock;
  private final Duration patience;

  /**
   * For the ratings of one run.
   *
   * @param patience how long Kafka may take before the sender is told that it did not have them
   */
  WebhookDesk(
      Webhook webhook,
      String runId,
      AnswerBook book,
      SeenDeliveries seen,
      RatingWriter writer,
      RaterPresence presence,
      ToolMetrics metrics,
      Clock clock,
      Duration patience) {
    this.webhook = webhook;
    this.runId = runId;
    this.book = book;
    this.seen = seen;
    this.writer = writer;
    this.presence = presence;
    this.metrics = metrics;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Takes a delivery.
   *
   * @param header value of a header by its name in lower case, or null
   * @param body as it came
   * @return what the sender is told, within the patience with Kafka
   */
  CompletionStage<WebhookAnswer> deliver(Function<String, @Nullable String> header, byte[] body) {
    return answer(header, body)
        .thenApply(
            answer -> {
              metrics.delivered(webhook.source(), answer.outcome());
              return answer;
            });
  }

  private CompletableFuture<WebhookAnswer> answer(
      Function<String, @Nullable String> header, byte[] body) {
    Optional<String> objection = webhook.objection(header, body, clock.instant());
    if (objection.isPresent()) {
      return at(WebhookOutcome.NOT_GENUINE, objection.get());
    }
    Optional<String> id = webhook.id(header);
    if (id.filter(seen::has).isPresent()) {
      return at(WebhookOutcome.IGNORED, "taken before");
    }
    List<Rating> ratings;
    try {
      ratings = ratings(webhook.events(body));
    } catch (IllegalArgumentException e) {
      return at(WebhookOutcome.UNREADABLE, String.valueOf(e.getMessage()));
    }
    if (ratings.isEmpty()) {
      id.ifPresent(seen::add);
      return at(WebhookOutcome.IGNORED, "no rating of run " + runId);
    }
    return written(ratings)
        .thenApply(
            done -> {
              id.ifPresent(seen::add);
              return new WebhookAnswer(WebhookOutcome.TAKEN, ratings.size() + " taken");
            })
        .exceptionally(
            failure ->
                new WebhookAnswer(
                    WebhookOutcome.NOT_IN_TIME, "not in Kafka yet; send it again if you can"));
  }

  private List<Rating> ratings(List<ToolEvent> events) {
    List<Rating> ratings = new ArrayList<>();
    for (ToolEvent event : events) {
      if (event instanceof Answered answered) {
        if (!answered.rating().getRunId().equals(runId)) {
          continue;
        }
        presence.seen();
      }
      book.rating(event).filter(rating -> rating.getRunId().equals(runId)).ifPresent(ratings::add);
    }
    return ratings;
  }

  /** Writes on when the time is over: the sender may have sent it for the last time. */
  private CompletableFuture<Void> written(List<Rating> ratings) {
    return CompletableFuture.allOf(
            ratings.stream()
                .map(rating -> writer.write(rating).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static CompletableFuture<WebhookAnswer> at(WebhookOutcome outcome, String words) {
    return CompletableFuture.completedFuture(new WebhookAnswer(outcome, Untrusted.shown(words)));
  }
}
