package org.elasticreset.reward.raters.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;

/**
 * What is counted of people. Nothing is told by rater: there may be any number of them. All of it
 * is of the whole run, whichever instance tells it.
 */
final class RatingMetrics {

  private static final Set<String> SOURCES =
      Set.of("page", "grpc", "http", "argilla", "label-studio");

  private final MeterRegistry registry;
  private final Timer latency;

  RatingMetrics(
      MeterRegistry registry, RequestBoard board, Raters raters, AgreementFigures agreement) {
    this.registry = registry;
    this.latency =
        Timer.builder("rating.latency")
            .description("From being shown a request to answering")
            .register(registry);
    Gauge.builder("rating.requests.open", () -> board.counts().open())
        .description("Requests that wait for people")
        .register(registry);
    Gauge.builder("raters.muted", () -> raters.muted().size())
        .description("Raters who are no longer believed")
        .register(registry);
    Gauge.builder("rating.agreement.krippendorff.alpha", agreement, AgreementFigures::alpha)
        .description("How far raters agree: 1 all, 0 as by chance; NaN if that cannot be told")
        .register(registry);
  }

  /** Somebody said something; latency 0 is not known. */
  void said(Rating rating) {
    if (rating.getLatencyMillis() > 0) {
      latency.record(rating.getLatencyMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The desk told what became of a rating. */
  void audited(RatingAudit audit) {
    String receipt = audit.getReceipt().name().toLowerCase(Locale.ROOT).replace("rating_", "");
    Counter.builder("ratings")
        .description("Ratings, by the way they came and what became of them")
        .tag("source", source(audit.getSource()))
        .tag("receipt", receipt)
        .register(registry)
        .increment();
  }

  /** Whoever writes the topic writes the source, too. */
  private static String source(String told) {
    if (told.isEmpty()) {
      return "topic";
    }
    return SOURCES.contains(told) ? told : "other";
  }
}
