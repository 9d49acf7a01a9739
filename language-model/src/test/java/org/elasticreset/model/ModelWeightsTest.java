package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.SafeTensors.Dtype;
import org.elasticreset.model.files.ShardIndex;
import org.elasticreset.model.files.TensorFile;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.files.TensorStream;
import org.elasticreset.model.files.WeightsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWeightsTest {

  private static final long ONE_FILE = Long.MAX_VALUE;

  @TempDir Path directory;

  @Test
  void oneFileIsWrittenWhereAllFits() {
    ModelWeights.write(directory, floats("a", "b"), 32);

    assertThat(directory).isDirectoryContaining("glob:**model.safetensors");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void shardsAreNamedAsTransformersNamesThem() {
    ModelWeights.write(directory, floats("a", "b", "c"), 32);

    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");
    assertThat(directory.resolve(ShardIndex.FILE))
        .content()
        .isEqualToIgnoringWhitespace(
            """
            {"metadata": {"total_size": 48}, "weight_map": {
               "a": "model-00001-of-00002.safetensors",
               "b": "model-00001-of-00002.safetensors",
               "c": "model-00002-of-00002.safetensors"}}
            """);
  }

  @Test
  void aTensorLargerThanAShardGetsOneOfItsOwn() {
    ModelWeights.write(directory, floats("a", "b", "c"), 1);

    assertThat(directory.toFile().list()).hasSize(4);
    try (var weights = open()) {
      assertThat(weights.entries()).containsOnlyKeys("a", "b", "c");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 16, 40, ONE_FILE})
  void givesBackWhatWasWrittenHoweverItWasDivided(long maxShardBytes) {
    ModelWeights.write(directory, floats("a", "b", "c"), maxShardBytes);

    try (var weights = open()) {
      weights.require(List.of(TensorShape.of("a", 4), TensorShape.of("c", 4)));
      assertThat(values(weights, "a")).containsExactly(97, 98, 99, 100);
      assertThat(values(weights, "c")).containsExactly(99, 100, 101, 102);
      assertThat(weights.dtype()).isEqualTo(Dtype.F32);
    }
  }

  @Test
  void parametersAreLoadedFromShards() {
    ModelWeights.write(directory, floats("a", "b", "c"), 16);

    try (var scope = Engine.scope();
        var weights = open()) {
      var parameters =
          new Parameters(scope, List.of(TensorShape.of("c", 4), TensorShape.of("a", 4)));
      weights.load(parameters);
      assertThat(parameters.views().get(0).toFloatArray()).containsExactly(99, 100, 101, 102);
      assertThat(parameters.views().get(1).toFloatArray()).containsExactly(97, 98, 99, 100);
      assertThat(TensorStream.of(parameters).get(1).bytes()).isEqualTo(16);
    }
  }

  /** NaNs with a payload, infinities, -0 and subnormals among them: all there is. */
  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F16", "BF16"})
  void everyValueOfTwoBytesIsSavedAsItWasLoaded(Dtype dtype) throws IOException {
    var all = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, 1 << 16).forEach(bits -> all.putShort((short) bits));

    assertSavedAsLoaded(dtype, all.array());
  }

  @Test
  void everyKindOfFloatIsSavedAsItWasLoaded() throws IOException {
    var kinds = ByteBuffer.allocate(6 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits :
        new int[] {1, 0x8000_0000, 0x7f80_0000, 0xff80_0001, 0x7fc1_2345, 0x3f80_0001}) {
      kinds.putInt(bits);
    }

    assertSavedAsLoaded(Dtype.F32, kinds.array());
  }

  private void assertSavedAsLoaded(Dtype dtype, byte[] bytes) throws IOException {
    long values = bytes.length / dtype.bytes();
    var tensor =
        new TensorStream(
            "w", new long[] {values}, dtype, reader -> reader.accept(0, ByteBuffer.wrap(bytes)));
    ModelWeights.write(directory, List.of(tensor), ONE_FILE);
    var first = Files.readAllBytes(directory.resolve(ModelWeights.FILE));

    try (var weights = open()) {
      ModelWeights.write(
          directory,
          weights.entries().values().stream().map(ModelWeights.Entry::stream).toList(),
          ONE_FILE);
    }

    assertThat(directory.resolve(ModelWeights.FILE)).hasBinaryContent(first);
    assertThat(first).endsWith(bytes);
  }

  @Test
  void aTensorOfManyChunksIsReadWhole() {
    int count = TensorStream.CHUNK_BYTES + 3; // an odd end, after four chunks of float32
    var tensor =
        new TensorStream(
            "w",
            new long[] {count},
            Dtype.F32,
            reader -> {
              var one = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
              for (int i = 0; i < count; i++) {
                reader.accept(4L * i, one.clear().putInt(Float.floatToIntBits(i % 251)).flip());
              }
            });
    ModelWeights.write(directory, List.of(tensor.as(Dtype.F16)), ONE_FILE);

    try (var weights = open()) {
      var values = values(weights, "w");
      assertThat(values).hasSize(count);
      for (int i = 0; i < count; i++) {
        assertThat(values[i]).isEqualTo(i % 251);
      }
    }
  }

  @Test
  void tensorsOfSeveralTypesKeepThemAndTheWidestComeFirst() {
    var tensors = floats("a", "b");
    ModelWeights.write(directory, List.of(tensors.get(0).as(Dtype.BF16), tensors.get(1)), ONE_FILE);

    try (var weights = open()) {
      assertThat(weights.entries().keySet()).containsExactly("b", "a");
      assertThat(weights.entries().get("a").stream().dtype()).isEqualTo(Dtype.BF16);
      assertThat(weights.entries().get("b").stream().dtype()).isEqualTo(Dtype.F32);
      assertThat(values(weights, "a")).containsExactly(97, 98, 99, 100);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {16, 32, ONE_FILE})
  void weightsThatWereThereAreReplacedWithoutARemnant(long maxShardBytes) {
    for (long before : new long[] {ONE_FILE, 1, 32}) {
      ModelWeights.write(directory, floats("x", "y", "z"), before);
      ModelWeights.write(directory, floats("a", "b", "c", "d"), maxShardBytes);

      try (var weights = open()) {
        assertThat(weights.entries()).containsOnlyKeys("a", "b", "c", "d");
      }
      int shards = maxShardBytes == ONE_FILE ? 1 : (int) (64 / maxShardBytes) + 1;
      assertThat(directory.toFile().list()).hasSize(shards);
    }
  }

  @Test
  void weightsStayWhatTheyWereIfTheirSourceFails() {
    ModelWeights.write(directory, floats("a", "b"), 16);
    var failing =
        new TensorStream(
            "b", new long[] {4}, Dtype.F32, reader -> reader.accept(0, ByteBuffer.allocate(12)));

    assertThatThrownBy(
            () -> ModelWeights.write(directory, List.of(floats("a").get(0), failing), 16))
        .hasMessage("tensor b: 12 bytes (expected: 16)");
    assertThat(directory.toFile().list()).hasSize(3);
    try (var weights = open()) {
      assertThat(values(weights, "b")).containsExactly(98, 99, 100, 101);
    }
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @CsvSource({"16,16", "16,32", "1,100", "100,16", "100,100"})
  void whoeverDiesWhileWritingLeavesTheOldWeightsOrTheNewOnesOrNone(
      long maxShardBytesBefore, long maxShardBytes) {
    var found = new ArrayList<String>();
    boolean died = true;
    for (int deadly = 0; died; deadly++) {
      ModelWeights.write(directory, floats("a", "oldb", "c"), maxShardBytesBefore);
      var changes = new int[] {deadly};
      var writer =
          new WeightsWriter(
              directory,
              floats("a", "newb", "c"),
              maxShardBytes,
              () -> {
                if (changes[0]-- == 0) {
                  throw new Death();
                }
              });
      try {
        writer.write();
        died = false;
      } catch (Death e) {
        // As far as the disk knows.
      }
      found.add(whatIsThere());
    }

    assertThat(found).startsWith("old").endsWith("new").isSubsetOf("old", "none", "new");
    assertThat(found.size()).isGreaterThan(2);
    if (maxShardBytesBefore == 100 || maxShardBytes == 100) {
      assertThat(found).doesNotContain("none");
    }
  }

  private String whatIsThere() {
    try (var weights = open()) {
      assertThat(weights.entries().keySet()).hasSize(3).isSubsetOf("a", "oldb", "newb", "c");
      return weights.entries().containsKey("oldb") ? "old" : "new";
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageContaining("model.safetensors: no such file");
      return "none";
    }
  }

  @Test
  void theOneFileIsTakenWhereBothAreAsTransformersDoes() {
    ModelWeights.write(directory, floats("a", "b"), 16);
    SafeTensors.write(directory.resolve(ModelWeights.FILE), Map.of(), floats("only"));

    try (var weights = open()) {
      assertThat(weights.entries()).containsOnlyKeys("only");
    }
  }

  @Test
  void namesAreMadeCanonicalOverAllShards() {
    ModelWeights.write(directory, floats("a", "p.b"), 16);

    try (var weights = ModelWeights.open(new ModelDirectory(directory), this::prefixed)) {
      assertThat(weights.entries()).containsOnlyKeys("p.a", "p.b");
      assertThat(weights.entry(TensorShape.of("p.a", 4)).name()).isEqualTo("a");
    }
    ModelWeights.write(directory, floats("a", "p.a"), 16);
    assertThatThrownBy(() -> ModelWeights.open(new ModelDirectory(directory), this::prefixed))
        .hasMessageEndingWith(
            "model-00002-of-00002.safetensors: tensor p.a: twice (expected: once, as p.a)");
  }

  private String prefixed(String name) {
    return name.startsWith("p.") ? name : "p." + name;
  }

  @Test
  void shardsOfTransformersHaveTheValuesOfItsOneFile() {
    var made = Path.of("src", "test", "resources", "checkpoints", "llama-sharded");
    try (var whole = TensorFile.open(made.resolve("whole.safetensors"));
        var shards = ModelWeights.open(new ModelDirectory(made))) {
      assertThat(shards.path()).hasFileName("model.safetensors.index.json");
      assertThat(shards.dtype()).isEqualTo(Dtype.BF16);
      assertThat(shards.entries().keySet()).isEqualTo(whole.entries().keySet());
      for (var tensor : whole.streams()) {
        assertThat(bytes(shards.entries().get(tensor.name()).stream())).isEqualTo(bytes(tensor));
      }
    }
  }

  private static byte[] bytes(TensorStream tensor) {
    var bytes = ByteBuffer.allocate((int) tensor.bytes());
    tensor.eachChunk((offset, chunk) -> bytes.put(chunk));
    return bytes.array();
  }

  @Test
  void missingWeightsAreNamed() throws IOException {
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("model.safetensors: no such file (expected: tensors as safetensors)");
    Files.createFile(directory.resolve("pytorch_model.bin"));
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("only pytorch_model.bin (expected: weights as safetensors)");
  }

  private ModelWeights open() {
    return ModelWeights.open(new ModelDirectory(directory));
  }

  /** Of four values each, which begin with the last character of the name. */
  private static List<TensorStream> floats(String... names) {
    return List.of(names).stream()
        .map(
            name -> {
              float first = name.charAt(name.length() - 1);
              return SafeTensors.Tensor.of(
                  name, new long[] {4}, first, first + 1, first + 2, first + 3)
                  .stream();
            })
        .toList();
  }

  private static float[] values(ModelWeights weights, String name) {
    var entry = weights.entries().get(name);
    var values = new float[(int) entry.shape()[0]];
    weights.eachChunk(
        entry,
        (offset, chunk) -> {
          var floats = chunk.asFloatBuffer();
          floats.get(values, (int) (offset / Float.BYTES), floats.remaining());
        });
    return values;
  }
}
