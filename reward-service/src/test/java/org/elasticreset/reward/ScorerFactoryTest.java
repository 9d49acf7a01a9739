package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.elasticreset.reward.RewardSettings.ScorerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorerFactoryTest {

  private final FakeClassifier classifier = new FakeClassifier(text -> 0.5f);
  private final ScorerFactory factory = new ScorerFactory(directory -> classifier);

  private record Settings(
      ScorerType type,
      Optional<Path> model,
      Optional<String> label,
      Optional<String> pattern,
      OptionalInt targetTokens)
      implements ScorerSettings {

    static Settings classifier(Path model, String label) {
      return new Settings(
          ScorerType.CLASSIFIER,
          Optional.of(model),
          Optional.of(label),
          Optional.empty(),
          OptionalInt.empty());
    }

    static Settings rule(ScorerType type, Optional<String> pattern, OptionalInt targetTokens) {
      return new Settings(type, Optional.empty(), Optional.empty(), pattern, targetTokens);
    }

    @Override
    public double weight() {
      return 1;
    }
  }

  @Test
  void opensTheClassifierOfTheDirectory(@TempDir Path directory) {
    assertThat(factory.create("reward.judge", Settings.classifier(directory, "POSITIVE")))
        .isInstanceOf(ClassifierScorer.class);
  }

  @Test
  void labelThatTheClassifierLacksIsRefusedWithThoseItHas(@TempDir Path directory) {
    assertThatThrownBy(
            () -> factory.create("reward.scorers.joy", Settings.classifier(directory, "JOY")))
        .hasMessage(
            "reward.scorers.joy.label: JOY (expected: one of [NEGATIVE, POSITIVE], the labels of "
                + directory
                + ")");
    assertThat(classifier.closed).isTrue();
  }

  @Test
  void missingModelDirectoryIsRefused() {
    assertThatThrownBy(
            () -> factory.create("reward.judge", Settings.classifier(Path.of("nowhere"), "A")))
        .hasMessage("reward.judge.model: nowhere (expected: a model directory)");
  }

  @Test
  void ruleWithoutItsSettingOrWithABadOneIsRefused() {
    assertRefused(
        Settings.rule(ScorerType.REGEX, Optional.empty(), OptionalInt.empty()),
        "key.pattern: absent (expected: a pattern)");
    assertRefused(
        Settings.rule(ScorerType.REGEX, Optional.of("("), OptionalInt.empty()),
        "key.pattern: ( (expected: a Java regular expression; Unclosed group)");
    assertRefused(
        Settings.rule(ScorerType.LENGTH, Optional.empty(), OptionalInt.empty()),
        "key.target-tokens: absent (expected: a number of tokens)");
    assertRefused(
        Settings.rule(ScorerType.LENGTH, Optional.empty(), OptionalInt.of(0)),
        "key.target-tokens: 0 (expected: at least 1)");
  }

  private void assertRefused(Settings settings, String message) {
    assertThatThrownBy(() -> factory.create("key", settings)).hasMessage(message);
  }
}
