package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.smallrye.config.WithDefault;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnerConfigTest {

  @TempDir Path directory;

  @Test
  void settingsOfASmallRunAreAccepted() {
    assertThat(LearnerConfigCheck.problems(TestConfig.in(directory))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rollouts-per-step | 5 | learner.rollouts-per-step: 5 (expected: a multiple of"
            + " generation-batch-size 2)",
        "ppo.minibatch-size | 3 | learner.ppo.minibatch-size: 3 (expected: a divisor of"
            + " rollouts-per-step 4)",
        "ppo.micro-batch-size | 4 | learner.ppo.micro-batch-size: 4 (expected: a divisor of"
            + " ppo.minibatch-size 2)",
        "ppo.clip-range | 1.5 | learner.ppo.clip-range: 1.5 (expected: 0 < clip-range < 1)",
        "sampling.temperature | 0 | learner.sampling.temperature: 0.0 (expected: > 0)",
        "sampling.top-p | 1.5 | learner.sampling.top-p: 1.5 (expected: 0 < top-p <= 1)",
        "max-staleness | -1 | learner.max-staleness: -1 (expected: >= 0)",
        "steps | 0 | learner.steps: 0 (expected: >= 1)",
        "model | /nowhere | learner.model: /nowhere (expected: an existing directory)",
        "base-weights | bfloat16 | learner.base-weights: bfloat16 (expected: float32 where no"
            + " learner.lora.rank is set, for weights are trained in float32)",
        "device | tpu | learner.device: tpu (expected: auto, cpu or cuda:n)",
        "lora.rank | 0 | learner.lora.rank: 0 (expected: >= 1)",
        "prompts | /nowhere | learner.prompts: /nowhere (expected: an existing text file)",
        "ema-service | localhost | learner.ema-service: localhost (expected: host:port)",
        "max-staleness | -1 | learner.max-staleness: -1 (expected: >= 0)",
        "pull-to-initial | -1 | learner.pull-to-initial: -1.0 (expected: >= 0)",
        "algorithm | rloo | learner.samples-per-prompt: 1 (expected: >= 2)",
        "samples-per-prompt | 3 | learner.samples-per-prompt: 3 (expected: a divisor of"
            + " rollouts-per-step 4)",
        "algorithm | reinforce | learner.ppo.epochs: 2 (expected: 1 for REINFORCE, whose gradient"
            + " is of rollouts of the policy itself)",
        "algorithm | rloo | learner.ppo.minibatch-size: 2 (expected: rollouts-per-step 4 for RLOO,"
            + " whose gradient is of rollouts of the policy itself)",
        "reinforce.baseline-decay | 1 | learner.reinforce.baseline-decay: 1.0 (expected: 0 <="
            + " baseline-decay < 1)",
        "kl.target | 1.0 | learner.kl.coefficient: 0.0 (expected: > 0 where kl.target is set, which"
            + " adapts it)",
      })
  void problemIsNamedWithKeyValueAndExpectation(String key, String value, String problem) {
    LearnerConfig config = TestConfig.in(directory, key, value);

    assertThat(LearnerConfigCheck.problems(config)).contains(problem);
    assertThatThrownBy(() -> LearnerConfigCheck.check(config))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void divergenceWhoseGradientPullsNowhereIsRefusedInTheLoss() {
    LearnerConfig config = TestConfig.in(directory, "kl.in", "loss", "kl.estimator", "k1");

    assertThat(LearnerConfigCheck.problems(config))
        .containsExactly(
            "learner.kl.estimator: k1 (expected: k3 in the loss, where the gradient of k1 pulls"
                + " nowhere; or kl.in: reward)");
    assertThat(
            LearnerConfigCheck.problems(
                TestConfig.in(directory, "kl.in", "reward", "kl.estimator", "k3")))
        .isEmpty();
  }

  @Test
  void adaptersAreThereWhereTheirRankIs() {
    assertThat(TestConfig.in(directory).lora()).isEmpty();

    LearnerConfig config =
        TestConfig.in(
            directory, "lora.rank", "8", "base-weights", "bfloat16", "precision", "bfloat16");

    assertThat(LearnerConfigCheck.problems(config)).isEmpty();
    assertThat(config.lora()).map(LoraConfig::rank).contains(8);
    assertThat(config.precision()).isEqualTo(Precision.BFLOAT16);
    assertThat(config.modelName()).isEqualTo(config.model().toString());
  }

  @ParameterizedTest
  @CsvSource({"ppo", "sampling", "kl", "reinforce"})
  void whoeverStartsTheServiceGetsTheDefaultsOfTheLauncher(String section) throws Exception {
    var ofTheLauncher =
        new YAMLMapper()
            .readTree(Path.of("..", "cli/src/main/resources/run-defaults.yaml").toFile())
            .path(section);
    Class<?> type = LearnerConfig.class.getMethod(section).getReturnType();

    for (Method setting : type.getMethods()) {
      var here = setting.getAnnotation(WithDefault.class);
      if (here != null) {
        var there = ofTheLauncher.path(StringUtil.skewer(setting.getName())).asText();
        assertThat(plain(here.value())).as(setting.getName()).isEqualTo(plain(there));
      }
    }
  }

  /** 1e-4 and 1.0E-4 are one number. */
  private static String plain(String value) {
    return value.matches("-?[0-9].*")
        ? new BigDecimal(value).stripTrailingZeros().toPlainString()
        : value;
  }

  @Test
  void unknownKeyIsRefusedByName() {
    Map<String, String> properties = TestConfig.properties(directory);
    properties.put("learner.decay", "0.99");

    assertThatThrownBy(() -> TestConfig.of(properties)).hasMessageContaining("learner.decay");
  }

  @Test
  void samplingThatThePolicyCannotDoIsRefused() {
    assertThatThrownBy(
            () ->
                LearnerConfigCheck.checkFits(
                    TestConfig.in(directory, "sampling.max-new-tokens", "9"), new FakePolicy()))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "learner.sampling.max-new-tokens: 9 (expected: at most 16, the positions of the model,"
                + " together with max-prompt-tokens 8)");
  }

  @Test
  void stoppingAtAnEndThatTheModelDoesNotNameIsRefused() {
    FakePolicy endless = new FakePolicy();
    endless.endTokens = List.of();

    assertThatThrownBy(
            () ->
                LearnerConfigCheck.checkFits(
                    TestConfig.in(directory, "sampling.stop-at-eos", "true"), endless))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("learner.sampling.stop-at-eos: true (expected: false");
  }

  @Test
  void adaptiveCoefficientThatCouldFallToZeroIsRefused() {
    LearnerConfig config =
        TestConfig.in(
            directory,
            "kl.coefficient",
            "0.1",
            "kl.target",
            "6",
            "kl.horizon",
            "10",
            "rollouts-per-step",
            "64");

    assertThat(LearnerConfigCheck.problems(config))
        .containsExactly(
            "learner.kl.horizon: 10 (expected: more than a fifth of rollouts-per-step 64)");
  }

  @Test
  void fileWithoutATextIsRefusedByName() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.txt"), "# nothing\n\n");

    assertThatThrownBy(() -> TextLines.read("prompts", List.of(empty)))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage("learner.prompts: " + empty + " (expected: at least one line of text)");
  }
}
