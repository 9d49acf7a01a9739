package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialShareTest {
  @TempDir private Path root;

  private String sentence(String... assignments) throws IOException {
    InstallationFixture user = InstallationFixture.create(root);
    return InitialShare.sentence(
        new RunConfigSources(
                "movie-sentiment", null, List.of(assignments), null, null, null, false, null)
            .read(new Installation(Path.of("..").toAbsolutePath().normalize()), user.models()));
  }

  @Test
  void isThatOfTheUpdateThatAResetFollows() throws IOException {
    assertThat(sentence("ema.decay=0.9", "reset.every=10"))
        .isEqualTo(
            "average: decay 0.9 at every training step, reset every 10 updates: then 34.9 % of it"
                + " is the initial policy");
  }

  @Test
  void countsOnToTheEndOfTheStepThatTheResetWaitsFor() throws IOException {
    // 4 epochs of 2 minibatches: the 10th update is the 2nd of a step.
    assertThat(sentence("ema.decay=0.9", "reset.every=10", "ema.update-every=optimizer-step"))
        .endsWith("reset every 16 updates: then 18.5 % of it is the initial policy");
    assertThat(sentence("ema.decay=0.9", "reset.every=10", "ema.update-every=ppo-epoch"))
        .endsWith("reset every 12 updates: then 28.2 % of it is the initial policy");
  }

  @Test
  void saysWhatIsHandedOverWhereItIsNotThePolicy() throws IOException {
    assertThat(sentence("deliver=average", "reset.trigger=on-request"))
        .isEqualTo(
            "average: decay 0.85 at every training step, reset: on request;"
                + " evaluated and handed over is the average");
  }
}
