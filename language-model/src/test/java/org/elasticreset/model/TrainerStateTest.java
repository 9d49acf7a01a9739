package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.SafeTensors.Dtype;
import org.elasticreset.model.files.SafeTensors.Tensor;
import org.elasticreset.model.files.TensorShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerStateTest {

  private static final GptConfig CONFIG = new GptConfig(50, 16, 32, 2, 4);
  private static final PpoSettings SETTINGS = new PpoSettings(0.2, 0.2, 0.5, 0.01, 0.8);

  @TempDir Path directory;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private CausalLanguageModel model;
  private PolicyTrainer trainer;

  @BeforeEach
  void trainThreeSteps() {
    model = model(CONFIG, 1);
    trainer = trainer(model);
    train(trainer, 0, 3);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void aRestoredTrainerGoesOnToTheLastBit() throws IOException {
    trainer.saveState(directory);
    train(trainer, 3, 5);

    var restored = trainer(model(CONFIG, 2));
    restored.restoreState(directory);
    train(restored, 3, 5);

    assertThat(state(restored)).isEqualTo(state(trainer));
  }

  @Test
  void aTrainerThatRecallsGoesOnToTheLastBit() throws IOException {
    try (var remembered = trainer.remember()) {
      train(trainer, 3, 5);
      var once = state(trainer);

      trainer.recall(remembered);
      train(trainer, 3, 5);

      assertThat(state(trainer)).isEqualTo(once);
    }
  }

  @Test
  void remembersAgainInTheSameMemory() throws IOException {
    try (var remembered = trainer.remember()) {
      train(trainer, 3, 4);
      trainer.remember(remembered);
      var later = state(trainer);
      train(trainer, 4, 5);

      trainer.recall(remembered);

      assertThat(state(trainer)).isEqualTo(later);
    }
  }

  @Test
  void recallsTheBitsFromBeforeAGradientThatWasNotFinite() throws IOException {
    var before = state(trainer);
    try (var remembered = trainer.remember()) {
      train(trainer, 3, 4);
      assertThatThrownBy(() -> trainer.ppoStep(notANumber(), SETTINGS, 1e-3, 1))
          .isInstanceOf(ArithmeticException.class);

      trainer.recall(remembered);

      assertThat(state(trainer)).isEqualTo(before);
      assertThat(trainer.firstNotFinite()).isEmpty();
    }
  }

  @Test
  void aFailedMicroBatchLeavesNoGradientBehindARecall() throws IOException {
    try (var remembered = trainer.remember()) {
      train(trainer, 3, 4);
      var once = state(trainer);
      trainer.recall(remembered);
      var mixed = new ArrayList<>(samples(1));
      mixed.addAll(notANumber());
      assertThatThrownBy(() -> trainer.ppoStep(mixed, SETTINGS, 1e-3, 1))
          .isInstanceOf(ArithmeticException.class);

      trainer.recall(remembered);
      train(trainer, 3, 4);

      assertThat(state(trainer)).isEqualTo(once);
    }
  }

  @Test
  void negativeZeroAndSubnormalNumbersSurvive() {
    var odd =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(-0f)
            .putFloat(Float.MIN_VALUE)
            .putFloat(-1e-40f)
            .putFloat(Float.MAX_VALUE)
            .flip();
    model.parameters().write(64, odd);
    trainer.saveState(directory);

    var copy = model(CONFIG, 2);
    trainer(copy).restoreState(directory);

    assertThat(copy.parameters().read(64, 16)).isEqualTo(odd);
    assertThat(copy.parameters().digest()).isEqualTo(model.parameters().digest());
  }

  @Test
  void namesTheFirstTensorThatIsNotFiniteAndRefusesToSaveIt() {
    assertThat(trainer.firstNotFinite()).isEmpty();
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      long positions = 50L * 32 * Float.BYTES;
      model.parameters().write(positions, floats(value));

      assertThat(trainer.firstNotFinite()).hasValue("transformer.wpe.weight");
      assertThatThrownBy(() -> trainer.saveState(directory))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("tensor transformer.wpe.weight: not finite (expected: finite values)");
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFiniteGradientCanMakeAnInfiniteWeightWhichIsNamed() {
    trainer.ppoStep(samples(3), SETTINGS, 1e39, 2);

    assertThat(trainer.firstNotFinite()).hasValue("transformer.wte.weight");
  }

  @Test
  void theFilesAreOrdinarySafetensors() {
    trainer.saveState(directory);

    assertThat(SafeTensors.read(directory.resolve("policy.safetensors")))
        .extracting(Tensor::name)
        .containsExactlyElementsOf(CONFIG.tensors().stream().map(TensorShape::name).toList());
    assertThat(SafeTensors.read(directory.resolve("trainer.safetensors")))
        .extracting(Tensor::name)
        .startsWith("v_head.summary.weight", "v_head.summary.bias")
        .contains("first_moment.transformer.wte.weight", "second_moment.v_head.summary.bias")
        .hasSize(2 + 2 * (CONFIG.tensors().size() + 2));
  }

  @Test
  void anotherArchitectureChangesNothing() throws IOException {
    trainer.saveState(directory);
    var other = trainer(model(new GptConfig(50, 8, 32, 2, 4), 1));

    assertUnchanged(other, "tensor transformer.wpe.weight: shape: [16, 32] (expected: [8, 32])");
    try (var remembered = trainer.remember()) {
      assertThatThrownBy(() -> other.recall(remembered))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aMissingASurplusAndANarrowTensorAreNamedAndChangeNothing() throws IOException {
    trainer.saveState(directory);
    var file = directory.resolve("trainer.safetensors");
    var whole = read(file);

    SafeTensors.write(file, whole.subList(0, whole.size() - 1), Dtype.F32);
    assertUnchanged(
        trainer(model(CONFIG, 2)),
        "tensor second_moment.v_head.summary.bias: missing (expected: one of shape [1])");

    var surplus = new ArrayList<>(whole);
    surplus.add(Tensor.of("third_moment", new long[] {1}, 1));
    SafeTensors.write(file, surplus, Dtype.F32);
    assertUnchanged(trainer(model(CONFIG, 2)), "tensor third_moment: surplus");

    SafeTensors.write(file, whole, Dtype.F16);
    assertUnchanged(
        trainer(model(CONFIG, 2)), "tensor v_head.summary.weight: dtype: F16 (expected: F32)");

    SafeTensors.write(file, whole, Dtype.F32);
    assertUnchanged(
        trainer(model(CONFIG, 2)),
        "trainer.safetensors: __metadata__: optimizer_steps: missing"
            + " (expected: an integer of at least 0)");
  }

  @Test
  void aValueThatIsNotFiniteAndAMissingFileAreNamedAndChangeNothing() throws IOException {
    trainer.saveState(directory);
    var file = directory.resolve("policy.safetensors");
    var bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - Float.BYTES, Float.NaN);
    Files.write(file, bytes);
    assertUnchanged(
        trainer(model(CONFIG, 2)), "tensor transformer.ln_f.bias: NaN (expected: finite values)");

    Files.delete(file);
    assertUnchanged(trainer(model(CONFIG, 2)), "policy.safetensors: no such file");
  }

  private void assertUnchanged(PolicyTrainer other, String message) throws IOException {
    var before = state(other);
    assertThatThrownBy(() -> other.restoreState(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(directory.toString())
        .hasMessageContaining(message);
    assertThat(state(other)).isEqualTo(before);
  }

  /** Every bit, by tensor, and the count of steps. */
  private String state(PolicyTrainer trainer) throws IOException {
    var saved = Files.createTempDirectory(directory, "state");
    trainer.saveState(saved);
    var bits = new TreeMap<String, String>();
    for (var file : List.of("policy.safetensors", "trainer.safetensors")) {
      bits.put(file, HexFormat.of().formatHex(Files.readAllBytes(saved.resolve(file))));
      Files.delete(saved.resolve(file));
    }
    Files.delete(saved);
    return bits.toString();
  }

  private static List<Tensor> read(Path file) {
    return SafeTensors.read(file).stream()
        .map(t -> Tensor.of(t.name(), t.shape(), t.floats()))
        .toList();
  }

  private CausalLanguageModel model(GptConfig config, long seed) {
    var model = CausalLanguageModel.initialise(config, null, seed);
    SharpModels.scale(model, 4);
    opened.add(model);
    return model;
  }

  private PolicyTrainer trainer(CausalLanguageModel model) {
    var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1);
    opened.add(trainer);
    return trainer;
  }

  /** The steps {@code from} to {@code to}, the same whoever makes them. */
  private static void train(PolicyTrainer trainer, int from, int to) {
    for (int step = from; step < to; step++) {
      trainer.ppoStep(samples(step), SETTINGS, 1e-3, 2);
    }
  }

  private static List<PpoSample> samples(long seed) {
    var random = new SplittableRandom(seed);
    var sequences = new ArrayList<TokenSequence>();
    var logProbs = new ArrayList<float[]>();
    for (int i = 0; i < 4; i++) {
      sequences.add(
          new TokenSequence(random.ints(3, 0, 50).toArray(), random.ints(5, 0, 50).toArray()));
      logProbs.add(new float[] {-4, -4, -4, -4, -4});
    }
    return PpoSamples.near(logProbs, sequences, random);
  }

  private static List<PpoSample> notANumber() {
    var sample = samples(9).get(0);
    var advantages = new float[5];
    Arrays.fill(advantages, Float.NaN);
    return List.of(
        new PpoSample(
            sample.tokens(),
            sample.oldLogProbs(),
            sample.oldValues(),
            advantages,
            sample.returns()));
  }

  private static ByteBuffer floats(float value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).flip();
  }
}
