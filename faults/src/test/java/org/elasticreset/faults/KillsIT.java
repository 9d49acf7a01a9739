package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Each process of a run is killed, stopped or told to end at a random instant of a seeded schedule;
 * {@link KillsRun} does it by the hundred.
 */
class KillsIT {
  private static final int LONGEST_DELAY_MILLIS = 200;

  @Test
  void runThatIsKilledOverAndOverEndsAsIfNothingHadBeen() throws Exception {
    List<Fault> faults = new ArrayList<>();
    FaultyRun.SERVICES.forEach(service -> faults.add(new Fault.Kill(List.of(service))));
    faults.add(new Fault.Kill(List.of("learner-service", "ema-service")));
    faults.add(new Fault.Kill(List.of("reward-service", "rollout-service-1")));
    faults.add(new Fault.Pause("learner-service", Duration.ofSeconds(2)));
    faults.add(new Fault.KillBroker(Duration.ofMillis(500)));
    faults.add(new Fault.KillLauncher());

    assertKeepsEveryPromise("killed", 7, faults);
  }

  @Test
  void eachServiceIsRestartedInTurnWithTheRunGoingOn() throws Exception {
    List<Fault> faults = new ArrayList<>();
    FaultyRun.SERVICES.forEach(service -> faults.add(new Fault.Stop(service)));

    assertKeepsEveryPromise("rolling-restart", 8, faults);
  }

  /** What was learnt since is learnt again, and its versions are published under new numbers. */
  @Test
  void runWithFewCheckpointsGoesBackToTheNewestWhenTheEmaServiceDies() throws Exception {
    try (FaultyRun run =
        FaultyRun.startOnBroker(
            Undisturbed.files(),
            "few-checkpoints",
            20,
            Map.of(),
            "checkpoint.every=10",
            "reset.every=1000")) {
      run.awaitStep(12);
      // Nobody fetches the newest version before it is lost: all that asks for it is in vain.
      long worker = run.awaitPid("rollout-service-1");
      Signals.STOP.send(worker);
      Thread.sleep(2_000); // for the step that may be under way
      new Fault.Kill(List.of("ema-service")).inflict(run);
      Signals.CONT.send(worker);

      assertThat(run.awaitEnd()).as(run.hint()).isZero();
      assertThat(Promises.versionsNeverGoBackwards(run.witness().versions())).isEmpty();
      assertThat(Promises.accountsBalance(run.witness().end())).isEmpty();
      assertThat(Promises.eventsHaveNoGaps(run.witness().settledEvents())).isEmpty();
    }
  }

  private static void assertKeepsEveryPromise(String name, long seed, List<Fault> faults)
      throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    Random random = new Random(seed);
    Collections.shuffle(faults, random);
    try (FaultyRun run =
        FaultyRun.startOnBroker(Undisturbed.files(), name, Undisturbed.STEPS, Map.of())) {
      run.awaitStep(1);
      Disturbance disturbance = new Disturbance(run);
      for (Fault fault : faults) {
        Thread.sleep(random.nextInt(LONGEST_DELAY_MILLIS));
        disturbance.inflict(fault);
        disturbance.awaitRecovery();
      }
      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      FaultTable.lines(disturbance.suffered()).forEach(System.out::println);
      assertThat(disturbance.suffered())
          .as("faults that the run was still there for")
          .allMatch(suffered -> suffered.stepBefore() < Undisturbed.STEPS);
      assertThat(Promises.broken(run, undisturbed)).isEmpty();
    }
  }
}
