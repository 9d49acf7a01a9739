package org.elasticreset.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.elasticreset.checkpoint.Checkpoints;
import org.elasticreset.proto.v1.Sampling;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;

/** A whole run without threads and sockets. */
final class FakeRun {

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

  final FakePolicy policy = new FakePolicy();
  final FakeEmaService emaService;
  final FakeWorkers workers;
  final TrainingProgress progress = new TrainingProgress(CLOCK);
  private final LearnerConfig config;

  FakeRun(LearnerConfig config, FakeEmaService emaService, UnaryOperator<FakeWorkers> behaviour) {
    this(
        config, emaService, behaviour.apply(new FakeWorkers(emaService::newest, emaService.crash)));
    delete(config.checkpoint().directory());
  }

  private FakeRun(LearnerConfig config, FakeEmaService emaService, FakeWorkers workers) {
    this.config = config;
    this.emaService = emaService;
    this.workers = workers;
    policy.crash = emaService.crash;
  }

  /** The learner is started again, with these settings; all else is as it was. */
  FakeRun startedAgain(LearnerConfig settings) {
    return new FakeRun(settings, emaService, workers);
  }

  private static void delete(Path checkpoints) {
    try {
      new Checkpoints(checkpoints).deleteIf(step -> true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FakeRun of(LearnerConfig config, Long... resetSteps) throws InterruptedException {
    return new FakeRun(config, new FakeEmaService(resetSteps), UnaryOperator.identity()).run();
  }

  FakeRun run() throws InterruptedException {
    new TrainingLoop(
            config,
            policy,
            emaService,
            checkpoints(),
            orders(config),
            workers,
            workers,
            progress,
            CLOCK)
        .run();
    return this;
  }

  RunCheckpoints checkpoints() {
    return new RunCheckpoints(
        config.checkpoint(),
        config.runId(),
        Map.of("seed", String.valueOf(config.seed())),
        CLOCK,
        Runnable::run);
  }

  /** The work of a run, drawn from the files that its settings name. */
  static WorkOrders orders(LearnerConfig config) {
    return new WorkOrders(
        config.runId(),
        config.generationBatchSize(),
        Sampling.getDefaultInstance(),
        new Prompts(
            TextLines.prompts("prompts", config.prompts()),
            config.rolloutsPerStep(),
            config.samplesPerPrompt(),
            new Seeds(config.seed())),
        TextLines.prompts("evaluation.prompts", config.evaluation().prompts().orElseThrow()),
        config.seed());
  }

  List<TrainingEvent> events(EventCase kind) {
    return workers.events.stream().filter(event -> event.getEventCase() == kind).toList();
  }

  List<EventCase> eventCases() {
    return workers.events.stream().map(TrainingEvent::getEventCase).toList();
  }
}
