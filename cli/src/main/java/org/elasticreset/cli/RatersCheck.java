package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.elasticreset.cli.RatersConfig.Question;
import org.elasticreset.rating.tools.GoldCases;

/** What must hold for people to rate, before anything starts. */
final class RatersCheck {
  private RatersCheck() {}

  /**
   * Checks what is said of raters against the run.
   *
   * @throws InvalidInputException naming the first setting that cannot work
   */
  static void check(RunConfig config) {
    RatersConfig raters = config.raters();
    if (!raters.enabled()) {
      return;
    }
    raters.names().forEach(RaterKeys.Holder::of);
    if (raters.scaleWorst() >= raters.scaleBest()) {
      throw InvalidInputException.of(
          "raters.scale-worst", raters.scaleWorst(), "below scale-best, " + raters.scaleBest());
    }
    positive("raters.deadline", raters.deadline());
    positive("raters.absent-deadline", raters.absentDeadline());
    positive("raters.absent-after", raters.absentAfter());
    int samples = config.rollout().samplesPerPrompt();
    if (raters.question() == Question.ORDER) {
      if (samples < 2) {
        throw InvalidInputException.of(
            "rollout.samples-per-prompt",
            samples,
            "at least 2, of which people say which is better; or raters.question=thumbs");
      }
      if (config.rollout().batchSize() % samples != 0) {
        throw InvalidInputException.of(
            "rollout.batch-size",
            config.rollout().batchSize(),
            "a multiple of rollout.samples-per-prompt, " + samples + ", which are compared");
      }
    }
    if (config.receiver() != null) {
      throw InvalidInputException.of(
          "raters.enabled", true, "false with a receiver, whose learner does not wait for people");
    }
    if (raters.guideline() != null) {
      InputTexts.read("raters.guideline", raters.guideline());
    }
    if (raters.gold() != null) {
      InputTexts.read("raters.gold", raters.gold());
      checkGold(raters, raters.gold());
    }
  }

  /** As the reward-service will read it, when everything has started. */
  private static void checkGold(RatersConfig raters, Path file) {
    try {
      new GoldCases("", raters.scaleWorst(), raters.scaleBest(), "")
          .read("raters.gold", file, Instant.EPOCH);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isZero()) {
      throw InvalidInputException.of(key, "0s", "a time above 0, such as 5s");
    }
  }
}
