package org.elasticreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.DecoderConfig;
import org.elasticreset.model.GptConfig;
import org.elasticreset.model.LlamaConfig;
import org.elasticreset.model.RotaryAngles;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * Random models of a few thousand parameters: what the loop does to them matters, not what they
 * say.
 */
final class TinyModels {
  private static final List<String> TEXTS =
      List.of(
          "the cat sat on the mat and the dog looked at the cat",
          "a good day is a day with a good cat and a good mat",
          "the dog had a bad day and sat on the mat all day");

  private TinyModels() {}

  static void writePolicy(Path directory) throws IOException {
    write(directory, tokens -> new GptConfig(tokens, 32, 16, 1, 2));
  }

  /** A policy of the Llama family: grouped queries, rotary angles. */
  static void writeLlama(Path directory) throws IOException {
    write(directory, TinyModels::llama);
  }

  private static LlamaConfig llama(int tokens) {
    return new LlamaConfig(
        "llama",
        tokens,
        32,
        16,
        24,
        2,
        4,
        2,
        4,
        1e-5,
        false,
        false,
        true,
        new RotaryAngles(10_000, new RotaryAngles.Unscaled()),
        0,
        0,
        List.of());
  }

  private static void write(Path directory, IntFunction<DecoderConfig> shape) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("tokenizer.json");
    new BpeTrainer(290).train(TEXTS.stream(), file);
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      int end = tokenizer.id(BpeTrainer.END_OF_TEXT).orElseThrow();
      DecoderConfig config = shape.apply(tokenizer.size()).withEndTokens(List.of(end));
      try (CausalLanguageModel policy = CausalLanguageModel.initialise(config, tokenizer, 11)) {
        policy.save(directory);
      }
    }
  }

  /** A linear classifier with labels BAD and GOOD and random weights. */
  static void writeClassifier(Path directory) throws IOException {
    int bins = 256;
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "hashed-ngram", "bins": %d,
         "id2label": {"0": "BAD", "1": "GOOD"}, "label2id": {"BAD": 0, "GOOD": 1}}
        """
            .formatted(bins));
    Random random = new Random(5);
    float[] weight = new float[bins * 2];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    SafeTensors.write(
        directory.resolve("model.safetensors"),
        List.of(
            SafeTensors.Tensor.of("weight", new long[] {bins, 2}, weight),
            SafeTensors.Tensor.of("bias", new long[] {2}, 0f, 0f)),
        SafeTensors.Dtype.F32);
  }
}
