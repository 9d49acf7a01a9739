package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.SafeTensors.Dtype;
import org.elasticreset.model.files.SafeTensors.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations and weights that ask for more memory, time or trust than they get. */
@Timeout(30)
class HostileModelTest {

  @TempDir Path directory;
  private Path gpt;
  private Path encoder;
  private Path ngram;

  @BeforeEach
  void saveModels() throws IOException {
    HostileModelFixtures.save(directory);
    gpt = directory.resolve("gpt");
    encoder = directory.resolve("encoder");
    ngram = directory.resolve("n-gram");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      "n_layer" : 1        | "n_layer" : 2147483647        | n_layer: 2147483647 (expected: 1 to 1000)
      "n_layer" : 1        | "n_layer" : 1000              | tensor transformer.h.1.ln_1.weight: missing
      "n_embd" : 8         | "n_embd" : 1073741824         | n_embd: 1073741824 (expected: 1 to 1048576)
      "n_embd" : 8         | "n_embd" : 131072             | shape: [270, 8] (expected: [270, 131072])
      "vocab_size" : 270   | "vocab_size" : 16777216       | shape: [270, 8] (expected: [16777216, 8])
      "n_positions" : 8    | "n_positions" : 16777216      | shape: [8, 8] (expected: [16777216, 8])
      "n_head" : 2         | "n_head" : 4294967297         | n_head: 4294967297 (expected: a positive integer)
      "layer_norm_epsilon" : 1.0E-5 | "layer_norm_epsilon" : 1e400 | layer_norm_epsilon: "Infinity" (expected: a finite number)
      """)
  void aFewDigitsOfALanguageModelGetNoMemory(String honest, String hostile, String message)
      throws IOException {
    replace(gpt.resolve("config.json"), honest, hostile);

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      "n_layers" : 1     | "n_layers" : 2147483647   | n_layers: 2147483647 (expected: 1 to 1000)
      "hidden_dim" : 16  | "hidden_dim" : 1048577    | hidden_dim: 1048577 (expected: 1 to 1048576)
      "hidden_dim" : 16  | "hidden_dim" : 1048576    | shape: [16, 8] (expected: [1048576, 8])
      """)
  void aFewDigitsOfAnEncoderGetNoMemory(String honest, String hostile, String message)
      throws IOException {
    replace(encoder.resolve("config.json"), honest, hostile);

    assertThatThrownBy(() -> SequenceClassifier.open(encoder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFewDigitsOfALinearModelGetNoMemory() throws IOException {
    replace(ngram.resolve("config.json"), "\"bins\" : 16", "\"bins\" : 1073741824");

    assertThatThrownBy(() -> SequenceClassifier.open(ngram))
        .hasMessageEndingWith(
            "bins: 1073741824 (expected: at most 16777216 weights with all labels)");
  }

  @Test
  void aHundredThousandLabelsAreReadInNoTime() throws IOException {
    var labels =
        IntStream.range(0, 100_000)
            .mapToObj(id -> "\"" + id + "\":\"label " + id + "\"")
            .collect(Collectors.joining(",", "{", "}"));
    Files.writeString(
        ngram.resolve("config.json"),
        "{\"model_type\":\"hashed-ngram\",\"bins\":16,\"id2label\":" + labels + "}");

    assertThatThrownBy(() -> SequenceClassifier.open(ngram))
        .hasMessageContaining("tensor weight: shape: [16, 2] (expected: [16, 100000])");
  }

  @Test
  void aFileLargerThanItsKindIsNotRead() throws IOException {
    try (var file = new RandomAccessFile(gpt.resolve("config.json").toFile(), "rw")) {
      file.setLength(1L << 40);
    }

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("size: 1099511627776 bytes (expected: at most 4194304)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      [    | nesting depth (33) exceeds the maximum allowed (32
      {},  | Token count (250001) exceeds the maximum allowed (250000
      0    | Number value length (300000) exceeds the maximum allowed (100
      """)
  void jsonIsBounded(String repeated, String message) throws IOException {
    var text = "{\"eos_token_id\":[" + (repeated.equals("0") ? "1" : "");
    Files.writeString(
        gpt.resolve("generation_config.json"), text + repeated.repeat(299_999) + "{}]}");

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatAFileSaysFitsALogLine() throws IOException {
    replace(gpt.resolve("config.json"), "\"gpt2\"", "\"" + "x\\u001b\\n".repeat(50_000) + "\"");

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageStartingWith(gpt + "/config.json: model_type: \"x")
        .hasMessageEndingWith("… (expected: one of [gpt2, llama, mistral, qwen2])")
        .message()
        .hasSizeLessThan(500);
    Files.writeString(gpt.resolve("config.json"), "{\"model_type\": \"gpt2\u202e\u007f\"}");
    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .message()
        .doesNotContain("\u202e", "\u007f");
  }

  @Test
  void aHeaderOfManySmallThingsIsRefusedBeforeItFillsTheMemory() throws IOException {
    writeHeader("{\"a\":{\"shape\":[" + "[],".repeat(3_000_000) + "[]]}}");

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageContaining("Token count (500001) exceeds the maximum allowed (500000");
  }

  @Test
  void aHeaderOfManyBracketsIsRefused() throws IOException {
    writeHeader("{\"a\":" + "[".repeat(5_000_000));

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageContaining("nesting depth (33) exceeds the maximum allowed (32");
  }

  /** Jackson's table of names took a minute for this. */
  @Test
  @Timeout(15)
  void aHeaderOfLongNamesIsReadInNoTime() throws IOException {
    var padding = "x".repeat(9_000);
    var names =
        IntStream.range(0, 6_500)
            .mapToObj(i -> "\"" + i + padding + "\":0")
            .collect(Collectors.joining(",", "{", "}"));
    writeHeader(names);

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageEndingWith("missing (expected: F32, F16 or BF16)");
  }

  @Test
  void metadataThatIsNoTextIsRefused() throws IOException {
    writeHeader("{\"__metadata__\":{\"a\":1}}");
    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageEndingWith("__metadata__: a: 1 (expected: a string)");

    writeHeader("{\"__metadata__\":7}");
    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageEndingWith("__metadata__: 7 (expected: an object of strings)");
  }

  @Test
  void aTensorWithAndWithoutThePrefixIsAmbiguous() {
    var file = gpt.resolve(ModelWeights.FILE);
    var tensors = new ArrayList<>(copies(file));
    tensors.add(Tensor.of("wte.weight", new long[] {1}, 1));
    SafeTensors.write(file, tensors, Dtype.F32);

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageEndingWith(
            "tensor wte.weight: twice (expected: once, as transformer.wte.weight)");
  }

  @Test
  void weightsThatAreNotFiniteAreRefused() throws IOException {
    for (var model : new Path[] {gpt, encoder, ngram}) {
      var file = model.resolve(ModelWeights.FILE);
      var bytes = Files.readAllBytes(file);
      ByteBuffer.wrap(bytes).putInt(bytes.length - 4, -1);
      Files.write(file, bytes);
    }

    assertThatThrownBy(() -> CausalLanguageModel.open(gpt))
        .hasMessageEndingWith("tensor transformer.ln_f.bias: not finite (expected: finite values)");
    assertThatThrownBy(() -> SequenceClassifier.open(encoder))
        .hasMessageEndingWith("tensor classifier.bias: not finite (expected: finite values)");
    assertThatThrownBy(() -> SequenceClassifier.open(ngram))
        .hasMessageEndingWith("tensor bias: NaN (expected: finite values)");
  }

  @Test
  void integersAreNoWeights() throws IOException {
    var file = ngram.resolve(ModelWeights.FILE);
    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("\"F16\"");
    Files.writeString(file, text.replace("\"F16\"", "\"I16\""), StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> SequenceClassifier.open(ngram))
        .hasMessageEndingWith("tensor weight: dtype: integers (expected: F32, F16 or BF16)");
  }

  private static List<Tensor> copies(Path file) {
    return SafeTensors.read(file).stream()
        .map(t -> Tensor.of(t.name(), t.shape(), t.floats()))
        .toList();
  }

  private void writeHeader(String header) throws IOException {
    var json = header.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(gpt.resolve(ModelWeights.FILE), bytes.putLong(json.length).put(json).array());
  }

  private static void replace(Path file, String text, String by) throws IOException {
    var content = Files.readString(file);
    assertThat(content).contains(text);
    Files.writeString(file, content.replace(text, by));
  }
}
