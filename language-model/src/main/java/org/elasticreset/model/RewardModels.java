package org.elasticreset.model;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;

/** What a reward model is before it has learned anything. */
final class RewardModels {

  private RewardModels() {}

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
    var config = JsonFile.open(new ModelDirectory(model).file(ClassifierDirectory.CONFIG));
    var architecture = config.root().path("architectures").path(0).asText();
    if (!architecture.endsWith("ForSequenceClassification")) {
      DecoderClassifier.begin(model, output, settings.seed());
      return (PairReward) SequenceClassifier.open(output);
    }
    var classifier = SequenceClassifier.open(model);
    if (classifier instanceof PairReward reward && classifier.labels().size() == 1) {
      return reward;
    }
    classifier.close();
    throw config.wrong("id2label", "one label, to go on training a reward model");
  }
}
