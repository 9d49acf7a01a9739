package org.elasticreset.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticreset.model.files.SafeTensors.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes and shards that contradict each other, lead out or ask for too much. */
@Timeout(30)
class HostileShardsTest {

  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path home;
  private Path model;

  @BeforeEach
  void writeTwoShards() throws IOException {
    model = Files.createDirectory(home.resolve("model"));
    ModelWeights.write(model, tensors("a", "b"), 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret.safetensors", "/etc/passwd", "sub/shard.safetensors", "..", "", "a\\b"})
  void shardsOutsideTheDirectoryAreNotOpened(String name) throws IOException {
    SafeTensors.write(home.resolve("secret.safetensors"), Map.of(), tensors("a"));
    index(Map.of("a", name));

    assertRefused("file name: ", "(expected: a name without folders)");
  }

  @Test
  void linksThatLeadOutAreNotFollowed() throws IOException {
    SafeTensors.write(home.resolve("secret.safetensors"), Map.of(), tensors("a"));
    Files.delete(model.resolve(FIRST));
    Files.createSymbolicLink(model.resolve(FIRST), Path.of("../secret.safetensors"));

    assertRefused(FIRST + ": leads to ", "(expected: a file inside the model's directory)");
  }

  @Test
  void linksOfTheHuggingFaceCacheAreFollowed() throws IOException {
    var blobs = Files.createDirectories(home.resolve("cache").resolve("blobs"));
    var snapshot = home.resolve("cache").resolve("snapshots").resolve("c0ffee");
    Files.createDirectories(snapshot);
    try (var files = Files.list(model)) {
      for (var file : files.toList()) {
        var name = file.getFileName().toString();
        Files.move(file, blobs.resolve("blob-" + name));
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/blob-" + name));
      }
    }

    try (var weights = ModelWeights.open(new ModelDirectory(snapshot))) {
      assertThat(weights.entries()).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void aShardThatIsMissingIsNamed() throws IOException {
    Files.delete(model.resolve(SECOND));

    assertRefused(SECOND + ": no such file");
  }

  @Test
  void aShardWithoutATensorOfTheIndexIsRefused() throws IOException {
    index(Map.of("a", FIRST, "b", SECOND, "c", SECOND));

    assertRefused(SECOND + ": tensor c: missing (expected: here, by model.safetensors.index.json)");
  }

  @Test
  void aTensorInAnotherShardThanTheIndexSaysIsRefused() throws IOException {
    index(Map.of("a", SECOND, "b", FIRST));

    assertRefused(FIRST + ": tensor b: missing (expected: here");
  }

  @Test
  void aTensorOfTwoShardsIsRefused() {
    SafeTensors.write(model.resolve(SECOND), Map.of(), tensors("a", "b"));

    assertRefused(
        SECOND + ": tensor a: surplus (expected: in " + FIRST + ", by model.safetensors.index");
  }

  @Test
  void aTensorThatTheIndexDoesNotKnowIsRefused() {
    SafeTensors.write(model.resolve(SECOND), Map.of(), tensors("b", "z"));

    assertRefused(SECOND + ": tensor z: surplus (expected: none of this name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {"total_size": 9}     | metadata: total_size: 9 (expected: 8, the bytes of all tensors)
      {"total_size": -8}    | metadata: total_size: -8 (expected: 8,
      {"total_size": 7.5}   | metadata: total_size: 7.5 (expected: a number of bytes)
      {"total_size": 1e99}  | metadata: total_size: 1.0E99 (expected: a number of bytes)
      {"total_size": "8"}   | metadata: total_size: "8" (expected: a number of bytes)
      """)
  void aTotalThatIsNotThatOfTheShardsIsRefused(String metadata, String message) throws IOException {
    index(metadata, Map.of("a", FIRST, "b", SECOND));

    assertRefused("model.safetensors.index.json: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"total_size\": 8.0}", "{\"total_size\": null}", "7"})
  void aTotalIsNotNeededAndMayBeWrittenAsAFraction(String metadata) throws IOException {
    index(metadata, Map.of("a", FIRST, "b", SECOND));

    try (var weights = open()) {
      assertThat(weights.entries()).containsOnlyKeys("a", "b");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {}                                      | weight_map: missing (expected: an object of tensors
      {"weight_map": {}}                      | weight_map: {} (expected: an object of tensors
      {"weight_map": ["a"]}                   | weight_map: ["a"] (expected: an object of tensors
      {"weight_map": {"a": 1}}                | weight_map: a: 1 (expected: the name of a file)
      {"weight_map": {"a": "f", "a": "g"}}    | not valid JSON: Duplicate field 'a'
      [1]                                     | not a JSON object
      {"weight_map": {"a": "f"                | not valid JSON
      """)
  void anIndexThatIsNoneIsRefused(String json, String message) throws IOException {
    Files.writeString(model.resolve(ShardIndex.FILE), json);

    assertRefused("model.safetensors.index.json: " + message);
  }

  @Test
  void anIndexOfAMillionTensorsIsRefusedUnread() throws IOException {
    var entries =
        IntStream.range(0, 1_000_000)
            .mapToObj(i -> "\"" + i + "\":\"f\"")
            .collect(Collectors.joining(",", "{\"weight_map\":{", "}}"));
    Files.writeString(model.resolve(ShardIndex.FILE), entries);

    assertRefused("size: ", "bytes (expected: at most 4194304)");
  }

  @Test
  void anIndexOfMoreFilesThanAnyModelHasIsRefused() throws IOException {
    index(
        IntStream.range(0, 1001)
            .boxed()
            .collect(Collectors.toMap(i -> "t" + i, i -> "shard-" + i + ".safetensors")));

    assertRefused("weight_map: 1001 files (expected: at most 1000)");
  }

  @Test
  void aTruncatedShardIsRefusedWithTensorAndOffset() throws IOException {
    var bytes = Files.readAllBytes(model.resolve(SECOND));
    Files.write(model.resolve(SECOND), Arrays.copyOf(bytes, bytes.length - 1));

    assertRefused(SECOND + ": truncated: tensor b ends at offset 4, the values at 3");
  }

  @Test
  void aShardThatIsCutWhileItIsReadIsRefusedWithTensorAndOffset() throws IOException {
    try (var weights = open()) {
      var entry = weights.entry(TensorShape.of("b", 1));
      long start = Files.size(model.resolve(SECOND)) - 4;
      Files.write(model.resolve(SECOND), new byte[20]);

      assertThatThrownBy(() -> weights.eachChunk(entry, (offset, values) -> {}))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(SECOND + ": tensor b: offset " + start + ": truncated");
    }
  }

  @Test
  void aTensorOfAnotherShapeIsNamedWithItsShard() {
    try (var weights = open()) {
      assertThatThrownBy(() -> weights.require(List.of(TensorShape.of("b", 2))))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageEndingWith(SECOND + ": tensor b: shape: [1] (expected: [2])");
      assertThatThrownBy(() -> weights.require(List.of(TensorShape.of("c", 2))))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageEndingWith(
              "model.safetensors.index.json: tensor c: missing (expected: one of shape [2])");
    }
  }

  private ModelWeights open() {
    return ModelWeights.open(new ModelDirectory(model));
  }

  private void assertRefused(String... messages) {
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(model.toString())
        .hasMessageContainingAll(messages);
  }

  private void index(Map<String, String> weightMap) throws IOException {
    index("{}", weightMap);
  }

  private void index(String metadata, Map<String, String> weightMap) throws IOException {
    Files.writeString(
        model.resolve(ShardIndex.FILE),
        "{\"metadata\": %s, \"weight_map\": %s}"
            .formatted(metadata, JsonFile.MAPPER.writeValueAsString(weightMap)));
  }

  private static List<TensorStream> tensors(String... names) {
    return Stream.of(names).map(name -> Tensor.of(name, new long[] {1}, 1).stream()).toList();
  }
}
