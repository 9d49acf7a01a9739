package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.elasticreset.faults.Poison.Fate;
import org.junit.jupiter.api.Test;

/** Messages that nobody can use, of every kind on every topic, while a run goes on. */
class PoisonIT {
  private static final int STEPS = Undisturbed.STEPS;

  @Test
  void runGoesOnAsIfNoPoisonHadComeAndEachIsADeadLetterWithItsReason() throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    try (FaultyRun run = FaultyRun.start(Undisturbed.files(), "poisoned", STEPS)) {
      run.awaitStep(1);
      List<Poison> poisons = new Poisons(run.name(), 42).all();
      try (Poisoner poisoner = new Poisoner(run.bootstrapServers(), run.name())) {
        // Large ones take seconds, in which a run of this size would end.
        long learner = run.awaitPid("learner-service");
        Signals.STOP.send(learner);
        for (Poison poison : poisons) {
          if (poison.fate() == Fate.REFUSED_BY_BROKER) {
            assertThat(poisoner.plant(poison)).as(poison.key()).isFalse();
          }
        }
        Signals.CONT.send(learner);
        for (Poison poison : poisons) {
          if (poison.fate() != Fate.REFUSED_BY_BROKER) {
            assertThat(poisoner.plant(poison)).as(poison.key()).isTrue();
          }
        }
      }
      assertThat(run.witness().step()).as("step when the last was planted").isLessThan(STEPS - 1);

      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      assertThat(Outcome.of(run.directory()).differencesFrom(undisturbed)).isEmpty();
      List<String> letters =
          run.witness().deadLetters().stream()
              .map(l -> new String(l.key(), StandardCharsets.UTF_8) + " -> " + l.reason())
              .toList();
      for (Poison poison : poisons) {
        if (poison.fate() == Fate.DEAD_LETTER) {
          assertThat(letters)
              .anySatisfy(
                  letter -> assertThat(letter).startsWith(poison.key()).contains(poison.reason()));
        }
      }
      assertThat(letters).allSatisfy(letter -> assertThat(letter).startsWith("poison: "));
    }
  }
}
