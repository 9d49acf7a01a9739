package org.elasticreset.ema;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What Prometheus sees; the names are those of the run's metrics, behind {@code ema}. */
final class EmaMetrics {

  private final Counter received;
  private final Counter sent;
  private final Counter resetsByTrigger;
  private final Counter resetsByRequest;
  private final Timer update;

  /**
   * Registers the meters.
   *
   * @param trigger name of the configured trigger
   */
  EmaMetrics(MeterRegistry registry, AveragedPolicy policy, String trigger) {
    gauge(registry, policy, "ema.policy.version", p -> p.view().version());
    gauge(registry, policy, "ema.reset.epoch", p -> p.view().reset().resetEpoch());
    gauge(registry, policy, "ema.updates.since.reset", p -> p.view().reset().updatesSinceReset());
    gauge(registry, policy, "ema.initial.share", p -> p.status().getInitialShare());
    FunctionCounter.builder("ema.updates", policy, p -> p.view().reset().updates())
        .description("Updates that entered the average")
        .register(registry);
    gauge(registry, policy, "ema.held.version", p -> p.view().heldVersion());
    FunctionCounter.builder("ema.went.back", policy, AveragedPolicy::goBacks)
        .description("Times that the run went back to a snapshot")
        .register(registry);
    FunctionTimer.builder(
            "ema.snapshot",
            policy.snapshots(),
            Snapshots::written,
            Snapshots::writtenNanos,
            TimeUnit.NANOSECONDS)
        .description("Making snapshots durable")
        .register(registry);
    received =
        Counter.builder("ema.received")
            .baseUnit("bytes")
            .description("Weights that learners uploaded")
            .register(registry);
    sent =
        Counter.builder("ema.sent")
            .baseUnit("bytes")
            .description("Weights sent to workers, and to learners at resets")
            .register(registry);
    resetsByTrigger = resets(registry, trigger);
    resetsByRequest = resets(registry, "request");
    update =
        Timer.builder("ema.update")
            .description("From the last chunk of an update until its version is in place")
            .register(registry);
  }

  void received(long bytes) {
    received.increment(bytes);
  }

  void sent(long bytes) {
    sent.increment(bytes);
  }

  void reset(boolean requested) {
    (requested ? resetsByRequest : resetsByTrigger).increment();
  }

  UpdateAnswer timeUpdate(Supplier<UpdateAnswer> taking) {
    var sample = Timer.start();
    try {
      return taking.get();
    } finally {
      sample.stop(update);
    }
  }

  private static Counter resets(MeterRegistry registry, String trigger) {
    return Counter.builder("ema.resets")
        .description("Resets, by what fired")
        .tag("trigger", trigger)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      AveragedPolicy policy,
      String name,
      ToDoubleFunction<AveragedPolicy> value) {
    Gauge.builder(name, policy, value).register(registry);
  }
}
