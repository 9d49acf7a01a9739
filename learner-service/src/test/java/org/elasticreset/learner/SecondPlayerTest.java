package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RUN_ENDED;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.checkpoint.Checkpoints;
import org.elasticreset.learner.EmaService.Standing;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The learner of the second player of a game of two, on a topic that another run writes: twice each
 * rollout, and those of a step once the step before is learnt.
 */
class SecondPlayerTest {

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);
  private static final int STEPS = 4;
  private static final int DIES_AT_MOST = 100;

  @TempDir Path directory;

  private LearnerConfig config;

  @BeforeEach
  void configure() {
    config =
        TestConfig.in(
            directory,
            "run-id",
            "game-receiver",
            "steps",
            String.valueOf(STEPS),
            "algorithm",
            "supervised",
            "ppo.epochs",
            "1",
            "sender.run-id",
            "game",
            "sender.template",
            "{prompt} ",
            "sender.reference",
            "de");
  }

  @Test
  void everyPairIsLearntOnceWithFullWeight() throws Exception {
    Game game = new Game(-1).played();

    List<PpoSample> samples = game.policy.minibatches.stream().flatMap(List::stream).toList();
    assertThat(samples).hasSize(STEPS * 4);
    assertThat(samples).allSatisfy(sample -> assertThat(sample.advantages()).containsOnly(1f));
    assertThat(samples.get(0).tokens().responseTokens())
        .isEqualTo(game.policy.pair("", "wort").responseTokens());
  }

  @Test
  void nothingIsAskedFor() throws Exception {
    Game game = new Game(-1).played();

    assertThat(game.issued).isEmpty();
    assertThat(game.emaService.released).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void deathAtAnyInstantChangesNothingThatIsLearnt() throws Exception {
    Game undisturbed = new Game(-1).played();
    int points = undisturbed.emaService.crash.passed();
    assertThat(points).isGreaterThan(40);

    for (int point = 0; point < points; point++) {
      Game game = new Game(point).played();

      assertThat(game.policy.weights)
          .as("death at %d", point)
          .isEqualTo(undisturbed.policy.weights);
      assertThat(game.steps()).as("death at %d", point).containsExactly(1L, 2L, 3L, 4L);
      Accounting books = game.books();
      assertThat(books.getTrained()).as("death at %d", point).isEqualTo(STEPS * 4);
      assertThat(books.getInFlight()).as("death at %d", point).isZero();
    }
  }

  /** The receiver's learner, started again where it dies, on what lives on. */
  private final class Game implements Inbox, Outbox {

    final FakeEmaService emaService = new FakeEmaService(2L);
    final List<PromptBatch> issued = new ArrayList<>();
    final List<TrainingEvent> events = new ArrayList<>();
    final List<ReceivedRollout> topic = new ArrayList<>();
    FakePolicy policy = new FakePolicy();
    private final int diesAt;
    private long stepInTopic;
    private int position;

    Game(int diesAt) {
      this.diesAt = diesAt;
    }

    Game played() throws Exception {
      new Checkpoints(config.checkpoint().directory()).deleteIf(step -> true);
      emaService.crash.crashAt(diesAt < 0 ? CrashPoint.NEVER : diesAt);
      for (int starts = 1; starts <= DIES_AT_MOST; starts++) {
        policy = new FakePolicy();
        policy.crash = emaService.crash;
        try {
          loop().run();
          return this;
        } catch (CrashPoint.Crash e) {
          emaService.crash.crashAt(CrashPoint.NEVER);
        }
      }
      throw new AssertionError("no end");
    }

    private TrainingLoop loop() {
      return new TrainingLoop(
          config,
          policy,
          emaService,
          new RunCheckpoints(config.checkpoint(), config.runId(), Map.of(), CLOCK, Runnable::run),
          FakeRun.orders(config),
          this,
          new EventsOnly(this),
          new TrainingProgress(CLOCK),
          CLOCK);
    }

    /** The sender goes on when the receiver has, and its policy is served: released or resumed. */
    private void write() {
      long learnt =
          LongStream.concat(
                  emaService.released.stream().mapToLong(Long::longValue),
                  emaService.resumed.stream().mapToLong(Standing::step))
              .max()
              .orElse(-1);
      WorkOrders orders = FakeRun.orders(config);
      while (stepInTopic <= learnt) {
        if (stepInTopic % config.evaluation().every() == 0 || stepInTopic == STEPS) {
          orders.evaluation(stepInTopic, 1, false).forEach(this::write);
        }
        stepInTopic++;
        if (stepInTopic <= STEPS) {
          orders.training(stepInTopic, 1).forEach(this::write);
        }
      }
    }

    private void write(PromptBatch batch) {
      for (Prompt prompt : batch.getPromptsList()) {
        TokenSequence pair = policy.pair(prompt.getText(), "wort");
        for (int copy = 0; copy < 2; copy++) {
          topic.add(
              new ReceivedRollout(
                  new ReceivedRollout.Source(0, topic.size()),
                  batch.getPurpose(),
                  batch.getTargetStep(),
                  new Rollout(
                      prompt.getRolloutId(),
                      pair.promptTokens(),
                      pair.responseTokens(),
                      new float[pair.responseTokens().length],
                      -1,
                      new PolicyStamp(Long.MAX_VALUE, Long.MAX_VALUE),
                      true),
                  RewardFrom.REWARD_FROM_MODEL,
                  prompt.getText(),
                  "word",
                  OptionalDouble.empty(),
                  Map.of("de", "wort"),
                  Optional.empty()));
        }
      }
    }

    @Override
    public void open(Map<Integer, Long> offsets) {
      position = offsets.getOrDefault(0, 0L).intValue();
    }

    @Override
    public ReceivedRollout poll(Duration patience) {
      emaService.crash.pass();
      write();
      if (position < topic.size()) {
        return topic.get(position++);
      }
      throw new AssertionError(
          "waits for ever behind step %s of %d, record %d"
              .formatted(emaService.released, stepInTopic, position));
    }

    @Override
    public void issue(PromptBatch batch) {
      issued.add(batch);
    }

    @Override
    public void report(TrainingEvent event) {
      emaService.crash.pass();
      events.removeIf(before -> before.getSequence() >= event.getSequence());
      events.add(event);
      emaService.crash.pass();
    }

    List<Long> steps() {
      return events.stream()
          .filter(event -> event.getEventCase() == TRAINING_STEP)
          .map(TrainingEvent::getStep)
          .toList();
    }

    Accounting books() {
      return events.stream()
          .filter(event -> event.getEventCase() == RUN_ENDED)
          .findFirst()
          .orElseThrow()
          .getRunEnded()
          .getAccounting();
    }
  }
}
