package org.elasticreset.reward.raters.door;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.tools.GoldCases;
import org.elasticreset.reward.raters.OpenRequests;
import org.elasticreset.reward.raters.RaterPresence;
import org.elasticreset.reward.raters.RatersSettings;
import org.elasticreset.reward.raters.RatingWriter;
import org.jspecify.annotations.Nullable;

/** Puts the door together, if settings say that people are asked. */
@Singleton
public class DoorStage {

  private final String runId;
  private final RatersSettings settings;
  private final Instance<RaterPresence> presence;
  private final Instance<RatingWriter> writer;
  private final Map<String, Object> kafka;
  private final MeterRegistry registry;
  private final Clock clock = Clock.systemUTC();
  private @Nullable Parts parts;

  private record Parts(
      RaterKeys keys,
      RequestBoard board,
      Raters raters,
      AgreementFigures agreement,
      PeopleFeed feed,
      RatingDoor door) {}

  @Inject
  DoorStage(
      @ConfigProperty(name = "reward.run-id") String runId,
      RatersSettings settings,
      Instance<RaterPresence> presence,
      Instance<RatingWriter> writer,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry registry) {
    this.runId = runId;
    this.settings = settings;
    this.presence = presence;
    this.writer = writer;
    this.kafka = kafka;
    this.registry = registry;
  }

  /** Before the desk, which starts at 2: a setting that cannot be stops both. */
  void onStart(@Observes @Priority(1) StartupEvent event) {
    if (settings.enabled()) {
      parts();
    }
  }

  private synchronized Parts parts() {
    Parts present = parts;
    if (present == null) {
      present = assemble();
      parts = present;
    }
    return present;
  }

  private Parts assemble() {
    if (!settings.enabled()) {
      throw new IllegalStateException("reward.raters.enabled: false (expected: true)");
    }
    var door = settings.door();
    var keys = new RaterKeys(door.keys()).watched();
    var limit = new RateLimit(door.ratingsPerMinute(), TimeMeter.SYSTEM_NANOTIME);
    var raters = new Raters();
    var board =
        new RequestBoard(
            runId,
            clock,
            door.lease(),
            settings.deadline(),
            GoldCases::isGold,
            door.goldShare(),
            raters);
    var scale = new Question.Scale(settings.scale().worst(), settings.scale().best());
    var window = new AgreementWindow(scale);
    var agreement = new AgreementFigures(window, raters, clock);
    var metrics = new RatingMetrics(registry, board, raters, agreement);
    Runnable seen = presence.get()::seen;
    var topics = new PeopleTopics(runId, board, raters, window, metrics, seen);
    var feed = new PeopleFeed(topics, kafka);
    return new Parts(
        keys,
        board,
        raters,
        agreement,
        feed,
        new RatingDoor(
            runId,
            board,
            raters,
            limit,
            rating -> writer.get().write(rating), // The channel opens later.
            feed::isCaughtUp,
            seen,
            clock));
  }

  /** What raters may ask and say; there is none where nobody is asked. */
  public RatingDoor door() {
    return parts().door();
  }

  /** Who has which key. */
  public RaterKeys keys() {
    return parts().keys();
  }

  /** How much is open. */
  public OpenCounts open() {
    return parts().board().counts();
  }

  /** Who rates, and how far they agree. */
  public RatersReport raters() {
    Parts present = parts();
    List<RatersReport.Rater> all =
        present.raters().all().stream()
            .map(rater -> new RatersReport.Rater(rater, present.agreement().kappa(rater.rater())))
            .toList();
    return RatersReport.of(all, present.agreement().alpha());
  }

  @Produces
  @Singleton
  OpenRequests openRequests() {
    return () -> settings.enabled() ? parts().board().counts().open() : 0;
  }

  @PreDestroy
  synchronized void close() {
    Parts present = parts;
    if (present != null) {
      present.feed().close();
      present.keys().close();
    }
  }
}
