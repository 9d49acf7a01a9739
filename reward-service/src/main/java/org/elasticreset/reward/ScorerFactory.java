package org.elasticreset.reward;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.elasticreset.model.ProblemType;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.model.simulated.Distribution;
import org.elasticreset.reward.RewardSettings.ScoreSettings;
import org.elasticreset.reward.learned.LearnedReward;

/**
 * Makes the scorers that settings describe.
 *
 * @param classifiers opens a model directory
 * @param receiver the second player of a game of two; empty where none is set
 * @param learned the reward model that learns from people; empty where there is none
 */
record ScorerFactory(
    Function<Path, SequenceClassifier> classifiers,
    Optional<Receiver> receiver,
    Optional<LearnedReward> learned) {

  /**
   * @param key of the settings, for messages: {@code reward.scorers.sentiment}
   * @throws IllegalArgumentException naming the key, its value and what was expected
   */
  Scorer create(String key, ScoreSettings settings) {
    return switch (settings.type()) {
      case CLASSIFIER -> classifier(key, settings);
      case REGEX -> regex(key, required(key + ".pattern", settings.pattern(), "a pattern"));
      case LENGTH -> length(key, settings);
      case RECEIVER -> new ReceiverScorer(required(key + ".type", receiver));
      case LEARNED -> learned(key, settings);
      case SIMULATED ->
          new SimulatedScorer(
              settings
                  .batchTime()
                  .map(time -> Distribution.ofDurations(key + ".batch-time", time))
                  .orElse(Distribution.NONE));
    };
  }

  private Scorer learned(String key, ScoreSettings settings) {
    LearnedReward reward =
        learned.orElseThrow(
            () ->
                wrong(
                    key + ".type",
                    "learned",
                    "another type, unless reward.raters.learn.enabled is true"));
    return new LearnedScorer(reward, settings.output().orElse(ClassifierOutput.PROBABILITY));
  }

  private Scorer classifier(String key, ScoreSettings settings) {
    Path directory = required(key + ".model", settings.model(), "a model directory");
    if (!Files.isDirectory(directory)) {
      throw wrong(key + ".model", directory, "a model directory");
    }
    SequenceClassifier classifier = classifiers.apply(directory);
    try {
      return new ClassifierScorer(
          classifier,
          label(key + ".label", settings.label(), classifier, directory),
          output(key + ".output", settings.output(), classifier, directory));
    } catch (IllegalArgumentException e) {
      classifier.close();
      throw e;
    }
  }

  private static int label(
      String key, Optional<String> label, SequenceClassifier classifier, Path directory) {
    List<String> labels = classifier.labels();
    if (label.isEmpty() && labels.size() == 1) {
      return 0;
    }
    if (label.isEmpty() || !labels.contains(label.get())) {
      throw wrong(key, label.orElse("absent"), "one of " + labels + ", the labels of " + directory);
    }
    return labels.indexOf(label.get());
  }

  private static ClassifierOutput output(
      String key,
      Optional<ClassifierOutput> output,
      SequenceClassifier classifier,
      Path directory) {
    if (classifier.problem() != ProblemType.REGRESSION) {
      return output.orElse(ClassifierOutput.PROBABILITY);
    }
    if (output.isPresent() && output.get() == ClassifierOutput.PROBABILITY) {
      throw wrong(key, "probability", "logit; " + directory + " is a regression, which has none");
    }
    return ClassifierOutput.LOGIT;
  }

  private static Scorer regex(String key, String pattern) {
    try {
      return new RegexScorer(Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      throw wrong(key + ".pattern", pattern, "a regular expression of RE2; " + e.getDescription());
    }
  }

  private static Scorer length(String key, ScoreSettings settings) {
    int target =
        settings
            .targetTokens()
            .orElseThrow(() -> wrong(key + ".target-tokens", "absent", "a number of tokens"));
    if (target < 1) {
      throw wrong(key + ".target-tokens", target, "at least 1");
    }
    return new LengthScorer(target);
  }

  private static Receiver required(String key, Optional<Receiver> receiver) {
    return receiver.orElseThrow(
        () -> wrong(key, "receiver", "settings under reward.receiver, or another type"));
  }

  private static <T> T required(String key, Optional<T> value, String expected) {
    return value.orElseThrow(() -> wrong(key, "absent", expected));
  }

  static IllegalArgumentException wrong(String key, Object value, String expected) {
    return new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
  }
}
