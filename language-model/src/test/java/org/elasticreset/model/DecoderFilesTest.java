package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.SafeTensors.Dtype;
import org.elasticreset.model.files.SafeTensors.Tensor;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderFilesTest {

  @TempDir Path directory;
  private byte[] digest = {};

  @BeforeEach
  void saveAModel() {
    new BpeTrainer(270).train(Stream.of("one two one two"), directory.resolve("tokenizer.json"));
    try (var tokenizer = Tokenizer.open(directory);
        var model =
            CausalLanguageModel.initialise(
                new GptConfig(270, 8, 8, 1, 2).withEndTokens(0), tokenizer, 1)) {
      model.save(directory);
      digest = model.parameters().digest();
    }
  }

  @Test
  void opensWhatItSavedToTheLastBit() {
    try (var model = CausalLanguageModel.open(directory)) {
      assertThat(model.parameters().digest()).isEqualTo(digest);
      assertThat(model.config()).isEqualTo(new GptConfig(270, 8, 8, 1, 2).withEndTokens(0));
    }
  }

  @Test
  void takesEndTokensFromTheGenerationConfigurationFirst() throws IOException {
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [3, 4]}");

    assertThat(DecoderFiles.read(new ModelDirectory(directory)).config().endTokens())
        .containsExactly(3, 4);
  }

  @Test
  void readsTensorsWithoutThePrefixAndIgnoresMasks() {
    var tensors =
        Stream.concat(
                weights().stream()
                    .map(
                        t ->
                            new Tensor(
                                t.name().replace("transformer.", ""), t.shape(), t.values())),
                Stream.of(Tensor.of("h.0.attn.bias", new long[] {1}, 1)))
            .toList();
    SafeTensors.write(directory.resolve(ModelWeights.FILE), tensors, Dtype.F32);

    try (var model = CausalLanguageModel.open(directory)) {
      assertThat(model.parameters().digest()).isEqualTo(digest);
    }
  }

  @Test
  void namesAMissingTensor() {
    SafeTensors.write(
        directory.resolve(ModelWeights.FILE), weights().subList(1, weights().size()), Dtype.F32);

    assertRefused("tensor transformer.wte.weight: missing (expected: one of shape [270, 8])");
  }

  @Test
  void namesATensorOfAnotherShape() throws IOException {
    replaceInConfig("\"n_positions\" : 8", "\"n_positions\" : 9");

    assertRefused("tensor transformer.wpe.weight: shape: [8, 8] (expected: [9, 8])");
  }

  @Test
  void refusesAnotherKindOfModel() throws IOException {
    replaceInConfig("\"gpt2\"", "\"gpt_neox\"");

    assertRefused(
        "config.json: model_type: \"gpt_neox\" (expected: one of [gpt2, llama, mistral, qwen2])");
  }

  @Test
  void refusesWhatTheProgramsDoNotCompute() throws IOException {
    replaceInConfig("gelu_new", "relu");

    assertRefused("activation_function: \"relu\" (expected: gelu_new or gelu_pytorch_tanh)");
  }

  @Test
  void refusesHeadsThatDoNotDivideTheWidth() throws IOException {
    replaceInConfig("\"n_head\" : 2", "\"n_head\" : 3");

    assertRefused("config.json: n_embd: 8 (expected: a multiple of n_head, 3)");
  }

  @Test
  void refusesMoreTokensThanEmbeddings() throws IOException {
    replaceInConfig("\"vocab_size\" : 270", "\"vocab_size\" : 200");

    assertRefused("tokenizer.json: ");
  }

  @Test
  void namesADirectoryThatIsNotThere() {
    assertThatThrownBy(() -> CausalLanguageModel.open(directory.resolve("none")))
        .hasMessageContaining("none: no such directory");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> CausalLanguageModel.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private List<Tensor> weights() {
    return SafeTensors.read(directory.resolve(ModelWeights.FILE)).stream()
        .map(t -> Tensor.of(t.name(), t.shape(), t.floats()))
        .toList();
  }

  private void replaceInConfig(String text, String by) throws IOException {
    var file = directory.resolve("config.json");
    var config = Files.readString(file);
    assertThat(config).contains(text);
    Files.writeString(file, config.replace(text, by));
  }
}
