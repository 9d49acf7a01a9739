package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reward model that learns from people, in a run file. */
class LearnTest {
  private static final Ports PORTS =
      new Ports("127.0.0.1:1", 2, 3, 4, 5, List.of(6, 7), Ports.OfReceiver.NONE);

  @TempDir private Path root;
  private InstallationFixture fixture;

  @BeforeEach
  void setUp() throws IOException {
    fixture = InstallationFixture.create(root);
  }

  private RunConfig resolve(String... more) {
    List<String> assignments =
        new ArrayList<>(
            List.of(
                "raters.enabled=true",
                "rollout.samples-per-prompt=2",
                "reward.scorers.people.type=learned",
                "raters.learn.model=" + root.resolve("models/gpt")));
    assignments.addAll(List.of(more));
    return fixture.resolve(assignments.toArray(String[]::new));
  }

  @Test
  void theRewardServiceTrainsInTheDirectoryOfTheRun() throws IOException {
    RunConfig config = resolve("raters.learn.every-pairs=40", "reward.scorers.people.output=logit");
    RunDirectory run = new RunDirectory(root.resolve("run"));

    assertThat(ServiceSettings.rewardService(config, run, PORTS).properties())
        .containsEntry("reward.scorers.people.type", "learned")
        .containsEntry("reward.scorers.people.output", "logit")
        .containsEntry("reward.scorers.people.weight", "1.0")
        .containsEntry("reward.raters.learn.enabled", "true")
        .containsEntry("reward.raters.learn.base", root.resolve("models/gpt").toString())
        .containsEntry("reward.raters.learn.directory", run.path() + "/reward-models")
        .containsEntry("reward.raters.learn.every-pairs", "40")
        .containsEntry("reward.raters.learn.at-most-every", "PT5M")
        .containsEntry("reward.raters.learn.held-out", "0.2");
  }

  @Test
  void itIsOneOfTheFilesThatARunGoesOnWith() throws IOException {
    fixture.model("models/other", InstallationFixture.GPT.formatted("\"eos_token_id\": 0"));
    RunConfig config = resolve("raters.learn.model=" + root.resolve("models/other"));
    Path noted = root.resolve("inputs");
    RunInputs.note(config, noted);
    Files.writeString(root.resolve("models/other/config.json"), "{}");

    assertThatThrownBy(() -> RunInputs.requireUnchanged(noted))
        .hasMessageContaining("models/other/config.json");
  }

  @Test
  void whatCannotLearnIsRefused() {
    assertThatThrownBy(() -> fixture.resolve("reward.scorers.people.type=learned"))
        .hasMessage(
            "raters.enabled: false (expected: true, since a scorer is of type learned; or"
                + " --raters)");
    assertThatThrownBy(() -> resolve("raters.learn=null"))
        .hasMessage(
            "raters.learn.model: missing (expected: a model, since a scorer is of type learned)");
    assertThatThrownBy(
            () -> resolve("reward.scorers.people.type=regex", "reward.scorers.people.pattern=a"))
        .hasMessageContaining("a scorer of type learned in reward.scorers, or no learn");
    assertThatThrownBy(() -> resolve("raters.question=thumbs"))
        .hasMessageStartingWith("raters.question: thumbs (expected: order");
    assertThatThrownBy(() -> resolve("raters.learn.model=" + root.resolve("nowhere")))
        .hasMessageContaining("raters.learn.model");
  }

  @Test
  void aJudgeDoesNotLearnAndAClassifierOfSeveralLabelsIsNoBeginning() {
    assertThatThrownBy(() -> resolve("reward.judge=null", "reward.judge.type=learned"))
        .hasMessage(
            "reward.judge.type: learned (expected: another type, since nothing is trained on a"
                + " judge)");
    assertThatThrownBy(() -> resolve("raters.learn.model=" + root.resolve("models/classifier")))
        .hasMessageContaining(
            "a reward model of one label, or a decoder; it has NEGATIVE, POSITIVE");
  }
}
