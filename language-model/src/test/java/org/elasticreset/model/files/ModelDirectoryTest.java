package org.elasticreset.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {

  @TempDir Path home;
  private Path model;

  @BeforeEach
  void makeDirectory() throws IOException {
    model = Files.createDirectory(home.resolve("model"));
    Files.writeString(home.resolve("secret"), "{}");
  }

  @Test
  void aFileThatIsNotThereIsTheOpenersToMiss() {
    var directory = new ModelDirectory(model);

    assertThat(directory.has("config.json")).isFalse();
    assertThat(directory.file("config.json")).isEqualTo(model.resolve("config.json"));
  }

  @Test
  void linksInsideAreFollowedAsThoseOfAMountedVolume() throws IOException {
    Files.createDirectory(model.resolve("..2026"));
    Files.writeString(model.resolve("..2026").resolve("config.json"), "{}");
    Files.createSymbolicLink(model.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(model.resolve("config.json"), Path.of("..data", "config.json"));

    assertThat(new ModelDirectory(model).file("config.json")).exists();
  }

  @Test
  void linksOfTheHuggingFaceCacheAreFollowedToItsBlobs() throws IOException {
    var snapshot = snapshot();
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/0a1b"));
    var link = Files.createSymbolicLink(home.resolve("link"), snapshot);

    assertThat(new ModelDirectory(snapshot).file("config.json")).hasContent("{}");
    assertThat(new ModelDirectory(link).file("config.json")).hasContent("{}");
  }

  @Test
  void linksOfTheCacheToAnythingElseAreRefused() throws IOException {
    var snapshot = snapshot();
    Files.createDirectory(snapshot.resolveSibling("other"));
    Files.writeString(snapshot.resolveSibling("other").resolve("config.json"), "{}");
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../other/config.json"));

    assertRefused(snapshot, "config.json", "expected: a file inside the model's directory");
  }

  @Test
  void linksThatLeadOutAreRefused() throws IOException {
    Files.createSymbolicLink(model.resolve("config.json"), Path.of("../secret"));
    Files.createSymbolicLink(model.resolve("tokenizer.json"), home.resolve("secret"));
    Files.createSymbolicLink(model.resolve("folder"), home);

    assertRefused(model, "config.json", "config.json: leads to ");
    assertRefused(model, "tokenizer.json", "expected: a file inside the model's directory");
    assertThatThrownBy(() -> CausalLanguageModel.open(model)).hasMessageContaining("leads to");
    assertThatThrownBy(() -> SequenceClassifier.open(model)).hasMessageContaining("leads to");
    assertThatThrownBy(() -> Tokenizer.open(model)).hasMessageContaining("leads to");
  }

  @Test
  void linksToNothingOrToThemselvesAreRefused() throws IOException {
    Files.createSymbolicLink(model.resolve("config.json"), Path.of("nothing"));
    Files.createSymbolicLink(model.resolve("tokenizer.json"), Path.of("tokenizer.json"));

    assertRefused(model, "config.json", "config.json: a link to nothing");
    assertRefused(model, "tokenizer.json", "tokenizer.json: cannot be followed");
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws IOException {
    Files.createDirectory(model.resolve("config.json"));
    Files.createDirectory(model.resolve("model.safetensors"));

    assertRefused(model, "config.json", "config.json: not a file");
    assertThatThrownBy(() -> TensorFile.open(model.resolve("model.safetensors")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("not a file");
    // Would never end.
    assertThatThrownBy(() -> JsonFile.open(Path.of("/dev/zero")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("not a file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "..",
        ".",
        "",
        "/etc/passwd",
        "sub/weights",
        "weights/",
        "./weights",
        "..\\secret",
        "a\0b",
        "a\nb",
        "a\u202eb"
      })
  void namesWithFoldersAreRefused(String name) {
    assertRefused(model, name, "(expected: a name without folders)");
  }

  @Test
  void namesThatNoFileHasAreRefusedInAMessageOfReadableLength() {
    assertThatThrownBy(() -> new ModelDirectory(model).file("a".repeat(10_000)))
        .isInstanceOf(ModelFormatException.class)
        .message()
        .endsWith("aaa… (expected: a name without folders)")
        .hasSizeLessThan(500);
  }

  private void assertRefused(Path directory, String name, String message) {
    var opened = new ModelDirectory(directory);
    assertThatThrownBy(() -> opened.file(name))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(directory.toString())
        .hasMessageContaining(message);
  }

  /** {@code models--org--name/snapshots/REVISION} beside a blob. */
  private Path snapshot() throws IOException {
    var cache = home.resolve("models--org--name");
    Files.createDirectories(cache.resolve("blobs"));
    Files.writeString(cache.resolve("blobs").resolve("0a1b"), "{}");
    return Files.createDirectories(cache.resolve("snapshots").resolve("c0ffee"));
  }
}
