package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A game of two, of which the second player's processes are killed. */
class GameIT {
  private static final int STEPS = 12;

  /** Both players are reset on the way. */
  private static final String[] GAME = {
    "prompts=prompts.tsv",
    "evaluation.prompts=held-out.tsv",
    "reward.scorers.understood.type=receiver",
    "receiver.model=policy",
    "receiver.reference=de",
    "receiver.max-prompt-tokens=16",
    "receiver.max-new-tokens=16",
    "receiver.learning-rate=0.003",
    "receiver.reset-every=5",
    "reset.every=4"
  };

  @Test
  void bothPlayersLearnTheSameThoughTheReceiversServicesAreKilled() throws Exception {
    writePrompts();
    Outcome sender;
    Outcome receiver;
    try (FaultyRun run = FaultyRun.start(Undisturbed.files(), "game", STEPS, GAME)) {
      assertThat(run.awaitEnd()).as(run.hint()).isZero();
      sender = Outcome.of(run.directory());
      receiver = Outcome.ofReceiver(run.directory());
    }

    try (FaultyRun run = FaultyRun.start(Undisturbed.files(), "killed-game", STEPS, GAME)) {
      Disturbance disturbance = new Disturbance(run);
      for (String service : List.of("receiver-learner-service", "receiver-ema-service")) {
        run.awaitStep(run.witness().step() + 2);
        disturbance.inflict(new Fault.Kill(List.of(service)));
        disturbance.awaitRecovery();
      }
      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      assertThat(run.said())
          .contains("receiver-learner-service was ended by SIGKILL")
          .contains("receiver-ema-service was ended by SIGKILL");
      assertThat(Promises.broken(run, sender)).isEmpty();
      assertThat(Outcome.ofReceiver(run.directory()).differencesFrom(receiver)).isEmpty();
    }
  }

  private static void writePrompts() throws IOException {
    Files.writeString(
        Undisturbed.files().root().resolve("prompts.tsv"),
        "prompt\tde\nthe cat\ta cat sat\nthe dog\ta dog sat\na good day\tday\nthe mat\ta mat\n");
    Files.writeString(
        Undisturbed.files().root().resolve("held-out.tsv"),
        "prompt\tde\na cat\ta cat sat\nthe day\ta day\n");
  }
}
