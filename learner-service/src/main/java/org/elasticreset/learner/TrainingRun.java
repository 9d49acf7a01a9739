package org.elasticreset.learner;

import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.elasticreset.checkpoint.DirectoryLock;
import org.elasticreset.model.text.PromptText;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.Sampling;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts the run together and runs its loop on a thread of its own. */
@Singleton
class TrainingRun {

  private static final Logger LOG = Logger.getLogger(TrainingRun.class);
  private static final long STOP_TIMEOUT_MILLIS = 5_000;

  private final LearnerConfig config;
  private final InitialPolicySource policies;
  private final KafkaInbox inbox;
  private final KafkaOutbox outbox;
  private final Clock clock = Clock.systemUTC();
  private final StepTraces traces;
  private final TrainingProgress progress;
  private @Nullable Thread thread;

  TrainingRun(
      LearnerConfig config,
      InitialPolicySource policies,
      KafkaInbox inbox,
      KafkaOutbox outbox,
      Tracer tracer,
      DerivedIds ids) {
    this.config = config;
    this.policies = policies;
    this.inbox = inbox;
    this.outbox = outbox;
    this.traces = new StepTraces(config.runId(), tracer, ids);
    this.progress = new TrainingProgress(clock, traces);
  }

  /** Starts the loop; the future ends with it, and fails with what it failed with. */
  synchronized CompletableFuture<Void> start() {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    thread =
        new Thread(
            () -> {
              try {
                trainAlone();
                ended.complete(null);
              } catch (Throwable e) {
                traces.end(String.valueOf(e.getMessage()));
                inbox.close();
                ended.completeExceptionally(e);
              }
            },
            "training");
    thread.setDaemon(true);
    thread.start();
    return ended;
  }

  TrainingProgress progress() {
    return progress;
  }

  /** A learner that was thought dead, and was only slow, must not learn beside its successor. */
  private void trainAlone() throws InterruptedException {
    ExecutorService writer =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "checkpoints"));
    try (DirectoryLock lock =
        DirectoryLock.take("learner.checkpoint.directory", config.checkpoint().directory())) {
      train(writer);
    } catch (IOException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    } finally {
      writer.shutdown();
    }
  }

  private void train(Executor writer) throws InterruptedException {
    LearnerConfigCheck.check(config);
    List<PromptText> prompts = TextLines.prompts("prompts", config.prompts());
    List<PromptText> evaluationPrompts =
        config
            .evaluation()
            .prompts()
            .map(paths -> TextLines.prompts("evaluation.prompts", paths))
            .orElse(List.of());
    List<String> humanText =
        config
            .evaluation()
            .humanText()
            .map(paths -> TextLines.read("evaluation.human-text", paths))
            .orElse(List.of());
    try (TrainedPolicy policy = policies.open(config, humanText);
        EmaService emaService = emaService()) {
      LOG.infof(
          "policy loaded model=%s trained-bytes=%d lora-rank=%s precision=%s seed=%d",
          config.model(),
          policy.weights().totalBytes(),
          config.lora().map(lora -> String.valueOf(lora.rank())).orElse("none"),
          config.precision(),
          config.seed());
      LearnerConfigCheck.checkFits(config, policy);
      inbox.accept(reader(policy));
      WorkOrders orders =
          new WorkOrders(
              config.runId(),
              config.generationBatchSize(),
              sampling(config.sampling(), policy.endTokens()),
              new Prompts(
                  prompts,
                  config.rolloutsPerStep(),
                  config.samplesPerPrompt(),
                  new Seeds(config.seed())),
              evaluationPrompts,
              config.seed());
      try (RunCheckpoints checkpoints =
          new RunCheckpoints(
              config.checkpoint(),
              config.runId(),
              RunIdentity.of(config, prompts, evaluationPrompts, policy.initialPolicy()),
              clock,
              writer)) {
        new TrainingLoop(
                config,
                policy,
                emaService,
                checkpoints,
                orders,
                new TracedInbox(inbox, traces),
                new TracedOutbox(told(), traces),
                progress,
                clock)
            .run();
      }
    }
  }

  private EmaService emaService() {
    return new TracedEmaService(
        new EmaServiceClient(
            config.emaService(), config.runId(), config.emaServiceTimeout(), tls(config.tls())),
        traces);
  }

  /** Of this run's own rollouts, or of those of the first player. */
  private RolloutReader reader(TrainedPolicy policy) {
    return config
        .sender()
        .<RolloutReader>map(
            sender ->
                new ReceivedTranslation(
                    ScoredRolloutCheck.ofAnotherModel(sender.runId()),
                    sender.reference(),
                    policy::pair))
        .orElseGet(
            () ->
                new ScoredRolloutCheck(
                    config.runId(), policy.vocabularySize(), policy.positions()));
  }

  private Outbox told() {
    Outbox timed = new TimedSteps(outbox, progress);
    return config.sender().isPresent() ? new EventsOnly(timed) : timed;
  }

  private static Optional<TlsFiles> tls(LearnerConfig.Tls tls) {
    try {
      return TlsFiles.of("learner.tls", tls.certificate(), tls.key(), "authority", tls.authority());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(String.valueOf(e.getMessage()));
    }
  }

  private static Sampling sampling(LearnerConfig.Sampling sampling, List<Integer> endTokens) {
    return Sampling.newBuilder()
        .setTemperature((float) sampling.temperature())
        .setTopK(sampling.topK())
        .setTopP((float) sampling.topP())
        .setMaxNewTokens(sampling.maxNewTokens())
        .setMaxPromptTokens(sampling.maxPromptTokens())
        .addAllStopTokens(sampling.stopAtEos() ? endTokens : List.of())
        .build();
  }

  /** Lets the loop leave the tensor engine before the process goes. */
  synchronized void stop(@Observes ShutdownEvent event) throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join(STOP_TIMEOUT_MILLIS);
    }
  }
}
