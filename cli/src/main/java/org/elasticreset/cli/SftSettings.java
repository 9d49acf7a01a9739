package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.GptConfig;
import org.elasticreset.model.LanguageModelTrainingSettings;
import org.elasticreset.model.Precision;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code sft} was asked for.
 *
 * @param model directory to start from; none for a new model
 * @param resume go on from {@code output}
 * @param shape of a new model
 * @param commandLine the arguments after {@code sft}, for the model card
 */
record SftSettings(
    SftData data,
    Path output,
    @Nullable Path model,
    boolean resume,
    Shape shape,
    LanguageModelTrainingSettings training,
    double weightDecay,
    Precision precision,
    long seed,
    List<String> commandLine) {

  /** The shape of a new model; a given one keeps its own and at most {@code context} positions. */
  record Shape(int vocabulary, int width, int layers, int heads, int context) {
    Shape {
      if (context < 2) {
        throw new IllegalArgumentException(
            "--context: " + context + " (expected: at least 2 tokens)");
      }
    }

    /** Learns the vocabulary. */
    BpeTrainer vocabularyTrainer() {
      return new BpeTrainer(vocabulary);
    }

    /** The configuration with the tokens that were learned, at most {@code vocabulary}. */
    GptConfig config(int tokens, int endOfText) {
      return new GptConfig(tokens, context, width, layers, heads).withEndTokens(endOfText);
    }
  }

  SftSettings {
    // Refused now rather than after minutes of reading.
    shape.vocabularyTrainer();
    shape.config(shape.vocabulary(), 0);
    if (resume && model != null) {
      throw new IllegalArgumentException(
          "--model: "
              + model
              + " (expected: not together with --resume, which starts from --output)");
    }
    commandLine = List.copyOf(commandLine);
  }
}
