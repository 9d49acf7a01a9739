package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * Whatever is done to a file of a model directory, it opens and works, or is refused with a {@link
 * ModelFormatException} that names it; soon, and without the memory that it asks for.
 *
 * <p>{@code -Dfuzz.tries=100000} goes on longer. The file under test lies in {@code target/fuzz}:
 * it stays there if it ends the process.
 */
class HostileModelFilesTest {

  private static final Path FUZZ = Path.of("target", "fuzz");
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final List<String> TEXTS =
      List.of(
          "one two <|endoftext|> [UNK][PAD]",
          "",
          " ",
          "\0",
          "  [NEW]   one[NEW] \u2028 e\u0301 \u1e9e\ufb01 ",
          "é日本 𝒳",
          "a".repeat(2000),
          "\ud800x");

  private interface Opener {
    void openAndUse(Path directory);
  }

  @BeforeContainer
  static void save() throws IOException {
    HostileModelFixtures.save(FUZZ);
    saveShards(FUZZ.resolve("gpt"), Files.createDirectories(FUZZ.resolve("shards")));
  }

  /** One shard of an embedding, one of everything else. */
  private static void saveShards(Path model, Path shards) {
    try (var weights = ModelWeights.open(new ModelDirectory(model))) {
      var tensors = weights.entries().values().stream().map(ModelWeights.Entry::stream).toList();
      ModelWeights.write(shards, tensors, tensors.get(0).bytes());
    }
  }

  @Property
  void bytesOfShards(
      @ForAll("shardFiles") String file, @ForAll("byteMutations") List<ByteMutation> how)
      throws IOException {
    fuzz("shards", file, bytes(how), HostileModelFilesTest::useWeights);
  }

  @Property
  void jsonOfShards(
      @ForAll("shardFiles") String file, @ForAll("jsonMutations") List<JsonMutation> how)
      throws IOException {
    fuzz("shards", file, json(file, how), HostileModelFilesTest::useWeights);
  }

  @Property
  void bytesOfALanguageModel(
      @ForAll("languageModelFiles") String file, @ForAll("byteMutations") List<ByteMutation> how)
      throws IOException {
    fuzz("gpt", file, bytes(how), HostileModelFilesTest::useLanguageModel);
  }

  @Property
  void jsonOfALanguageModel(
      @ForAll("languageModelFiles") String file, @ForAll("jsonMutations") List<JsonMutation> how)
      throws IOException {
    fuzz("gpt", file, json(file, how), HostileModelFilesTest::useLanguageModel);
  }

  @Property
  void jsonOfAWordPieceTokenizer(@ForAll("jsonMutations") List<JsonMutation> how)
      throws IOException {
    fuzz("word-piece", "tokenizer.json", json("tokenizer.json", how), this::useTokenizer);
  }

  @Property
  void jsonOfATokenizerOfAKnownFamily(
      @ForAll("families") String family, @ForAll("jsonMutations") List<JsonMutation> how)
      throws IOException {
    fuzz(family, "tokenizer.json", json("tokenizer.json", how), this::useTokenizer);
  }

  @Property
  void jsonOfATokenizer(@ForAll("jsonMutations") List<JsonMutation> how) throws IOException {
    fuzz("gpt", "tokenizer.json", json("tokenizer.json", how), this::useTokenizer);
  }

  @Property
  void bytesOfAClassifier(
      @ForAll("classifiers") String model,
      @ForAll("classifierFiles") String file,
      @ForAll("byteMutations") List<ByteMutation> how)
      throws IOException {
    fuzz(model, file, bytes(how), HostileModelFilesTest::useClassifier);
  }

  @Property
  void jsonOfAClassifier(
      @ForAll("classifiers") String model,
      @ForAll("classifierFiles") String file,
      @ForAll("jsonMutations") List<JsonMutation> how)
      throws IOException {
    fuzz(model, file, json(file, how), HostileModelFilesTest::useClassifier);
  }

  @Property
  void bytesOfATrainersState(
      @ForAll("stateFiles") String file, @ForAll("byteMutations") List<ByteMutation> how)
      throws IOException {
    fuzz("state", file, bytes(how), HostileModelFilesTest::useState);
  }

  @Property
  void jsonOfATrainersState(
      @ForAll("stateFiles") String file, @ForAll("jsonMutations") List<JsonMutation> how)
      throws IOException {
    fuzz("state", file, json(file, how), HostileModelFilesTest::useState);
  }

