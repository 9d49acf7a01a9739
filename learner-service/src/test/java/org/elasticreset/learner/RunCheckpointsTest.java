package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.elasticreset.proto.v1.LearnerCheckpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are written beside an upload: which ones a checkpoint has in the end. */
class RunCheckpointsTest {

  @TempDir private Path root;

  private final FakePolicy policy = new FakePolicy();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private LearnerConfig config;

  @BeforeEach
  void configure() {
    config = TestConfig.in(root);
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  @Test
  void weightsAreThoseOfTheTimeWhenTheyWereBegun() {
    try (RunCheckpoints checkpoints = checkpoints(Runnable::run)) {
      checkpoints.begin(3, policy);
      policy.weights[0] = 7;
      checkpoints.write(state(3), policy);

      assertThat(restored(checkpoints, 3)).startsWith(1);
    }
  }

  @Test
  void nobodyFindsWhatWasOnlyBegun() {
    try (RunCheckpoints checkpoints = checkpoints(Runnable::run)) {
      checkpoints.begin(3, policy);

      assertThat(checkpoints.steps()).isEmpty();
    }
    assertThat(config.checkpoint().directory()).isEmptyDirectory();
  }

  @Test
  void whatWasTakenBackIsWrittenAnew() {
    try (RunCheckpoints checkpoints = checkpoints(Runnable::run)) {
      checkpoints.begin(3, policy);
      checkpoints.takeBack();
      policy.weights[0] = 7;
      checkpoints.write(state(3), policy);

      assertThat(restored(checkpoints, 3)).startsWith(7);
    }
  }

  @Test
  void whatWasBegunForAnotherStepIsNotTaken() {
    try (RunCheckpoints checkpoints = checkpoints(Runnable::run)) {
      checkpoints.begin(3, policy);
      policy.weights[0] = 7;
      checkpoints.write(state(4), policy);

      assertThat(checkpoints.steps()).containsExactly(4L);
      assertThat(restored(checkpoints, 4)).startsWith(7);
    }
    assertThat(config.checkpoint().directory()).isDirectoryNotContaining("glob:**unfinished");
  }

  @Test
  void writingWaitsForTheWeights() throws Exception {
    CountDownLatch mayWrite = new CountDownLatch(1);
    try (RunCheckpoints checkpoints =
        checkpoints(
            task ->
                thread.execute(
                    () -> {
                      awaitQuietly(mayWrite);
                      task.run();
                    }))) {
      checkpoints.begin(3, policy);
      Thread loop = new Thread(() -> checkpoints.write(state(3), policy));
      loop.start();
      loop.join(200);
      assertThat(loop.isAlive()).isTrue();
      assertThat(checkpoints.steps()).isEmpty();

      mayWrite.countDown();
      loop.join(60_000);
      assertThat(checkpoints.steps()).containsExactly(3L);
    }
  }

  @Test
  void weightsThatCouldNotBeWrittenFailTheCheckpoint() {
    FakePolicy full =
        new FakePolicy() {
          @Override
          public void saveState(Path directory) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
        };
    try (RunCheckpoints checkpoints = checkpoints(Runnable::run)) {
      checkpoints.begin(3, full);

      assertThatThrownBy(() -> checkpoints.write(state(3), full))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("of step 3 could not be written: ")
          .hasMessageContaining("No space left on device");
      assertThat(checkpoints.steps()).isEmpty();
    }
    assertThat(config.checkpoint().directory()).isEmptyDirectory();
  }

  @Test
  void whatNeedNotBeKeptIsDeletedBesideWhatFollowsAndNothingNewer() {
    long keep = config.checkpoint().keep();
    List<Runnable> held = new ArrayList<>();
    AtomicBoolean hold = new AtomicBoolean();
    Executor beside =
        task -> {
          if (hold.get()) {
            held.add(task);
          } else {
            task.run();
          }
        };
    try (RunCheckpoints checkpoints = checkpoints(beside)) {
      for (long step = 1; step <= keep; step++) {
        checkpoints.write(state(step), policy);
      }
      checkpoints.begin(keep + 1, policy);
      hold.set(true);

      assertThat(checkpoints.write(state(keep + 1), policy)).doesNotContain(1L).hasSize((int) keep);
      assertThat(checkpoints.steps()).contains(1L);

      hold.set(false);
      checkpoints.write(state(keep + 2), policy);
      held.forEach(Runnable::run);
      assertThat(checkpoints.steps()).doesNotContain(1L, 2L).hasSize((int) keep);
    }
  }

  private RunCheckpoints checkpoints(Executor beside) {
    return new RunCheckpoints(
        config.checkpoint(), config.runId(), Map.of(), Clock.systemUTC(), beside);
  }

  private LearnerCheckpoint.Builder state(long step) {
    return LearnerCheckpoint.newBuilder().setStep(step);
  }

  private static float[] restored(RunCheckpoints checkpoints, long step) {
    FakePolicy restored = new FakePolicy();
    restored.restoreState(checkpoints.read(step).orElseThrow().directory());
    return restored.weights;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
