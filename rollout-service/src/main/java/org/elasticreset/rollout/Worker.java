package org.elasticreset.rollout;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.elasticreset.feed.Backoff;
import org.elasticreset.feed.EmaServiceClient;
import org.elasticreset.feed.ExactPolicy;
import org.elasticreset.feed.MonotonicClock;
import org.elasticreset.feed.PolicyFeedMetrics;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.feed.PolicySource;
import org.elasticreset.feed.TracedPolicySource;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jboss.logging.Logger;

/** Puts the worker together, and refuses to start with settings that cannot work. */
@ApplicationScoped
class Worker {

  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  /** Before the channels open, so that a bad setting is the first and only thing to be read. */
  void onStart(
      @Observes @Priority(1) StartupEvent event,
      RolloutSettings settings,
      Instance<RolloutGenerator> generator) {
    RolloutSettings.requireValid(settings);
    generator.get();
    LOG.infof(
        "worker started run=%s worker=%s model=%s threads=%d ema-service=%s",
        settings.runId(),
        settings.worker(),
        settings.model(),
        settings.threads(),
        settings.emaService().orElse("none, the policy is fixed"));
  }

  @Produces
  @Singleton
  @DefaultBean
  PolicyModel model(RolloutSettings settings) {
    return settings
        .simulated()
        .<PolicyModel>map(SimulatedPolicyModel::of)
        .orElseGet(() -> CausalPolicyModel.open(settings));
  }

  void close(@Disposes PolicyModel model) {
    model.close();
  }

  @Produces
  @Singleton
  @DefaultBean
  PolicySource source(RolloutSettings settings) {
    if (settings.fixedPolicy()) {
      return new FixedPolicy();
    }
    var tls = settings.tls();
    var emaService =
        new EmaServiceClient(
            "rollout.ema-service",
            settings.emaService().orElseThrow(),
            settings.runId(),
            settings.worker(),
            settings.fetchTimeout(),
            TlsFiles.of("rollout.tls", tls.certificate(), tls.key(), "authority", tls.authority()));
    return new TracedPolicySource(emaService, settings.worker());
  }

  void close(@Disposes PolicySource source) throws Exception {
    if (source instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  @Produces
  @Singleton
  RolloutMetrics metrics(MeterRegistry registry) {
    return new RolloutMetrics(registry);
  }

  @Produces
  @Singleton
  PolicyFeedMetrics feedMetrics(MeterRegistry registry) {
    return new PolicyFeedMetrics(registry);
  }

  @Produces
  @Singleton
  PolicyFollower policies(
      RolloutSettings settings, PolicySource source, PolicyModel model, PolicyFeedMetrics metrics) {
    var fetching = Executors.newSingleThreadExecutor(Worker::fetchThread);
    var follower =
        new PolicyFollower(
            settings.runId(),
            source,
            model,
            fetching,
            BACKOFF,
            new MonotonicClock(Instant.now(), System::nanoTime),
            metrics);
    if (settings.fixedPolicy()) {
      follower.hold(PolicyVersion.newBuilder().setRunId(settings.runId()).setVersion(1).build());
    }
    return follower;
  }

  @Produces
  @Singleton
  ExactPolicy maskingPolicy(PolicySource source) {
    return new ExactPolicy(source, BACKOFF, new MonotonicClock(Instant.now(), System::nanoTime));
  }

  private static Thread fetchThread(Runnable task) {
    var thread = new Thread(task, "policy-fetch");
    thread.setDaemon(true);
    return thread;
  }

  @Produces
  @Singleton
  RolloutGenerator generator(
      RolloutSettings settings,
      PolicyModel model,
      PolicyFollower policies,
      ExactPolicy maskingPolicy,
      RolloutMetrics metrics) {
    return new RolloutGenerator(
        settings, model, policies, maskingPolicy, System::nanoTime, metrics);
  }
}
