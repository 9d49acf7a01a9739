package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2cTest {

  private static final int HEAD_SIZE = Llama2cFiles.WIDTH / Llama2cFiles.HEADS;

  @TempDir Path home;
  private Path model;
  private Path tokenizer;
  private Path output;

  @BeforeEach
  void write() throws IOException {
    model = home.resolve("model.bin");
    tokenizer = home.resolve("tokenizer.bin");
    output = home.resolve("converted");
    Llama2cFiles.writeTokenizer(tokenizer);
  }

  @Test
  void weightsComeInTheirPlaces() throws IOException {
    var values = Llama2cFiles.writeModel(model, false);
    Llama2c.convert(model, tokenizer, output);

    int vocabulary = Llama2cFiles.pieces().size() * Llama2cFiles.WIDTH;
    assertThat(tensor("model.embed_tokens.weight")).startsWith(values[0]).hasSize(vocabulary);
    assertThat(tensor("model.layers.1.input_layernorm.weight"))
        .startsWith(values[vocabulary + Llama2cFiles.WIDTH]);
    assertThat(tensor("lm_head.weight")).endsWith(values[values.length - 1]).hasSize(vocabulary);
  }

  /** Adjacent values turned before, or halves after: the same similarity of queries and keys. */
  @Test
  void queriesAndKeysMeetAsBefore() throws IOException {
    var values = Llama2cFiles.writeModel(model, true);
    Llama2c.convert(model, tokenizer, output);
    int width = Llama2cFiles.WIDTH;
    int queries =
        Llama2cFiles.pieces().size() * width + Llama2cFiles.LAYERS * width; // first layer's
    int keys = queries + Llama2cFiles.LAYERS * width * width;
    var input = new float[] {1, -2, 3, 0.5f, 0.25f, -1, 2, 1};

    for (int head = 0; head < Llama2cFiles.HEADS; head++) {
      var before =
          dot(
              adjacent(times(values, queries + head * HEAD_SIZE * width, input), 5),
              adjacent(times(values, keys, input), 2));
      var after =
          dot(
              halves(
                  times(
                      tensor("model.layers.0.self_attn.q_proj.weight"),
                      head * HEAD_SIZE * width,
                      input),
                  5),
              halves(times(tensor("model.layers.0.self_attn.k_proj.weight"), 0, input), 2));
      assertThat(after).isCloseTo(before, within(1e-4));
    }
  }

  @Test
  void theDirectoryOpensAsALanguageModel() throws IOException {
    Llama2cFiles.writeModel(model, true);
    Llama2c.convert(model, tokenizer, output);

    try (var opened = CausalLanguageModel.open(output)) {
      assertThat(opened.tokenizer().encodeWithSpecialTokens("the"))
          .containsExactly(1, Llama2cFiles.pieces().indexOf(" the"));
      assertThat(opened.tokenizer().encodePrompt("the the", 2))
          .containsExactly(1, Llama2cFiles.pieces().indexOf(" the"));
      assertThat(opened.tokenizer().encodePrompt("", 2)).containsExactly(1);
    }
  }

  @Test
  void tokensAreThoseOfLlama2c() throws IOException {
    Llama2cFiles.writeModel(model, true);
    Llama2c.convert(model, tokenizer, output);
    var random = new SplittableRandom(3);

    try (var opened = Tokenizer.open(output)) {
      for (int i = 0; i < 2000; i++) {
        var text =
            random
                .ints(random.nextInt(20), 0, 22)
                .mapToObj(" taheinglmbé☃,\nzß日🙂\u0000 a"::codePointAt)
                .map(
                    point ->
                        Character.isSurrogate((char) (int) point)
                            ? "🙂"
                            : Character.toString(point))
                .collect(Collectors.joining());

        var tokens = opened.encode(text);

        assertThat(Arrays.stream(tokens).boxed().toList())
            .as(text)
            .isEqualTo(Llama2cFiles.encode(text));
        assertThat(opened.decode(tokens)).isEqualTo(text);
      }
    }
  }

  @Test
  void aFileThatIsTooShortOrTooLongIsRefused() throws IOException {
    Llama2cFiles.writeModel(model, true);
    var bytes = Files.readAllBytes(model);

    for (int size : List.of(0, 27, bytes.length - 4, bytes.length + 4)) {
      Files.write(model, Arrays.copyOf(bytes, size));
      assertRefused(model + ": size: " + size + " bytes (expected: ");
    }
  }

  @Test
  void headersThatAskForTheImpossibleAreRefused() throws IOException {
    Llama2cFiles.writeModel(model, true);
    var bytes = Files.readAllBytes(model);

    for (int at = 0; at < 7; at++) {
      for (int value : List.of(0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
        var changed = bytes.clone();
        for (int i = 0; i < 4; i++) {
          changed[4 * at + i] = (byte) (value >> (8 * i));
        }
        Files.write(model, changed);
        assertRefused(model.toString());
      }
    }
  }

  @Test
  void aTokenizerOfAnotherSizeIsRefused() throws IOException {
    Llama2cFiles.writeModel(model, true);
    var bytes = Files.readAllBytes(tokenizer);

    Files.write(tokenizer, Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused("tokenizer.bin: ends in token " + (Llama2cFiles.pieces().size() - 1));
    Files.write(tokenizer, Arrays.copyOf(bytes, bytes.length + 1));
    assertRefused("tokenizer.bin: 1 bytes after token");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Llama2c.convert(model, tokenizer, output))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
    assertThat(output).doesNotExist();
  }

  private float[] tensor(String name) {
    return SafeTensors.read(output.resolve("model.safetensors")).stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow()
        .floats();
  }

  /** One head's rows times the input. */
  private static double[] times(float[] values, int start, float[] input) {
    var result = new double[HEAD_SIZE];
    for (int row = 0; row < HEAD_SIZE; row++) {
      for (int i = 0; i < input.length; i++) {
        result[row] += values[start + row * input.length + i] * (double) input[i];
      }
    }
    return result;
  }

  private static double[] adjacent(double[] head, int position) {
    return turned(head, position, 2, 1);
  }

  private static double[] halves(double[] head, int position) {
    return turned(head, position, 1, HEAD_SIZE / 2);
  }

  private static double[] turned(double[] head, int position, int step, int distance) {
    var turned = new double[head.length];
    for (int pair = 0; pair < HEAD_SIZE / 2; pair++) {
      double angle = position * Math.pow(10_000, -2.0 * pair / HEAD_SIZE);
      int first = pair * step;
      int second = first + distance;
      turned[first] = head[first] * Math.cos(angle) - head[second] * Math.sin(angle);
      turned[second] = head[first] * Math.sin(angle) + head[second] * Math.cos(angle);
    }
    return turned;
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }
}
