package org.elasticreset.reward;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.elasticreset.feed.Backoff;
import org.elasticreset.feed.EmaServiceClient;
import org.elasticreset.feed.MonotonicClock;
import org.elasticreset.feed.PolicyFeedMetrics;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.reward.RewardSettings.ReceiverSettings;

/** Puts the receiver together, if settings name one. */
@Singleton
class ReceiverStage {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final Optional<Parts> parts;

  private record Parts(
      EmaServiceClient source, ReceiverModel model, PolicyFollower policies, Receiver receiver) {}

  @Inject
  ReceiverStage(RewardSettings settings, MeterRegistry registry) {
    this.parts = settings.receiver().map(receiver -> parts(settings, receiver, registry));
  }

  private static Parts parts(
      RewardSettings settings, ReceiverSettings receiver, MeterRegistry registry) {
    ReceiverSettings.requireValid(receiver);
    var tls = receiver.tls();
    var source =
        new EmaServiceClient(
            "reward.receiver.ema-service",
            receiver.emaService(),
            receiver.runId(),
            "reward-service of " + settings.runId(),
            receiver.fetchTimeout(),
            TlsFiles.of(
                "reward.receiver.tls", tls.certificate(), tls.key(), "authority", tls.authority()));
    ReceiverModel model = CausalReceiverModel.open(settings, receiver);
    var policies =
        new PolicyFollower(
            receiver.runId(),
            source,
            model,
            Executors.newSingleThreadExecutor(ReceiverStage::fetchThread),
            BACKOFF,
            new MonotonicClock(Instant.now(), System::nanoTime),
            new PolicyFeedMetrics(registry));
    return new Parts(
        source,
        model,
        policies,
        new Receiver(policies, model, receiver.reference(), receiver.policyTimeout()));
  }

  private static Thread fetchThread(Runnable task) {
    var thread = new Thread(task, "policy-fetch");
    thread.setDaemon(true);
    return thread;
  }

  Optional<Receiver> receiver() {
    return parts.map(Parts::receiver);
  }

  void announced(PolicyVersion version) {
    parts.ifPresent(present -> present.policies().announce(version));
  }

  @PreDestroy
  void close() {
    parts.ifPresent(
        present -> {
          present.receiver().close();
          present.source().close();
          present.model().close();
        });
  }
}
