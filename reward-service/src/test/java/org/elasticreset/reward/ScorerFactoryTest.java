package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.model.ProblemType.MULTI_LABEL_CLASSIFICATION;
import static org.elasticreset.model.ProblemType.REGRESSION;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.elasticreset.reward.RewardSettings.ScorerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorerFactoryTest {

  private final FakeClassifier classifier = new FakeClassifier(text -> 0.5f);
  private final ScorerFactory factory =
      new ScorerFactory(directory -> classifier, Optional.empty(), Optional.empty());

  private record Settings(
      ScorerType type,
      Optional<Path> model,
      Optional<String> label,
      Optional<ClassifierOutput> output,
      Optional<String> pattern,
      OptionalInt targetTokens)
      implements ScorerSettings {

    static Settings classifier(Path model, String label) {
      return classifier(model, Optional.of(label), Optional.empty());
    }

    static Settings classifier(
        Path model, Optional<String> label, Optional<ClassifierOutput> output) {
      return new Settings(
          ScorerType.CLASSIFIER,
          Optional.of(model),
          label,
          output,
          Optional.empty(),
          OptionalInt.empty());
    }

    static Settings rule(ScorerType type, Optional<String> pattern, OptionalInt targetTokens) {
      return new Settings(
          type, Optional.empty(), Optional.empty(), Optional.empty(), pattern, targetTokens);
    }

    @Override
    public Optional<String> batchTime() {
      return Optional.of("soon");
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
  void theOnlyLabelNeedNotBeNamed(@TempDir Path directory) {
    var reward = new FakeClassifier(text -> 0.5f, List.of("REWARD"), MULTI_LABEL_CLASSIFICATION);

    assertThat(scorer(reward, directory, Optional.empty()))
        .isEqualTo(new ClassifierScorer(reward, 0, ClassifierOutput.PROBABILITY));
    assertThat(scorer(reward, directory, Optional.of(ClassifierOutput.LOGIT)))
        .isEqualTo(new ClassifierScorer(reward, 0, ClassifierOutput.LOGIT));
  }

  @Test
  void oneOfSeveralLabelsMustBeNamed(@TempDir Path directory) {
    assertThatThrownBy(() -> scorer(classifier, directory, Optional.empty()))
        .hasMessage(
            "key.label: absent (expected: one of [NEGATIVE, POSITIVE], the labels of "
                + directory
                + ")");
  }

  @Test
  void aRegressionGivesWhatItPredictsAndNoProbability(@TempDir Path directory) {
    var regression = new FakeClassifier(text -> 0.5f, List.of("STARS"), REGRESSION);

    assertThat(scorer(regression, directory, Optional.empty()))
        .isEqualTo(new ClassifierScorer(regression, 0, ClassifierOutput.LOGIT));
    assertThatThrownBy(
            () -> scorer(regression, directory, Optional.of(ClassifierOutput.PROBABILITY)))
        .hasMessage(
            "key.output: probability (expected: logit; "
                + directory
                + " is a regression, which has none)");
    assertThat(regression.closed).isTrue();
  }

  private static Scorer scorer(
      FakeClassifier model, Path directory, Optional<ClassifierOutput> output) {
    return new ScorerFactory(path -> model, Optional.empty(), Optional.empty())
        .create("key", Settings.classifier(directory, Optional.empty(), output));
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
        "key.pattern: ( (expected: a regular expression of RE2; missing closing ))");
    assertRefused(
        Settings.rule(ScorerType.REGEX, Optional.of("a(?=b)"), OptionalInt.empty()),
        "key.pattern: a(?=b) (expected: a regular expression of RE2; invalid or unsupported Perl"
            + " syntax)");
    assertRefused(
        Settings.rule(ScorerType.LENGTH, Optional.empty(), OptionalInt.empty()),
        "key.target-tokens: absent (expected: a number of tokens)");
    assertRefused(
        Settings.rule(ScorerType.LENGTH, Optional.empty(), OptionalInt.of(0)),
        "key.target-tokens: 0 (expected: at least 1)");
  }

  @Test
  void timeOfASimulatedScorerThatIsNoneIsRefused() {
    assertRefused(
        Settings.rule(ScorerType.SIMULATED, Optional.empty(), OptionalInt.empty()),
        "key.batch-time: soon (expected: a duration such as 500ms, or exponential:500ms, or"
            + " lognormal:500ms,0.5)");
  }

  private void assertRefused(Settings settings, String message) {
    assertThatThrownBy(() -> factory.create("key", settings)).hasMessage(message);
  }
}
