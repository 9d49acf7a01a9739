package org.elasticreset.reward.raters;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.desk.RatingDesk;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.raters.CaseRouting.Routed;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts together what asks people, if settings say that they are asked. */
@ApplicationScoped
public class RaterStage {

  private static final Logger LOG = Logger.getLogger(RaterStage.class);

  /** Gold questions are there as long as a run is. */
  private static final Duration GOLD_LIFE = Duration.ofDays(3650);

  private final String runId;
  private final RatersSettings settings;
  private final RaterPresence presence;
  private final OpenRequests open;
  private final Map<String, Object> kafka;
  private final MeterRegistry meters;
  private final Clock clock = Clock.systemUTC();
  private volatile @Nullable Parts parts;

  private record Parts(CaseRouting routing, RatingDesk desk) {}

  @Inject
  RaterStage(
      @ConfigProperty(name = "reward.run-id") String runId,
      RatersSettings settings,
      RaterPresence presence,
      OpenRequests open,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry meters) {
    this.runId = runId;
    this.settings = settings;
    this.presence = presence;
    this.open = open;
    this.kafka = kafka;
    this.meters = meters;
  }

  /** Before the channels open: what is routed has somewhere to go. */
  void onStart(@Observes @Priority(2) StartupEvent event) {
    if (!settings.enabled()) {
      return;
    }
    RatersRules rules = new RatersRules(runId, settings);
    CaseRouting routing = rules.routing();
    List<RatingCase> gold = rules.gold(clock.instant().plus(GOLD_LIFE));
    RatingDesk desk = RatingDesk.start(rules.desk(), kafka);
    DeskMetrics.register(meters, desk);
    parts = new Parts(routing, desk);
    gold.forEach(question -> desk.open(question).toCompletableFuture().join());
    LOG.infof(
        "raters asked run=%s question=%s overlap=%d gold=%d",
        runId, settings.question(), settings.overlap(), gold.size());
  }

  /** Which of these wait for people. */
  public Routed route(List<ScoredRollout> scored) {
    Parts present = parts;
    if (present == null) {
      return new Routed(scored, List.of());
    }
    boolean there = presence.isAnybodyThere();
    Instant deadline =
        clock.instant().plus(there ? settings.deadline() : settings.absentDeadline());
    Routed routed =
        present.routing().route(scored, deadline, (long) settings.mostOpen() - open.count());
    routed
        .cases()
        .forEach(each -> meters.counter("rating.cases", "reason", each.getReason()).increment());
    return routed;
  }

  /** Opens cases; done when Kafka has them. */
  public CompletionStage<Void> open(List<RatingCase> cases) {
    List<CompletableFuture<Void>> opened = new ArrayList<>();
    Parts present = parts;
    if (present != null) {
      cases.forEach(each -> opened.add(present.desk().open(each).toCompletableFuture()));
    }
    return CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new));
  }

  /** Whether the desk works, where there is one. */
  boolean isAlive() {
    Parts present = parts;
    return present == null || present.desk().isAlive();
  }

  @PreDestroy
  void close() {
    Parts present = parts;
    if (present != null) {
      present.desk().close();
    }
  }

  /** Where nothing counts them, none is known of. */
  @Produces
  @Singleton
  @DefaultBean
  static OpenRequests open() {
    return () -> 0;
  }

  @Produces
  @Singleton
  static RaterPresence presence(RatersSettings settings) {
    return new RaterPresence(Clock.systemUTC(), settings.absentAfter());
  }
}
