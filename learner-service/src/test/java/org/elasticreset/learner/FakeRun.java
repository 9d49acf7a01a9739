package org.elasticreset.learner;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
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
    this.config = config;
    this.emaService = emaService;
    this.workers = behaviour.apply(new FakeWorkers(emaService::newest));
  }

  static FakeRun of(LearnerConfig config, Long... resetSteps) throws InterruptedException {
    return new FakeRun(config, new FakeEmaService(resetSteps), UnaryOperator.identity()).run();
  }

  FakeRun run() throws InterruptedException {
    new TrainingLoop(config, policy, emaService, orders(config), workers, workers, progress, CLOCK)
        .run();
    return this;
  }

  /** The work of a run, drawn from the files that its settings name. */
  static WorkOrders orders(LearnerConfig config) {
    return new WorkOrders(
        config.runId(),
        config.generationBatchSize(),
        Sampling.getDefaultInstance(),
        new Prompts(
            TextLines.read("prompts", config.prompts()),
            config.rolloutsPerStep(),
            new Seeds(config.seed())),
        TextLines.read("evaluation.prompts", config.evaluation().prompts().orElseThrow()),
        config.seed());
  }

  List<TrainingEvent> events(EventCase kind) {
    return workers.events.stream().filter(event -> event.getEventCase() == kind).toList();
  }

  List<EventCase> eventCases() {
    return workers.events.stream().map(TrainingEvent::getEventCase).toList();
  }
}
