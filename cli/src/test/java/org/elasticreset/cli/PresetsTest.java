package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.cli.RunConfig.LoraConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The presets that are shipped, as {@code run} reads them. */
class PresetsTest {
  private static final Installation SHIPPED =
      new Installation(Path.of("..").toAbsolutePath().normalize());

  @TempDir private Path root;
  private InstallationFixture user;

  @BeforeEach
  void writeWhatAUserHas() throws IOException {
    user = InstallationFixture.create(root);
    user.model(
        "models/long",
        InstallationFixture.GPT.formatted("\"eos_token_id\": 0").replace("128", "1024"));
    user.model("models/reward", "{\"id2label\": {\"0\": \"LABEL_0\"}}");
  }

  private RunConfig read(String preset, String... assignments) {
    RunConfig config =
        new RunConfigSources(preset, null, List.of(assignments), null, null, null, false, null)
            .read(SHIPPED, user.models());
    Preflight.check(config);
    return config;
  }

  @Test
  void movieSentimentNeedsNothing() {
    assertThat(read("movie-sentiment").lora()).isNull();
  }

  @Test
  void stackExchangeSmallNeedsNothing() {
    RunConfig config = read("stack-exchange-small");

    assertThat(config.lora()).isNotNull();
    assertThat(config.reset().every()).isEqualTo(12 * config.ppo().epochs());
    assertThat(config.kl().target()).isPositive();
  }

  @Test
  void imdbNeedsAPolicy() {
    assertThatThrownBy(() -> read("imdb")).hasMessageStartingWith("policy: missing (expected: ");

    RunConfig config = read("imdb", "policy=" + root.resolve("models/gpt"));

    assertThat(config.steps()).isEqualTo(50);
    assertThat(config.reset().every()).isEqualTo(17);
    assertThat(config.ema().decay()).isEqualTo(0.995);
  }

  @Test
  void imdbHasTheValueLossAndTheKlControlOfTheAuthorsTrainer() {
    RunConfig config = read("imdb", "policy=" + root.resolve("models/gpt"));

    // Their 0.5 is of the squared error, ours of half of it; and nothing clips their values.
    assertThat(config.ppo().valueCoefficient()).isEqualTo(2 * 0.5);
    assertThat(config.ppo().valueClipRange()).isGreaterThan(100);
    // Theirs aims at 1 nat a token, and moves by a tenth of the error once a step.
    assertThat(config.kl().target()).isEqualTo(1.0 * config.sampling().maxNewTokens());
    assertThat(config.rollout().perStep() / (double) config.kl().horizon()).isEqualTo(0.1);
  }

  @Test
  void stackExchangeNeedsWhatItCannotShip() {
    String policy = "policy=" + root.resolve("models/long");
    String prompts = "prompts=" + root.resolve("presets/movies/prompts.txt");
    String heldOut = "evaluation.prompts=" + root.resolve("presets/movies/held-out.txt");
    assertThatThrownBy(() -> read("stack-exchange"))
        .hasMessageStartingWith("policy: missing (expected: ");
    assertThatThrownBy(() -> read("stack-exchange", policy))
        .hasMessageStartingWith("prompts: missing (expected: ");
    assertThatThrownBy(() -> read("stack-exchange", policy, prompts, heldOut))
        .hasMessageStartingWith("reward.scorers.answer.model: missing (expected: ");

    RunConfig config =
        read(
            "stack-exchange",
            policy,
            prompts,
            heldOut,
            "reward.scorers.answer.model=" + root.resolve("models/reward"));

    assertThat(config.lora()).isEqualTo(new LoraConfig(16, 32.0, 0.05, null));
    assertThat(config.ppo().valueCoefficient()).isEqualTo(0.1);
    assertThat(config.ppo().minibatchSize()).isEqualTo(8);
    assertThat(config.ppo().maxGradientNorm()).isGreaterThan(100);
    assertThat(config.steps() * config.ppo().epochs() / config.reset().every()).isEqualTo(2);
  }

  /** Each of its arms is checked, as before the first run. */
  @ParameterizedTest
  @ValueSource(strings = {"compare movie-sentiment.yaml", "sweep movie-sentiment-sweep.yaml"})
  void shippedExperimentsResolve(String commandAndFile) {
    String[] words = commandAndFile.split(" ");
    Path file = SHIPPED.root().resolve("experiments").resolve(words[1]);
    String formerHome = System.getProperty("elastic-reset.home", "");
    System.setProperty("elastic-reset.home", SHIPPED.root().toString());
    try {
      assertThat(
              ElasticResetCommand.execute(
                  words[0],
                  file.toString(),
                  "--output",
                  root.resolve("out").toString(),
                  "--seeds",
                  "1",
                  "--dry-run"))
          .isZero();
    } finally {
      System.setProperty("elastic-reset.home", formerHome);
    }
  }
}
