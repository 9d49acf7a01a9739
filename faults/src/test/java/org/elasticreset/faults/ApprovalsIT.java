package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A reset that two persons approve of, with a service killed behind each approval that was
 * acknowledged and before the reset is done. The run is held at one checkpoint meanwhile, so that
 * the reset follows the same update whatever befalls it.
 */
class ApprovalsIT {
  private static final int STEPS = 30;

  /** Late enough that no second reset comes due. */
  private static final int PROPOSED_AT = 12;

  private static final int HELD_AT = 20;

  private static Outcome undisturbed;

  @BeforeAll
  static void decideOnARunThatNothingBefalls() throws Exception {
    try (FaultyRun run = start("approved")) {
      decide(run, List.of());
      undisturbed = Outcome.of(run.directory());
    }
  }

  @Test
  void approvalsCountOnceWhenTheEmaServiceIsKilledBehindEach() throws Exception {
    assertApprovalsOutlive("ema-service");
  }

  @Test
  void approvalsCountOnceWhenTheLearnerIsKilledBehindEach() throws Exception {
    assertApprovalsOutlive("learner-service");
  }

  private static void assertApprovalsOutlive(String service) throws Exception {
    try (FaultyRun run = start("approved-without-" + service)) {
      decide(run, List.of(new Fault.Kill(List.of(service))));

      assertThat(Promises.broken(run, undisturbed)).isEmpty();
      assertThat(undisturbed.metrics())
          .filteredOn(line -> line.contains("\"event\":\"reset\""))
          .singleElement()
          .asString()
          .contains("requested by ada and grace: word of ada; word of grace");
      assertThat(run.said()).contains(service + " was ended by SIGKILL");
      assertThat(trail(run))
          .containsExactly(
              "run-begun",
              "reset-proposed by ema-service at 12",
              "run-paused",
              "reset-approved by ada at 20",
              "reset-approved by grace at 20",
              "run-resumed",
              "reset-done by ema-service at 21",
              "run-finished");
      Person.Answer audit = new Person("ada", run).audit();
      assertThat(audit.exitCode()).as(audit.text()).isZero();
      assertThat(audit.text()).endsWith("every line follows the one before it");
    }
  }

  private static FaultyRun start(String name) {
    return FaultyRun.start(
        Undisturbed.files(),
        name,
        STEPS,
        "checkpoint.every=" + HELD_AT / 2,
        "reset.every=" + PROPOSED_AT,
        "reset.approvals=2");
  }

  /** Both approve, the faults come behind each of them, and the run goes to its end. */
  private static void decide(FaultyRun run, List<Fault> faults) throws Exception {
    Person ada = new Person("ada", run);
    Person grace = new Person("grace", run);
    hold(run, ada);

    assertThat(ada.operate("approve").text()).isEqualTo("approved; it waits for 1 more");
    for (Fault fault : faults) {
      fault.inflict(run);
    }
    awaitStatus(ada, "; approved by: ada\n");
    assertThat(ada.operate("approve").text()).contains("approval by: ada (expected: another");
    assertThat(grace.operate("approve").text())
        .isEqualTo("approved; the reset follows version " + (HELD_AT + 1));
    for (Fault fault : faults) {
      fault.inflict(run);
    }
    awaitStatus(grace, "a reset is asked for and follows the next version\n");

    assertThat(grace.operate("resume").text()).isEqualTo("goes on");
    assertThat(run.awaitEnd()).as(run.hint()).isZero();
  }

  /** Without rollouts the run stands still while a command starts. */
  private static void hold(FaultyRun run, Person person) throws Exception {
    run.awaitStep(PROPOSED_AT + 1);
    long worker = run.awaitPid("rollout-service-1");
    Signals.STOP.send(worker);
    assertThat(person.operate("pause").exitCode()).isZero();
    Signals.CONT.send(worker);
    Await.until(
        () -> run.witness().versions().stream().anyMatch(version -> version.getStep() == HELD_AT),
        run::hint);
  }

  private static void awaitStatus(Person person, String words) throws InterruptedException {
    Await.until(
        () -> (person.operate("status").text() + "\n").contains(words),
        () -> "no '" + words.strip() + "' in the status; " + person.run().hint());
  }

  /** Every line of the record: what was done, and about resets by whom and behind which step. */
  private static List<String> trail(FaultyRun run) throws IOException {
    List<String> trail = new ArrayList<>();
    for (String line : Files.readAllLines(run.directory().resolve("audit.jsonl"))) {
      JsonNode read = new ObjectMapper().readTree(line);
      String action = read.path("action").asText();
      trail.add(
          action.startsWith("reset-")
              ? "%s by %s at %d"
                  .formatted(action, read.path("who").asText(), read.path("step").asLong())
              : action);
    }
    return trail;
  }
}
