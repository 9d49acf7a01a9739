package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.junit.jupiter.api.Test;

/**
 * The learner's loop and the ema-service's state as they run, on one thread, under thousands of
 * schedules of loss, repetition, reordering, delay and death. A schedule is a number, and the same
 * number is the same schedule.
 */
class LoopSimulationTest {

  private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 2000);
  private static final int FIRST = Integer.getInteger("simulation.first", 0);
  private static final int STEPS = 6;
  private static final int MOST_STARTS = 400;
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

  /** What one schedule ended with. */
  private record Outcome(
      float[] weights,
      List<TrainingEvent> events,
      int starts,
      int resets,
      Map<String, Long> trainedRevisions) {

    TrainingEvent last() {
      return events.get(events.size() - 1);
    }
  }

  @Test
  void noScheduleLosesRepeatsOrAltersAnything() throws Exception {
    long starts = 0;
    long resets = 0;
    long superseded = 0;
    for (int schedule = FIRST; schedule < FIRST + SCHEDULES; schedule++) {
      try {
        Outcome outcome = explore(schedule);
        starts += outcome.starts();
        resets += outcome.resets();
        superseded += superseded(outcome);
      } catch (AssertionError | Exception e) {
        throw new AssertionError(
            "schedule "
                + schedule
                + " (again: -Dsimulation.first="
                + schedule
                + " -Dsimulation.schedules=1): "
                + e.getMessage(),
            e);
      }
    }
    System.out.printf(
        "%d schedules: the learner was started %d times, %d resets, %d scores superseded%n",
        SCHEDULES, starts, resets, superseded);
    assertThat(starts).as("deaths were simulated").isGreaterThan(SCHEDULES + SCHEDULES / 4L);
    assertThat(resets).isGreaterThan(SCHEDULES);
    assertThat(superseded).as("people changed their minds").isGreaterThan(SCHEDULES);
  }

  private static Outcome explore(int schedule) throws Exception {
    Random random = new Random(schedule);
    int maxStaleness = random.nextInt(3) == 0 ? 1 : 0;
    Path directory = Files.createTempDirectory(shared(), "schedule");
    try {
      LearnerConfig config =
          TestConfig.in(
              directory,
              "steps",
              String.valueOf(STEPS),
              "max-staleness",
              String.valueOf(maxStaleness),
              "checkpoint.every",
              String.valueOf(1 + random.nextInt(3)),
              "checkpoint.keep",
              "2",
              "update-every",
              random.nextInt(3) == 0 ? "ppo-epoch" : "training-step");
      int resetEvery = 1 + random.nextInt(4);
      Chances chances = Chances.drawn(random);

      Outcome outcome =
          run(config, directory.resolve("disturbed"), resetEvery, random, chances, Map.of());

      requireBalanced(outcome);
      requireStaleness(outcome, maxStaleness);
      if (maxStaleness == 0) {
        deleteTree(config.checkpoint().directory());
        Outcome undisturbed =
            run(
                config,
                directory.resolve("undisturbed"),
                resetEvery,
                random,
                Chances.NONE,
                outcome.trainedRevisions());
        assertThat(outcome.weights()).as("policy").isEqualTo(undisturbed.weights());
        assertThat(figures(outcome)).as("events").isEqualTo(figures(undisturbed));
      }
      return outcome;
    } finally {
      deleteTree(directory);
    }
  }

  /**
   * @param onlyRevisions of the scores that come, by rollout id; empty: by chance
   */
  private static Outcome run(
      LearnerConfig config,
      Path averages,
      int resetEvery,
      Random random,
      Chances chances,
      Map<String, Long> onlyRevisions)
      throws Exception {
    SimulatedEmaService ema = new SimulatedEmaService(averages, resetEvery, random, chances);
    SimulatedWorld world = new SimulatedWorld(ema, random, chances, onlyRevisions);
    Map<String, Integer> ends = new TreeMap<>();
    for (int starts = 1; starts <= MOST_STARTS; starts++) {
      FakePolicy policy = new MortalPolicy(world);
      try {
        new TrainingLoop(
                config,
                policy,
                ema,
                new RunCheckpoints(
                    config.checkpoint(), config.runId(), Map.of(), CLOCK, Runnable::run),
                FakeRun.orders(config),
                world,
                world,
                new TrainingProgress(CLOCK),
                CLOCK)
            .run();
        return new Outcome(
            policy.weights, List.copyOf(world.events), starts, ema.resets, world.trainedRevisions);
      } catch (Death e) { // killed, and started again
        ends.merge("killed behind event " + world.events.size(), 1, Integer::sum);
      } catch (EmaServiceException e) {
        assertThat(LearnerApplication.exitCode(e))
            .as("exit code behind: %s", e.getMessage())
            .isEqualTo(LearnerApplication.START_AGAIN);
        ends.merge(e.getMessage() + " behind event " + world.events.size(), 1, Integer::sum);
      }
    }
    throw new AssertionError(
        "started %d times without coming to an end: %s, %s, %s"
            .formatted(MOST_STARTS, chances, config.checkpoint().every(), ends));
  }

  /** Dies while it writes a checkpoint, and shows what it was given. */
  private static final class MortalPolicy extends FakePolicy {

    private final SimulatedWorld world;

    MortalPolicy(SimulatedWorld world) {
      this.world = world;
    }

    @Override
    public List<TokenEvaluation> evaluate(List<TokenSequence> sequences) {
      world.learnerHasTaken(sequences);
      return super.evaluate(sequences);
    }

    @Override
    public void saveState(Path directory) {
      world.learnerMayDie();
      super.saveState(directory);
      world.learnerMayDie();
    }
  }

  private static long superseded(Outcome outcome) {
    Accounting books = outcome.last().getRunEnded().getAccounting();
    return books.getDroppedOrDefault("superseded", 0);
  }

  private static void requireBalanced(Outcome outcome) {
    assertThat(outcome.last().getEventCase()).isEqualTo(EventCase.RUN_ENDED);
    Accounting books = outcome.last().getRunEnded().getAccounting();
    assertThat(books.getTrained()).as("trained once").isEqualTo(STEPS * 4);
    assertThat(books.getInFlight()).isZero();
    assertThat(books.getAdmitted()).isEqualTo(books.getTrained() + books.getEvaluated());
    assertThat(
            outcome.events().stream()
                .filter(event -> event.getEventCase() == EventCase.TRAINING_STEP)
                .map(TrainingEvent::getStep))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  private static void requireStaleness(Outcome outcome, int bound) {
    assertThat(outcome.events())
        .allMatch(event -> event.getTrainingStep().getStalenessMax() <= bound);
  }

  /** All that is told of learning; versions count what was published, not what was learnt. */
  private static List<String> figures(Outcome outcome) {
    return outcome.events().stream()
        .filter(event -> event.getEventCase() != EventCase.RUN_ENDED)
        .map(
            event -> {
              TrainingEvent.Builder figures = event.toBuilder().clearPolicyVersion();
              if (event.hasTrainingStep()) {
                figures.getTrainingStepBuilder().clearDropped();
              }
              return figures.build().toString();
            })
        .toList();
  }

  /** Memory, where there is such a folder: thousands of schedules force thousands of files. */
  static Path shared() {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static void deleteTree(Path tree) throws IOException {
    try (var paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