  private static void fuzz(String model, String name, UnaryOperator<byte[]> change, Opener opener)
      throws IOException {
    var directory = FUZZ.resolve(model);
    var file = directory.resolve(name);
    var honest = Files.readAllBytes(file);
    replace(file, change.apply(honest));
    long start = System.nanoTime();
    try {
      opener.openAndUse(directory);
    } catch (ModelFormatException e) {
      assertThat(e.getMessage()).startsWith(directory.toString()).hasSizeLessThan(2000);
    } finally {
      replace(file, honest);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
  }

  /** Another file: to cut the old one would undo mappings of it that await the collector. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.delete(file);
    Files.write(file, bytes);
  }

  private static void useLanguageModel(Path directory) {
    try (var model = CausalLanguageModel.open(directory)) {
      var tokens = model.tokenizer().encode(TEXTS.get(0));
      int length = Math.min(tokens.length, model.config().positions() - 1);
      if (length > 0) {
        var sequence = new TokenSequence(new int[] {0}, Arrays.copyOf(tokens, length));
        assertThat(model.logProbs(List.of(sequence), 1, 1).get(0)).hasSize(length);
      }
    }
  }

  private void useTokenizer(Path directory) {
    try (var tokenizer = Tokenizer.open(directory)) {
      for (var text : TEXTS) {
        assertThat(IntStream.of(tokenizer.encode(text)))
            .allMatch(id -> id >= 0 && id < tokenizer.size());
        tokenizer.encodeWithSpecialTokens(text);
      }
      tokenizer.decode(IntStream.range(-1, tokenizer.size() + 1).toArray());
      tokenizer.save(FUZZ.resolve("saved"));
    }
  }

  private static void useClassifier(Path directory) {
    try (var classifier = SequenceClassifier.open(directory)) {
      assertThat(classifier.probabilities(TEXTS)).hasNumberOfRows(TEXTS.size());
    }
  }

  private static void useWeights(Path directory) {
    try (var weights = ModelWeights.open(new ModelDirectory(directory))) {
      for (var entry : weights.entries().values()) {
        if (entry.stored().dtype().isPresent()) {
          var next = new long[1];
          weights.eachChunk(
              entry,
              (offset, values) -> {
                assertThat(offset).isEqualTo(next[0]);
                next[0] += values.remaining();
              });
          assertThat(next[0]).isEqualTo(entry.stream().as(SafeTensors.Dtype.F32).bytes());
        }
      }
    }
  }

  private static void useState(Path directory) {
    try (var model = CausalLanguageModel.initialise(HostileModelFixtures.CONFIG, null, 2);
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      var before = model.parameters().digest();
      try {
        trainer.restoreState(directory);
        assertThat(trainer.firstNotFinite()).isEmpty();
      } catch (ModelFormatException e) {
        assertThat(model.parameters().digest()).isEqualTo(before);
        throw e;
      }
    }
  }

  private static UnaryOperator<byte[]> bytes(List<ByteMutation> mutations) {
    return file -> {
      var changed = file;
      for (var mutation : mutations) {
        changed = mutation.apply(changed);
      }
      return changed;
    };
  }

  /** Of a file of JSON, or of the header of a file of tensors, whose length is put right. */
  private static UnaryOperator<byte[]> json(String name, List<JsonMutation> mutations) {
    if (name.endsWith(".json")) {
      return file -> JsonMutation.apply(file, mutations);
    }
    return file -> {
      int end = 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
      var header = JsonMutation.apply(Arrays.copyOfRange(file, 8, end), mutations);
      return ByteBuffer.allocate(8 + header.length + file.length - end)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(header.length)
          .put(header)
          .put(file, end, file.length - end)
          .array();
    };
  }

  @Provide
  Arbitrary<List<ByteMutation>> byteMutations() {
    return Combinators.combine(
            Arbitraries.of(ByteMutation.Kind.values()),
            // Headers are at the beginning.
            Arbitraries.oneOf(
                Arbitraries.doubles().between(0, 1), Arbitraries.doubles().between(0, 0.1)),
            Arbitraries.integers().between(0, 255))
        .as(ByteMutation::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<JsonMutation>> jsonMutations() {
    return Arbitraries.longs().map(JsonMutation::new).list().ofMinSize(1).ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> languageModelFiles() {
    return Arbitraries.of(
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "model.safetensors");
  }

  @Provide
  Arbitrary<String> families() {
    return Arbitraries.of(HostileModelFixtures.FAMILIES);
  }

  @Provide
  Arbitrary<String> classifiers() {
    return Arbitraries.of("encoder", "n-gram", "roberta-classifier-3", "llama-classifier-1");
  }

  @Provide
  Arbitrary<String> classifierFiles() {
    return Arbitraries.of("config.json", "model.safetensors");
  }

  @Provide
  Arbitrary<String> shardFiles() {
    return Arbitraries.of("model.safetensors.index.json", "model-00002-of-00002.safetensors");
  }

  @Provide
  Arbitrary<String> stateFiles() {
    return Arbitraries.of("policy.safetensors", "trainer.safetensors");
  }
}
