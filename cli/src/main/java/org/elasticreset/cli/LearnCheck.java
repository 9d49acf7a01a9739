package org.elasticreset.cli;

import java.util.List;
import org.elasticreset.cli.RatersConfig.LearnConfig;
import org.elasticreset.cli.RatersConfig.Question;
import org.elasticreset.cli.RunConfig.ScorerConfig;

/** What must hold for a reward model to learn from people, before anything starts. */
final class LearnCheck {
  private LearnCheck() {}

  /**
   * Checks what is said of the model against the run.
   *
   * @throws InvalidInputException naming the first setting that cannot work
   */
  static void check(RunConfig config) {
    if (config.reward().judge() instanceof ScorerConfig.Learned) {
      throw InvalidInputException.of(
          "reward.judge.type", "learned", "another type, since nothing is trained on a judge");
    }
    LearnConfig learn = config.raters().enabled() ? config.raters().learn() : null;
    boolean scores =
        config.reward().scorers().values().stream()
            .anyMatch(scorer -> scorer instanceof ScorerConfig.Learned);
    if (learn == null) {
      if (scores) {
        throw InvalidInputException.of(
            config.raters().enabled() ? "raters.learn.model" : "raters.enabled",
            config.raters().enabled() ? "missing" : "false",
            config.raters().enabled()
                ? "a model, since a scorer is of type learned"
                : "true, since a scorer is of type learned; or --raters");
      }
      return;
    }
    if (!scores) {
      throw InvalidInputException.of(
          "raters.learn", learn.model(), "a scorer of type learned in reward.scorers, or no learn");
    }
    if (config.raters().question() != Question.ORDER) {
      throw InvalidInputException.of(
          "raters.question",
          Settings.kebab(config.raters().question().name()),
          "order, since raters.learn learns which of two responses is better");
    }
    List<String> labels = RewardModelDirectory.open("raters.learn.model", learn.model()).labels();
    if (labels.size() > 1) {
      throw InvalidInputException.of(
          "raters.learn.model",
          learn.model(),
          "a reward model of one label, or a decoder; it has " + String.join(", ", labels));
    }
  }
}
