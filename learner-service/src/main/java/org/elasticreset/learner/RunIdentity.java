package org.elasticreset.learner;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.model.text.PromptText;

/** What the ids of a run's work stand for: a run goes on only with the same. */
final class RunIdentity {

  private RunIdentity() {}

  /** By setting. Steps, learning rate and the like may change: they change what follows only. */
  static Map<String, String> of(
      LearnerConfig config,
      List<PromptText> prompts,
      List<PromptText> evaluationPrompts,
      String initialPolicy) {
    return Map.of(
        // A checkpoint without them has no student or mask to go on with; as before there were any.
        "iterated-learning",
        config.iteratedLearning().isPresent() ? "on" : "",
        "nlpo",
        config.nlpo().isPresent() ? "on" : "",
        "seed",
        String.valueOf(config.seed()),
        "rollouts-per-step",
        rollouts(config),
        "generation-batch-size",
        String.valueOf(config.generationBatchSize()),
        "prompts",
        "SHA-256 " + sha256(prompts),
        "evaluation.prompts",
        "SHA-256 " + sha256(evaluationPrompts),
        "model",
        initialPolicy);
  }

  /** A prompt without references by its text alone, as before there were any. */
  private static String line(PromptText prompt) {
    return prompt.references().isEmpty() ? prompt.text() : prompt.toString();
  }

  private static String rollouts(LearnerConfig config) {
    return config.samplesPerPrompt() == 1
        ? String.valueOf(config.rolloutsPerStep())
        : "%d, %d a prompt".formatted(config.rolloutsPerStep(), config.samplesPerPrompt());
  }

  private static String sha256(List<PromptText> prompts) {
    return Sha256.of(prompts.stream().map(RunIdentity::line).collect(Collectors.joining("\n")));
  }
}
