package org.elasticreset.learner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.model.Precision;

/** Says what is wrong with the settings: each time the key, the value and what was expected. */
final class LearnerConfigCheck {

  private final List<String> problems = new ArrayList<>();

  private LearnerConfigCheck() {}

  /** Refuses settings with which a run could not end well. */
  static void check(LearnerConfig config) {
    List<String> problems = problems(config);
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(String.join("; ", problems));
    }
  }

  /** Refuses sampling that the policy cannot do. */
  static void checkFits(LearnerConfig config, TrainedPolicy policy) {
    LearnerConfigCheck check = new LearnerConfigCheck();
    LearnerConfig.Sampling sampling = config.sampling();
    check.expect(
        sampling.maxPromptTokens() + sampling.maxNewTokens() <= policy.positions(),
        "sampling.max-new-tokens",
        sampling.maxNewTokens(),
        "at most %d, the positions of the model, together with max-prompt-tokens %d"
            .formatted(policy.positions(), sampling.maxPromptTokens()));
    check.expect(
        !sampling.stopAtEos() || !policy.endTokens().isEmpty(),
        "sampling.stop-at-eos",
        sampling.stopAtEos(),
        "false, for config.json in %s names no eos_token_id".formatted(config.model()));
    if (!check.problems.isEmpty()) {
      throw new InvalidSettingsException(String.join("; ", check.problems));
    }
  }

  /** Everything that is wrong; empty if nothing is. */
  static List<String> problems(LearnerConfig config) {
    LearnerConfigCheck check = new LearnerConfigCheck();
    check.run(config);
    check.model(config);
    check.sampling(config.sampling());
    check.evaluation(config.evaluation());
    check.ppo(config);
    check.kl(config);
    check.objective(config);
    check.sender(config);
    check.regularisers(config);
    return List.copyOf(check.problems);
  }

  private void run(LearnerConfig config) {
    expect(
        config.runId().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
        "run-id",
        config.runId(),
        "letters, digits, '.', '_' or '-'");
    expect(
        config.emaService().matches("[^:\\s]+:\\d{1,5}"),
        "ema-service",
        config.emaService(),
        "host:port");
    atLeast(1, "threads", config.threads());
    atLeast(1, "steps", config.steps());
    atLeast(1, "rollouts-per-step", config.rolloutsPerStep());
    atLeast(1, "generation-batch-size", config.generationBatchSize());
    expect(
        config.generationBatchSize() < 1
            || config.rolloutsPerStep() % config.generationBatchSize() == 0,
        "rollouts-per-step",
        config.rolloutsPerStep(),
        "a multiple of generation-batch-size " + config.generationBatchSize());
    atLeast(0, "max-staleness", config.maxStaleness());
    positive("reissue-after", config.reissueAfter());
    positive("ema-service-timeout", config.emaServiceTimeout());
    files("prompts", config.prompts());
    atLeast(1, "checkpoint.every", config.checkpoint().every());
    atLeast(2, "checkpoint.keep", config.checkpoint().keep());
    positive("checkpoint.max-age", config.checkpoint().maxAge());
  }

  private void model(LearnerConfig config) {
    config
        .simulated()
        .ifPresentOrElse(
            simulated -> problems.addAll(SimulatedConfigCheck.problems(config, simulated)),
            () ->
                expect(
                    Files.isDirectory(config.model()),
                    "model",
                    config.model(),
                    "an existing directory"));
    expect(
        config.baseWeights() == Precision.FLOAT32 || config.lora().isPresent(),
        "base-weights",
        "bfloat16",
        "float32 where no learner.lora.rank is set, for weights are trained in float32");
    expect(
        config.device().matches("auto|cpu|cuda:\\d+"),
        "device",
        config.device(),
        "auto, cpu or cuda:n");
    config
        .lora()
        .ifPresent(
            lora -> {
              atLeast(1, "lora.rank", lora.rank());
              lora.alpha().ifPresent(alpha -> positive("lora.alpha", alpha));
              double dropout = lora.dropout().orElse(0);
              expect(dropout >= 0 && dropout < 1, "lora.dropout", dropout, "0 <= dropout < 1");
            });
  }

  private void sampling(LearnerConfig.Sampling sampling) {
    positive("sampling.temperature", sampling.temperature());
    atLeast(0, "sampling.top-k", sampling.topK());
    expect(
        sampling.topP() > 0 && sampling.topP() <= 1,
        "sampling.top-p",
        sampling.topP(),
        "0 < top-p <= 1");
    atLeast(1, "sampling.max-new-tokens", sampling.maxNewTokens());
    atLeast(1, "sampling.max-prompt-tokens", sampling.maxPromptTokens());
  }

  private void evaluation(LearnerConfig.Evaluation evaluation) {
    atLeast(1, "evaluation.every", evaluation.every());
    evaluation.prompts().ifPresent(paths -> files("evaluation.prompts", paths));
    evaluation.humanText().ifPresent(paths -> files("evaluation.human-text", paths));
  }

  private void ppo(LearnerConfig config) {
    PpoConfig ppo = config.ppo();
    atLeast(1, "ppo.epochs", ppo.epochs());
    atLeast(1, "ppo.minibatch-size", ppo.minibatchSize());
    atLeast(1, "ppo.micro-batch-size", ppo.microBatchSize());
    expect(
        ppo.minibatchSize() < 1 || config.rolloutsPerStep() % ppo.minibatchSize() == 0,
        "ppo.minibatch-size",
        ppo.minibatchSize(),
        "a divisor of rollouts-per-step " + config.rolloutsPerStep());
    expect(
        ppo.microBatchSize() < 1 || ppo.minibatchSize() % ppo.microBatchSize() == 0,
        "ppo.micro-batch-size",
        ppo.microBatchSize(),
        "a divisor of ppo.minibatch-size " + ppo.minibatchSize());
    positive("ppo.learning-rate", ppo.learningRate());
    atLeast(0, "ppo.warm-up-steps", ppo.warmUpSteps());
    expect(
        ppo.clipRange() > 0 && ppo.clipRange() < 1,
        "ppo.clip-range",
        ppo.clipRange(),
        "0 < clip-range < 1");
    positive("ppo.value-clip-range", ppo.valueClipRange());
    notNegative("ppo.value-coefficient", ppo.valueCoefficient());
    notNegative("ppo.entropy-coefficient", ppo.entropyCoefficient());
    share("ppo.discount", ppo.discount());
    share("ppo.gae-lambda", ppo.gaeLambda());
    positive("ppo.max-gradient-norm", ppo.maxGradientNorm());
    notNegative("ppo.weight-decay", ppo.weightDecay());
  }

  private void kl(LearnerConfig config) {
    LearnerConfig.Kl kl = config.kl();
    notNegative("kl.coefficient", kl.coefficient());
    atLeast(1, "kl.horizon", kl.horizon());
    kl.target()
        .ifPresent(
            target -> {
              positive("kl.target", target);
              expect(
                  kl.coefficient() > 0,
                  "kl.coefficient",
                  kl.coefficient(),
                  "> 0 where kl.target is set, which adapts it");
              expect(
                  kl.horizon() > config.rolloutsPerStep() / 5,
                  "kl.horizon",
                  kl.horizon(),
                  "more than a fifth of rollouts-per-step " + config.rolloutsPerStep());
            });
  }

  private void objective(LearnerConfig config) {
    Algorithm algorithm = config.algorithm();
    int samples = config.samplesPerPrompt();
    int least = algorithm.comparesWithinPrompts() ? 2 : 1;
    atLeast(least, "samples-per-prompt", samples);
    expect(
        samples < 1 || config.rolloutsPerStep() % samples == 0,
        "samples-per-prompt",
        samples,
        "a divisor of rollouts-per-step " + config.rolloutsPerStep());
    double decay = config.reinforce().baselineDecay();
    expect(decay >= 0 && decay < 1, "reinforce.baseline-decay", decay, "0 <= baseline-decay < 1");
    if (algorithm.needsOwnTokens()) {
      String why = " for " + algorithm + ", whose gradient is of rollouts of the policy itself";
      expect(config.ppo().epochs() == 1, "ppo.epochs", config.ppo().epochs(), "1" + why);
      expect(
          config.ppo().minibatchSize() == config.rolloutsPerStep(),
          "ppo.minibatch-size",
          config.ppo().minibatchSize(),
          "rollouts-per-step " + config.rolloutsPerStep() + why);
    }
    Objective objective = new Objective(config);
    expect(
        objective.klIn() == LearnerConfig.KlIn.REWARD || objective.klEstimator() == KlEstimator.K3,
        "kl.estimator",
        "k1",
        "k3 in the loss, where the gradient of k1 pulls nowhere; or kl.in: reward");
  }

  private void sender(LearnerConfig config) {
    boolean supervised = config.algorithm() == Algorithm.SUPERVISED;
    expect(
        supervised == config.sender().isPresent(),
        "algorithm",
        config.algorithm(),
        supervised
            ? "another than supervised, for learner.sender names nobody to learn from"
            : "supervised, for learner.sender names whom to learn from");
    if (supervised) {
      String why = ", for sender and receiver are trained a step at a time";
      expect(config.maxStaleness() == 0, "max-staleness", config.maxStaleness(), "0" + why);
      expect(
          config.checkpoint().every() == 1,
          "checkpoint.every",
          config.checkpoint().every(),
          "1" + why);
    }
    config
        .sender()
        .ifPresent(
            sender ->
                expect(
                    sender.template().split("\\{prompt}", -1).length == 2,
                    "sender.template",
                    sender.template(),
                    "{prompt} in it, once"));
  }

  private void regularisers(LearnerConfig config) {
    notNegative("pull-to-initial", config.pullToInitial());
    config
        .iteratedLearning()
        .ifPresent(
            settings -> {
              atLeast(2, "iterated-learning.every", settings.every());
              atLeast(1, "iterated-learning.epochs", settings.epochs());
              positive("iterated-learning.learning-rate", settings.learningRate());
              synchronous(config, "iterated-learning, which imitates the newest policy");
            });
    config
        .nlpo()
        .ifPresent(
            nlpo -> {
              expect(
                  nlpo.topP() > 0 && nlpo.topP() <= 1, "nlpo.top-p", nlpo.topP(), "0 < top-p <= 1");
              atLeast(1, "nlpo.update-every", nlpo.updateEvery());
              synchronous(config, "nlpo, whose mask is that of the newest steps");
            });
    config
        .rehearsal()
        .ifPresent(
            rehearsal -> {
              positive("rehearsal.coefficient", rehearsal.coefficient());
              atLeast(1, "rehearsal.batch-size", rehearsal.batchSize());
              files("rehearsal.texts", rehearsal.texts());
              List<Path> held = config.evaluation().humanText().orElse(List.of());
              for (Path path : rehearsal.texts()) {
                expect(
                    held.stream().noneMatch(text -> isSame(path, text)),
                    "rehearsal.texts",
                    path,
                    "another file than evaluation.human-text, whose perplexity says nothing once it"
                        + " is trained on");
              }
            });
  }

  private void synchronous(LearnerConfig config, String with) {
    expect(config.maxStaleness() == 0, "max-staleness", config.maxStaleness(), "0 with " + with);
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) {
      // One of them is missing, which is said of it.
      return false;
    }
  }

  private void files(String key, List<Path> paths) {
    expect(!paths.isEmpty(), key, "(empty)", "at least one text file");
    for (Path path : paths) {
      expect(Files.isRegularFile(path), key, path, "an existing text file");
    }
  }

  private void atLeast(int least, String key, int value) {
    expect(value >= least, key, value, ">= " + least);
  }

  private void positive(String key, double value) {
    expect(Double.isFinite(value) && value > 0, key, value, "> 0");
  }

  private void positive(String key, Duration value) {
    expect(value.toMillis() > 0, key, value, "at least a millisecond, like 60s");
  }

  private void notNegative(String key, double value) {
    expect(Double.isFinite(value) && value >= 0, key, value, ">= 0");
  }

  private void share(String key, double value) {
    expect(value >= 0 && value <= 1, key, value, "0 to 1");
  }

  private void expect(boolean holds, String key, Object value, String expectation) {
    if (!holds) {
      problems.add("learner." + key + ": " + value + " (expected: " + expectation + ")");
    }
  }
}
