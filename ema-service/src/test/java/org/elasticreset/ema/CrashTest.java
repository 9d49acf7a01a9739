package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.FailingSnapshots.Failure;
import org.elasticreset.ema.FailingSnapshots.Killed;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service fails at each of its durable steps in turn, and then once more while it recovers. */
class CrashTest {

  private static final int LAST_STEP = 8;
  private static final ResetTrigger TRIGGER = new ResetTrigger.EveryNUpdates(3);

  @TempDir(factory = MemoryDirectory.class)
  Path temp;

  @ParameterizedTest
  @CsvSource({
    "KILLED_WITHIN, 1, false",
    "KILLED_WITHIN, 1, true",
    "KILLED_WITHIN, 2, false",
    "KILLED_WITHIN, 2, true",
    "KILLED_BEHIND, 1, false",
    "KILLED_BEHIND, 1, true",
    "KILLED_BEHIND, 2, false",
    "KILLED_BEHIND, 2, true",
    "DISK_FULL, 1, false",
    "DISK_FULL, 1, true",
    "DISK_FULL, 2, false",
    "DISK_FULL, 2, true"
  })
  void runGoesOnWhereverTheServiceFails(Failure failure, int every, boolean damaged)
      throws Exception {
    boolean failed = true;
    for (int at = 0; failed; at++) {
      failed = goesOn(failure, every, damaged, at, at % 4);
    }
  }

  /** Whether there was a step to fail at. */
  private boolean goesOn(Failure failure, int every, boolean damaged, int first, int second)
      throws IOException {
    var directory = temp.resolve("failure-" + first);
    var failing = new FailingSnapshots(directory, failure, first);
    var policy = Policies.averagedPolicy(TRIGGER, directory, failing);
    var learner = new SimulatedLearner(policy, every, LAST_STEP);
    if (fails(learner)) {
      if (failure == Failure.DISK_FULL) {
        // There is room again, and the same process goes on.
        learner.restart(policy, damaged);
      } else {
        learner.restart(
            loaded(directory, new FailingSnapshots(directory, failure, second)), damaged);
      }
      if (fails(learner)) {
        learner.restart(loaded(directory, new Snapshots(directory)), damaged);
        learner.train();
      }
    }
    // A damaged checkpoint can be of the reset itself, which was met when it was released.
    assertThat(learner.requestIsMet() || damaged).as("the reset that was asked for").isTrue();
    assertThat(learner.refusals).as("checkpoints that had no snapshot").isZero();
    assertThat(failing.hasFailed() || first > 2 * LAST_STEP).as("a step to fail at").isTrue();
    return failing.hasFailed();
  }

  private static boolean fails(SimulatedLearner learner) {
    try {
      learner.train();
      return false;
    } catch (Killed e) {
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(e.getStatus().getDescription()).contains("No space left on device");
      return true;
    }
  }

  private static AveragedPolicy loaded(Path directory, Snapshots snapshots) throws IOException {
    var policy = Policies.averagedPolicy(TRIGGER, directory, snapshots);
    assertThat(policy.load()).as("damaged snapshots").isEmpty();
    return policy;
  }
}
