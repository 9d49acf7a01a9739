package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.RolloutBatch;
import org.junit.jupiter.api.Test;

/** Rollout workers come, go, and are slow, while a run goes on. */
class WorkersIT {
  /** Batches are fixed at admission, so who generates them changes nothing that is learnt. */
  @Test
  void workerJoinsMidStepAndLeavesMidStepAndNothingIsLost() throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    try (FaultyRun run = FaultyRun.start(Undisturbed.files(), "workers", Undisturbed.STEPS)) {
      run.awaitStep(1);
      // A run of this size would be over before another process has started.
      long learner = run.awaitPid("learner-service");
      Signals.STOP.send(learner);
      int port = FreePort.any();
      Process second =
          run.addService(
              "rollout-service-1",
              Java.serviceJar("rollout-service"),
              Map.of(
                  "ROLLOUT_WORKER",
                  "second",
                  "MP_MESSAGING_INCOMING_PROMPTS_GROUP_INSTANCE_ID",
                  "second",
                  "QUARKUS_HTTP_PORT",
                  String.valueOf(port)));
      try {
        Await.until(() -> Health.isReady(port), run::hint);
        Signals.CONT.send(learner);
        Await.until(() -> batchesOf(run, "second") >= 3, run::hint);
        second.destroy();

        assertThat(second.waitFor(120, TimeUnit.SECONDS)).as("the second worker leaves").isTrue();

        assertThat(second.exitValue()).as("exit code after SIGTERM").isIn(0, 143);
      } finally {
        second.destroyForcibly();
      }
      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      assertThat(Outcome.of(run.directory()).differencesFrom(undisturbed)).isEmpty();
      assertThat(batchesOf(run, "worker-1")).isPositive();
      assertThat(run.witness().deadLetters()).isEmpty();
    }
  }

  @Test
  void slowWorkerChangesNothingButTheTime() throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    try (FaultyRun run = FaultyRun.start(Undisturbed.files(), "slow-worker", Undisturbed.STEPS)) {
      long worker = run.awaitPid("rollout-service-1");
      run.awaitStep(1);
      while (run.witness().end() == null && run.isAlive()) {
        Signals.STOP.send(worker);
        Thread.sleep(200);
        Signals.CONT.send(worker);
        Thread.sleep(100);
      }
      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      assertThat(Outcome.of(run.directory()).differencesFrom(undisturbed)).isEmpty();
      assertThat(run.witness().deadLetters()).isEmpty();
    }
  }

  private static long batchesOf(FaultyRun run, String worker) {
    List<RolloutBatch> rollouts = run.witness().rollouts();
    return rollouts.stream().filter(batch -> batch.getWorker().equals(worker)).count();
  }
}
