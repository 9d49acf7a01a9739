package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.elasticreset.cli.RunConfig.ScorerConfig.Classifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedModelsTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String OTHER = "f".repeat(40);

  @TempDir Path root;

  private InstallationFixture fixture;

  @BeforeEach
  void installWithModelsInTheCache() throws IOException {
    fixture = InstallationFixture.create(root);
    fixture.write("hub/models--gpt2/refs/main", COMMIT);
    fixture.model(
        "hub/models--gpt2/snapshots/" + COMMIT,
        InstallationFixture.GPT.formatted("\"eos_token_id\": 0"));
    fixture.model(
        "hub/models--org--judge/snapshots/" + OTHER,
        "{\"id2label\": {\"0\": \"NEGATIVE\", \"1\": \"POSITIVE\"}}");
  }

  @Test
  void namesOfTheHubBecomeDirectories() {
    RunConfig config =
        fixture.resolve(
            "policy=gpt2",
            "reward.judge.model=org/judge@" + OTHER,
            "reward.scorers.sentiment.model=org/judge@" + OTHER);

    Path judge = root.resolve("hub/models--org--judge/snapshots").resolve(OTHER);
    assertThat(config.policy()).isEqualTo(root.resolve("hub/models--gpt2/snapshots/" + COMMIT));
    assertThat(config.reward().judge()).isEqualTo(new Classifier(judge, "POSITIVE", null, 1));
    assertThat(config.reward().scorers())
        .containsEntry("sentiment", new Classifier(judge, "POSITIVE", null, 1));
  }

  @Test
  void aDirectoryBesideTheRunFileWinsOverTheHub() throws IOException {
    fixture.model("user/gpt2", InstallationFixture.GPT.formatted("\"eos_token_id\": 0"));

    assertThat(fixture.resolveFile("policy: gpt2").policy()).isEqualTo(root.resolve("user/gpt2"));
  }

  @Test
  void aModelThatCannotBeHadIsRefusedWithItsSetting() {
    assertThatThrownBy(() -> fixture.resolve("policy=org/unknown"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "policy: org/unknown: no directory here; the Hub is off (HF_HUB_OFFLINE), and the cache lacks all of it");
  }

  @Test
  void nothingIsFetchedForARunThatCannotStart() {
    assertThatThrownBy(() -> fixture.resolve("policy=org/unknown", "ema.decay=2"))
        .hasMessageStartingWith("ema.decay: 2");
  }

  @Test
  void aPathIsNoNameOfTheHub() {
    assertThatThrownBy(() -> fixture.resolve("policy=./gpt2"))
        .hasMessageContaining("(expected: a model directory; it does not exist)");
  }

  @Test
  void recordedSettingsNameTheCommit() throws IOException {
    RunConfig config = fixture.resolve("policy=gpt2");

    assertThat(SettingsText.yaml(config)).contains("snapshots/" + COMMIT);
    assertThat(fixture.resolveFile(SettingsText.yaml(config))).isEqualTo(config);
  }

  @Test
  void aRunOfDirectoriesDoesNotCareAboutTheHub() {
    NamedModels broken = fixture.models(Map.of("HF_ENDPOINT", "nonsense"));

    assertThat(broken.directory("policy", "models/gpt", root))
        .isEqualTo(root.resolve("models/gpt"));
    assertThatThrownBy(() -> broken.directory("policy", "gpt2", root))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("policy: HF_ENDPOINT: not an address");
  }
}
