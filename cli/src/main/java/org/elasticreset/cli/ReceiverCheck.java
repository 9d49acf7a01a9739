package org.elasticreset.cli;

import java.nio.file.Path;
import org.elasticreset.cli.RunConfig.ReceiverConfig;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.model.text.PromptText;
import org.jspecify.annotations.Nullable;

/** What must hold for a game of two players, before anything of it starts. */
final class ReceiverCheck {
  private ReceiverCheck() {}

  /**
   * Checks the second player against the run, if there is one.
   *
   * @throws InvalidInputException naming the first setting that cannot work
   */
  static void check(RunConfig config) {
    ReceiverConfig receiver = config.receiver();
    boolean scores =
        config.reward().scorers().values().stream()
                .anyMatch(scorer -> scorer instanceof ScorerConfig.Receiver)
            || config.reward().judge() instanceof ScorerConfig.Receiver;
    if (receiver == null) {
      if (scores) {
        throw InvalidInputException.of(
            "receiver.model", "missing", "a model, since a scorer is of type receiver");
      }
      return;
    }
    inStep(config);
    model(receiver);
    lengths(config, receiver);
    references("prompts", config.prompts(), receiver.reference());
    references("evaluation.prompts", config.evaluation().prompts(), receiver.reference());
    references("evaluation.prompts", config.evaluation().prompts(), receiver.driftReference());
  }

  /** A step of the game has one policy of each player. */
  private static void inStep(RunConfig config) {
    if (config.maxStaleness() != 0) {
      throw InvalidInputException.of(
          "max-staleness", config.maxStaleness(), "0, since there is a receiver to wait for");
    }
    if (config.checkpoint().every() != 1) {
      throw InvalidInputException.of(
          "checkpoint.every",
          config.checkpoint().every(),
          "1, since sender and receiver never go back without each other");
    }
  }

  private static void model(ReceiverConfig receiver) {
    PolicyDirectory model = PolicyDirectory.open("receiver.model", receiver.model());
    if (model.config().endTokens().isEmpty()) {
      throw InvalidInputException.of(
          "receiver.model", receiver.model(), "a model whose config.json names an eos_token_id");
    }
    int tokens = receiver.maxPromptTokens() + receiver.maxNewTokens();
    if (tokens > model.config().positions()) {
      throw InvalidInputException.of(
          "receiver.max-new-tokens",
          receiver.maxNewTokens(),
          "max-prompt-tokens + max-new-tokens <= "
              + model.config().positions()
              + ", the positions of the receiver; they are "
              + tokens);
    }
    try {
      new PromptTemplate(receiver.template());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("receiver." + e.getMessage());
    }
  }

  private static void lengths(RunConfig config, ReceiverConfig receiver) {
    int minibatch = ReceiverServices.minibatchSize(config, receiver);
    if (config.rollout().perStep() % minibatch != 0) {
      throw InvalidInputException.of(
          "receiver.minibatch-size",
          minibatch,
          "a divisor of rollout.per-step, " + config.rollout().perStep());
    }
  }

  private static void references(String key, Path file, @Nullable String reference) {
    if (reference == null) {
      return;
    }
    for (PromptText prompt : InputTexts.prompts(key, file)) {
      if (!prompt.references().containsKey(reference)) {
        throw InvalidInputException.of(
            key,
            file,
            "a reference named %s beside every prompt, as columns of a .tsv or fields of a .jsonl file have them"
                .formatted(reference));
      }
    }
  }
}
