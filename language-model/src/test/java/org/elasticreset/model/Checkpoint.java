package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.SafeTensors;
import org.jspecify.annotations.Nullable;

/**
 * A model or an adapter of {@code src/test/resources/checkpoints} and what transformers, PEFT and
 * PyTorch's autograd make of it; {@code src/test/fixtures} has the scripts that made them.
 *
 * @param json whole numbers, among them one row of tokens each of {@code prompts}, {@code
 *     responses}
 * @param tensors by name
 */
record Checkpoint(Path directory, JsonNode json, Map<String, float[]> tensors) {

  private static final Path ALL = Path.of("src", "test", "resources", "checkpoints");

  /** Of five words: these models know tokens only, and a directory has a tokenizer. */
  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null,
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "one": 1, "two": 2, "##s": 3, "[CLS]": 4}}}
      """;

  /** With what is expected of its outputs. */
  static Checkpoint named(String name) {
    return read(name, "expected");
  }

  /** With what is expected of a file's name. */
  static Checkpoint read(String name, String expected) {
    var directory = ALL.resolve(name);
    var tensors = new HashMap<String, float[]>();
    for (var tensor : SafeTensors.read(directory.resolve(expected + ".safetensors"))) {
      tensors.put(tensor.name(), tensor.floats());
    }
    var json = JsonFile.open(directory.resolve(expected + ".json")).root();
    return new Checkpoint(directory, json, tensors);
  }

  /** The model's directory in {@code parent}, whole with a tokenizer. */
  Path copyTo(Path parent) {
    var copy = parent.resolve(directory.getFileName());
    try {
      Files.createDirectories(copy);
      for (var name : List.of("config.json", "generation_config.json", "model.safetensors")) {
        if (Files.exists(directory.resolve(name))) {
          Files.copy(
              directory.resolve(name), copy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.writeString(copy.resolve("tokenizer.json"), TOKENIZER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** Rows of tokens. */
  List<int[]> tokens(String key) {
    return rows(key).stream()
        .map(row -> Arrays.stream(row).mapToInt(x -> (int) x).toArray())
        .toList();
  }

  /** Rows of numbers. */
  List<double[]> rows(String key) {
    var rows = new ArrayList<double[]>();
    for (var row : json.required(key)) {
      rows.add(IntStream.range(0, row.size()).mapToDouble(i -> row.get(i).doubleValue()).toArray());
    }
    return rows;
  }

  List<TokenSequence> sequences() {
    var prompts = tokens("prompts");
    var responses = tokens("responses");
    return IntStream.range(0, prompts.size())
        .mapToObj(n -> new TokenSequence(prompts.get(n), responses.get(n)))
        .toList();
  }

  float[] tensor(String name) {
    return Optional.ofNullable(tensors.get(name)).orElseThrow();
  }

  /** All logits [S,V] of a sequence. */
  static float[] logits(
      CausalLanguageModel model, @Nullable LoraSettings lora, TokenSequence sequence) {
    try (var call = model.scope().newSubManager()) {
      var adapters = lora == null ? null : new Adapters(call, model.config(), lora);
      var program =
          Engine.program(
              Adapters.settings(model.config(), adapters),
              "program/scopes.py",
              "program/dropout.py",
              "program/adapters.py",
              "program/cache.py",
              model.config().program(),
              "program/logits.py");
      var tokens = Arrays.stream(sequence.tokens()).asLongStream().toArray();
      var batch = call.create(tokens, new Shape(1, tokens.length));
      var logits =
          (NDArray) program.call(call, "logits", model.weights().views(), model.factors(), batch);
      return logits.toFloatArray();
    }
  }

  /** Fixtures were made on a CPU. */
  static boolean madeOnThisDevice() {
    try (var scope = Engine.scope()) {
      return !scope.getDevice().isGpu();
    }
  }
}
