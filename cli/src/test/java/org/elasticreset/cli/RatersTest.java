package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.cli.RaterKeys.Holder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatersTest {
  private static final Ports PORTS =
      new Ports("127.0.0.1:1", 2, 3, 4, 5, List.of(6, 7), Ports.OfReceiver.NONE);

  @TempDir private Path root;

  @Test
  void plainRunsHearNothingOfRaters() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve();
    RunDirectory run = new RunDirectory(root.resolve("run"));

    assertThat(ServiceSettings.rewardService(config, run, PORTS).properties().keySet())
        .noneMatch(key -> key.startsWith("reward.raters"));
    assertThat(ServiceSettings.learnerService(config, run, PORTS).properties())
        .containsEntry("learner.reissue-after", "PT1M");
  }

  @Test
  void rewardServiceAsksAndLearnerWaits() throws IOException {
    RunConfig config =
        InstallationFixture.create(root)
            .resolve(
                "raters.enabled=true",
                "raters.question=thumbs",
                "raters.share=0.25",
                "raters.judge-gap=0.4",
                "raters.fallback=answers-so-far",
                "raters.deadline=90s");
    RunDirectory run = new RunDirectory(root.resolve("run"));

    assertThat(ServiceSettings.rewardService(config, run, PORTS).properties())
        .containsEntry("reward.raters.enabled", "true")
        .containsEntry("reward.raters.question", "thumbs")
        .containsEntry("reward.raters.routing.share", "0.25")
        .containsEntry("reward.raters.routing.judge-gap", "0.4")
        .containsEntry("reward.raters.fallback", "answers-so-far")
        .containsEntry("reward.raters.deadline", "PT1M30S")
        .containsEntry("reward.raters.keys", run.path() + "/state/raters.keys")
        .doesNotContainKeys(
            "reward.raters.routing.disagreement", "reward.raters.weight-beside-models");
    assertThat(ServiceSettings.learnerService(config, run, PORTS).properties())
        .containsEntry("learner.reissue-after", "PT2M30S");
  }

  @Test
  void flagGivesPairsToChooseFrom() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);

    RunConfig config =
        new RunConfigSources("movie-sentiment", null, List.of(), null, null, null, false, "ann,ben")
            .read(new Installation(root), fixture.models());

    assertThat(config.raters().enabled()).isTrue();
    assertThat(config.raters().names()).containsExactly("ann", "ben");
    assertThat(config.rollout().samplesPerPrompt()).isEqualTo(2);
  }

  @Test
  void samplesThatTheSettingsHaveStay() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    List<String> four = List.of("rollout.samples-per-prompt=4");

    RunConfig config =
        new RunConfigSources("movie-sentiment", null, four, null, null, null, false, "ann")
            .read(new Installation(root), fixture.models());

    assertThat(config.rollout().samplesPerPrompt()).isEqualTo(4);
  }

  @Test
  void oneResponseCannotBeCompared() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);

    assertThatThrownBy(() -> fixture.resolve("raters.enabled=true"))
        .hasMessage(
            "rollout.samples-per-prompt: 1 (expected: at least 2, of which people say which is"
                + " better; or raters.question=thumbs)");
  }

  @Test
  void responsesToCompareAreInOneBatch() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);

    assertThatThrownBy(
            () ->
                fixture.resolve(
                    "raters.enabled=true",
                    "rollout.samples-per-prompt=3",
                    "rollout.per-step=48",
                    "ppo.minibatch-size=16",
                    "ppo.micro-batch-size=16"))
        .hasMessageContaining("rollout.batch-size: 16 (expected: a multiple of");
  }

  @Test
  void keysAreTheSameForARunThatGoesOn() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve("raters.names=ann,eve:operator");
    RunDirectory run = new RunDirectory(root.resolve("run"));
    run.createFolders();

    List<Holder> first = RaterKeys.of(config.raters(), run);
    List<Holder> again = RaterKeys.of(config.raters(), run);

    assertThat(again).isEqualTo(first);
    assertThat(first).extracting(Holder::name).containsExactly("ann", "eve");
    assertThat(first).extracting(Holder::role).containsExactly("rater", "operator");
    assertThat(Files.readAllLines(run.raterKeys()))
        .containsExactly(
            "ann rater " + Sha256.of(first.get(0).key()),
            "eve operator " + Sha256.of(first.get(1).key()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.raterSecrets())))
        .isEqualTo("rw-------");
  }

  /** {@code resume} after somebody changed the names in the run's settings. */
  @Test
  void whoIsNamedSinceHasAKeyAndWhoIsNotAnyMoreHasNone() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    RunDirectory run = new RunDirectory(root.resolve("run"));
    run.createFolders();
    List<Holder> first = RaterKeys.of(fixture.resolve("raters.names=ann,eve").raters(), run);

    List<Holder> later =
        RaterKeys.of(fixture.resolve("raters.names=ann,eve:operator,ben").raters(), run);

    assertThat(later).extracting(Holder::name).containsExactly("ann", "eve", "ben");
    assertThat(later.get(0)).isEqualTo(first.get(0));
    assertThat(later.get(1).key()).as("another role").isNotEqualTo(first.get(1).key());
    assertThat(Files.readAllLines(run.raterKeys()))
        .containsExactlyElementsOf(later.stream().map(Holder::line).toList());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.raterSecrets())))
        .isEqualTo("rw-------");
  }

  @Test
  void goldThatTheServiceCouldNotReadIsRefusedBeforeAnythingStarts() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    Path gold =
        Files.writeString(
            root.resolve("gold.jsonl"),
            "{\"prompt\": \"2?\", \"responses\": [\"4\", \"5\"], \"ranks\": [1]}\n");

    assertThatThrownBy(
            () ->
                fixture.resolve(
                    "raters.enabled=true", "raters.question=thumbs", "raters.gold=" + gold))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "raters.gold: %s line 1: ranks: 1 (expected: one for each of the 2 responses)", gold);
  }

  @Test
  void saysWhatANameIs() {
    assertThatThrownBy(() -> Holder.of("ann:boss"))
        .hasMessageContaining("raters.names: ann:boss (expected: a name of letters");
  }
}
