package org.elasticreset.cli;

import java.nio.file.Files;
import org.elasticreset.cli.ab.Arm;

/** Refuses an experiment that cannot work before anything of it starts. */
final class AbPreflight {
  private AbPreflight() {}

  /**
   * Looks at policies, scorers and files.
   *
   * @throws InvalidInputException naming the first setting that cannot be
   */
  static void check(AbSettings settings) {
    PolicyDirectory a = policy(settings, Arm.A);
    PolicyDirectory b = policy(settings, Arm.B);
    if (settings.initial() != null) {
      requireOneVocabulary(a, b, PolicyDirectory.open("initial", settings.initial()));
    }
    settings
        .reward()
        .scorers()
        .forEach((name, scorer) -> Preflight.checkScorer("reward.scorers." + name, scorer));
    if (settings.reward().judge() != null) {
      Preflight.checkScorer("reward.judge", settings.reward().judge());
    }
    if (settings.requests() != null && !Files.isReadable(settings.requests())) {
      throw InvalidInputException.of("requests", settings.requests(), "a file of prompts");
    }
  }

  private static PolicyDirectory policy(AbSettings settings, Arm arm) {
    PolicyDirectory policy =
        PolicyDirectory.open(arm.id(), arm == Arm.A ? settings.a() : settings.b());
    int tokens = settings.sampling().maxPromptTokens() + settings.sampling().maxNewTokens();
    if (tokens > policy.config().positions()) {
      throw InvalidInputException.of(
          "sampling.max-new-tokens",
          settings.sampling().maxNewTokens(),
          "max-prompt-tokens + max-new-tokens <= %d, the positions of %s; they are %d"
              .formatted(policy.config().positions(), arm.id(), tokens));
    }
    if (settings.chat() && !policy.hasChatTemplate()) {
      throw InvalidInputException.of(
          "chat", true, "false, for " + arm.id() + " has no chat template");
    }
    return policy;
  }

  private static void requireOneVocabulary(
      PolicyDirectory a, PolicyDirectory b, PolicyDirectory initial) {
    int tokens = initial.config().vocabularySize();
    if (a.config().vocabularySize() != tokens || b.config().vocabularySize() != tokens) {
      throw InvalidInputException.of(
          "initial",
          tokens + " tokens",
          "those of a and b, %d and %d"
              .formatted(a.config().vocabularySize(), b.config().vocabularySize()));
    }
  }
}
