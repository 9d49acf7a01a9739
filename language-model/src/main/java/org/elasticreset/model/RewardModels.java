package org.elasticreset.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;

/** What a reward model is before it has learned anything. */
public final class RewardModels {

  private RewardModels() {}

  /**
   * The reward model of a directory that preferences can train on; empty if it is a decoder, which
   * takes a new head for that and knows of no rewards yet.
   *
   * @throws ModelFormatException if it is neither
   */
  public static Optional<SequenceClassifier> open(Path model) {
    var config = JsonFile.open(new ModelDirectory(model).file(ClassifierDirectory.CONFIG));
    var architecture = config.root().path("architectures").path(0).asText();
    if (!architecture.endsWith("ForSequenceClassification")) {
      if (!DecoderClassifier.CLASS_NAMES.containsKey(config.text("model_type"))) {
        throw config.wrong(
            "model_type", "one of " + new TreeSet<>(DecoderClassifier.CLASS_NAMES.keySet()));
      }
      return Optional.empty();
    }
    var classifier = SequenceClassifier.open(model);
    if (classifier instanceof PairReward && classifier.labels().size() == 1) {
      return Optional.of(classifier);
    }
    classifier.close();
    throw config.wrong("id2label", "one label, to go on training a reward model");
  }

  /**
   * A new encoder, a decoder with a new head, or the reward model that the settings name.
   *
   * @param texts what a new vocabulary is learned from
   * @param output takes files of the model that it is read from
   */
  static PairReward begin(PreferenceTraining.Settings settings, Stream<String> texts, Path output) {
    var model = settings.model();
    if (model == null) {
      new BpeTrainer(settings.encoder().vocabularySize(), true, EncoderClassifier.SPECIAL_TOKENS)
          .train(texts, output.resolve(Tokenizer.FILE));
      var tokenizer = Tokenizer.open(output);
      return EncoderClassifier.reward(
          settings.encoder().withVocabulary(tokenizer.size()), tokenizer, settings.seed());
    }
    var reward = open(model);
    if (reward.isPresent()) {
      return (PairReward) reward.get();
    }
    DecoderClassifier.begin(model, output, settings.seed());
    return (PairReward) SequenceClassifier.open(output);
  }
}
