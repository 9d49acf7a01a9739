package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.TensorShape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters compute what PEFT computes of the same directory. */
class AdapterParityTest {

  private static final float TOLERANCE = 1e-4f;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"lora-llama", "lora-gpt2", "lora-every-linear"})
  void onOffAndMergedTheLogitsAreThoseOfPeft(String name) {
    var expected = Checkpoint.named(name);
    var base = Checkpoint.named(expected.json().required("base").textValue());
    var adapter = AdapterDirectory.read(expected.directory());
    var merged = directory.resolve("merged");
    try (var model =
        CausalLanguageModel.openAdapter(base.copyTo(directory), adapter, Precision.FLOAT32)) {
      assertLogits(model, adapter.settings(), expected, "logits.");
      assertLogProbs(model, expected);
      try (var reference = model.reference()) {
        assertLogits(reference, null, base, "logits.");
        assertLogProbs(reference, base);
      }
      model.save(merged);
    }
    try (var model = CausalLanguageModel.open(merged)) {
      assertLogits(model, null, expected, "merged_logits.");
      assertLogProbs(model, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora-llama", "lora-gpt2", "lora-every-linear"})
  void whatIsSavedIsToTheLastBitWhatPeftSaved(String name) {
    var expected = Checkpoint.named(name);
    var base = Checkpoint.named(expected.json().required("base").textValue());
    var adapter = AdapterDirectory.read(expected.directory());
    var saved = directory.resolve("saved");
    try (var model =
        CausalLanguageModel.openAdapter(base.copyTo(directory), adapter, Precision.FLOAT32)) {
      model.saveAdapter(saved, base.directory().getFileName().toString());
    }
    assertThat(weights(saved)).isEqualTo(weights(expected.directory()));
    var settings = JsonFile.open(saved.resolve("adapter_config.json")).root();
    var peft = JsonFile.open(expected.directory().resolve("adapter_config.json")).root();
    settings
        .fields()
        .forEachRemaining(
            field ->
                assertThat(plain(field.getValue()))
                    .as(field.getKey())
                    .isEqualTo(plain(peft.required(field.getKey()))));
  }

  /** Of equal text if the numbers are equal. */
  private static String plain(JsonNode value) {
    return value.isNumber() ? Double.toString(value.doubleValue()) : value.toString();
  }

  private static void assertLogits(
      CausalLanguageModel model, @Nullable LoraSettings lora, Checkpoint expected, String tensor) {
    var sequences = expected.sequences();
    for (int n = 0; n < sequences.size(); n++) {
      assertThat(Checkpoint.logits(model, lora, sequences.get(n)))
          .containsExactly(expected.tensor(tensor + n), within(TOLERANCE));
    }
  }

  private static void assertLogProbs(CausalLanguageModel model, Checkpoint expected) {
    var found = model.logProbs(expected.sequences(), 1, 4);
    for (int n = 0; n < found.size(); n++) {
      assertThat(found.get(n))
          .containsExactly(expected.tensor("log_probs." + n), within(TOLERANCE));
    }
  }

  /** The bytes of each tensor. */
  private static Map<TensorShape, ByteBuffer> weights(Path adapter) {
    return SafeTensors.read(adapter.resolve("adapter_model.safetensors")).stream()
        .collect(
            Collectors.toMap(
                tensor -> TensorShape.of(tensor.name(), tensor.shape()),
                SafeTensors.Tensor::values));
  }
}
