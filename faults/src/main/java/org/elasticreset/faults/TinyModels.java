package org.elasticreset.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.GptConfig;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;

/** Random models of a few thousand parameters: a step takes moments, a run is mostly start-up. */
final class TinyModels {
  private static final List<String> TEXTS =
      List.of(
          "the cat sat on the mat and the dog looked at the cat",
          "a good day is a day with a good cat and a good mat",
          "the dog had a bad day and sat on the mat all day");
  private static final int BINS = 256;

  private TinyModels() {}

  static void writePolicy(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("tokenizer.json");
    new BpeTrainer(290).train(TEXTS.stream(), file);
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      GptConfig shape =
          new GptConfig(tokenizer.size(), 32, 16, 1, 2)
              .withEndTokens(tokenizer.id(BpeTrainer.END_OF_TEXT).orElseThrow());
      try (CausalLanguageModel policy = CausalLanguageModel.initialise(shape, tokenizer, 11)) {
        policy.save(directory);
      }
    }
  }

  /** A linear classifier with labels BAD and GOOD and random weights. */
  static void writeClassifier(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "hashed-ngram", "bins": %d,
         "id2label": {"0": "BAD", "1": "GOOD"}, "label2id": {"BAD": 0, "GOOD": 1}}
        """
            .formatted(BINS));
    Random random = new Random(5);
    float[] weight = new float[BINS * 2];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    SafeTensors.write(
        directory.resolve("model.safetensors"),
        List.of(
            SafeTensors.Tensor.of("weight", new long[] {BINS, 2}, weight),
            SafeTensors.Tensor.of("bias", new long[] {2}, 0f, 0f)),
        SafeTensors.Dtype.F32);
  }
}
