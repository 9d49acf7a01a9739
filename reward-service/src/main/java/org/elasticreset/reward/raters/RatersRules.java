package org.elasticreset.reward.raters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.elasticreset.desk.DeskSettings;
import org.elasticreset.desk.RewardCombination;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.rating.MutingRule;
import org.elasticreset.rating.RoutingRule;
import org.elasticreset.rating.tools.GoldCases;

/** What settings say of raters, as rules; values that cannot work are refused by name. */
final class RatersRules {

  /** As long as {@code rating-cases} keeps its records. */
  private static final Duration KEEP_ENDED = Duration.ofHours(24);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final String runId;
  private final RatersSettings settings;
  private final String guideline;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  RatersRules(String runId, RatersSettings settings) {
    this.runId = runId;
    this.settings = settings;
    require(settings.overlap() >= 1, "overlap", settings.overlap(), "at least 1 rater");
    require(settings.mostOpen() >= 1, "most-open", settings.mostOpen(), "at least 1 request");
    requirePositive("deadline", settings.deadline());
    requirePositive("absent-deadline", settings.absentDeadline());
    requirePositive("absent-after", settings.absentAfter());
    var scale = settings.scale();
    require(
        scale.worst() < scale.best(),
        "scale",
        scale.worst() + " to " + scale.best(),
        "the worst below the best");
    this.guideline = settings.guideline().map(RatersRules::text).orElse("");
  }

  CaseRouting routing() {
    var routing = settings.routing();
    var scale = settings.scale();
    try {
      return new CaseRouting(
          new RoutingRule(
              routing.share(), routing.uncertainty(), routing.disagreement(), routing.judgeGap()),
          new CaseQuestions(
              settings.question(), scale.worst(), scale.best(), settings.overlap(), guideline));
    } catch (IllegalArgumentException e) {
      throw within("routing", e);
    }
  }

  DeskSettings desk() {
    var muting = settings.muting();
    try {
      return new DeskSettings(
          runId,
          settings.fallback(),
          settings.aggregation(),
          new MutingRule(muting.accuracy(), muting.confidence()),
          settings.weightBesideModels().isPresent()
              ? new RewardCombination.AddWeighted(settings.weightBesideModels().getAsDouble())
              : new RewardCombination.Replace(),
          KEEP_ENDED,
          LOOK_EVERY);
    } catch (IllegalArgumentException e) {
      throw within("muting", e);
    }
  }

  List<RatingCase> gold(Instant deadline) {
    var scale = settings.scale();
    var gold = new GoldCases(runId, scale.worst(), scale.best(), guideline);
    return settings
        .gold()
        .map(file -> gold.read("reward.raters.gold", file, deadline))
        .orElse(List.of());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "reward.raters.guideline: %s (expected: a text file in UTF-8)".formatted(file), e);
    }
  }

  private static IllegalArgumentException within(String group, IllegalArgumentException e) {
    return new IllegalArgumentException("reward.raters." + group + ": " + e.getMessage(), e);
  }

  private static void requirePositive(String key, Duration value) {
    require(
        !value.isNegative() && !value.isZero(), key, value, "a positive duration such as PT10M");
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "reward.raters.%s: %s (expected: %s)".formatted(key, value, expected));
    }
  }
}
