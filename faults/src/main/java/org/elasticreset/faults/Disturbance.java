package org.elasticreset.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.TrainingEvent;

/** Inflicts faults on a run, one after the other, and measures what each costs. */
final class Disturbance {
  private static final int STEPS_OF_RECOVERY = 2;

  private final FaultyRun run;
  private final List<Suffered> suffered = new ArrayList<>();

  Disturbance(FaultyRun run) {
    this.run = run;
  }

  /** Inflicts a fault, and does not wait for what follows. */
  void inflict(Fault fault) throws InterruptedException {
    long step = run.witness().step();
    Instant at = Instant.now();
    fault.inflict(run);
    suffered.add(new Suffered(fault, at, step, null));
  }

  /** Waits until the run has recovered from the last fault, or has ended. */
  void awaitRecovery() throws InterruptedException {
    Suffered last = suffered.get(suffered.size() - 1);
    Await.until(
        () -> recovered(last).isPresent() || run.witness().end() != null || run.requireRunning(),
        () ->
            last.fault().kind()
                + " at step "
                + last.stepBefore()
                + ": no step since; "
                + run.hint());
    recovered(last)
        .ifPresent(
            event ->
                suffered.set(
                    suffered.size() - 1,
                    new Suffered(
                        last.fault(),
                        last.at(),
                        last.stepBefore(),
                        Duration.between(last.at(), Instant.ofEpochMilli(event.getTimeMillis())))));
  }

  private Optional<TrainingEvent> recovered(Suffered fault) {
    return run.witness().events().stream()
        .filter(TrainingEvent::hasTrainingStep)
        .filter(event -> event.getStep() >= fault.stepBefore() + STEPS_OF_RECOVERY)
        .filter(event -> event.getTimeMillis() >= fault.at().toEpochMilli())
        .findFirst();
  }

  /** Faults of a schedule, until that many processes were killed or the run has ended. */
  void follow(FaultSchedule schedule, int kills) throws InterruptedException {
    int killed = 0;
    while (killed < kills && run.witness().end() == null) {
      Thread.sleep(schedule.delay().toMillis());
      Fault fault = schedule.next();
      inflict(fault);
      killed += fault.kills();
      if (!schedule.impatient()) {
        awaitRecovery();
      }
    }
  }

  List<Suffered> suffered() {
    return List.copyOf(suffered);
  }

  int kills() {
    return suffered.stream().mapToInt(each -> each.fault().kills()).sum();
  }
}
