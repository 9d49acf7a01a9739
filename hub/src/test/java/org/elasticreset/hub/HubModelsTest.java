package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HubModelsTest extends HubFixture {

  @Test
  void aModelIsLaidOutAsThePythonLibraryDoes() throws Exception {
    Path model = fetch();

    assertThat(model).isEqualTo(snapshot());
    assertThat(names(model)).containsExactly("config.json", "model.safetensors", "tokenizer.json");
    for (String file : names(model)) {
      Path link = Files.readSymbolicLink(model.resolve(file));
      assertThat(link.getParent()).isEqualTo(Path.of("../../blobs"));
      assertThat(link.getFileName().toString()).matches("[0-9a-f]{40}|[0-9a-f]{64}");
      assertThat(cache().resolve(".locks/models--org--tiny").resolve(link.getFileName() + ".lock"))
          .exists();
    }
    assertThat(repository().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(names(repository().resolve(".no_exist").resolve(FakeHub.COMMIT)))
        .contains("generation_config.json", "chat_template.jinja")
        .doesNotContain("config.json");
    assertThat(names(repository())).containsExactly(".no_exist", "blobs", "refs", "snapshots");
  }

  @Test
  void anEmptyFileIsAFile() throws Exception {
    hub.put("special_tokens_map.json", "");

    assertThat(fetch().resolve("special_tokens_map.json")).isEmptyFile();
  }

  @Test
  void theDigestOfASmallFileIsTheOneOfGit() throws Exception {
    hub.put("config.json", "hello\n");

    fetch();

    // echo hello | git hash-object --stdin
    assertThat(Files.readSymbolicLink(snapshot().resolve("config.json")).getFileName())
        .hasToString("ce013625030ba8dba906f756967f9e9ca394464a");
  }

  @Test
  void whatIsThereIsNotAskedForAgain() throws Exception {
    fetch();
    int asked = hub.asked().size();

    fetch();

    assertThat(hub.asked()).hasSize(asked + 1);
    assertThat(hub.asked().get(asked).path()).isEqualTo("/api/models/org/tiny/revision/main");
  }

  @Test
  void aCommitThatIsWholeNeedsNoHub() throws Exception {
    fetch();
    hub.close();

    assertThat(fetch("org/tiny@" + FakeHub.COMMIT)).isEqualTo(snapshot());

    assertThat(pauses).isEmpty();
  }

  @Test
  void aNewCommitSharesTheFilesThatAreTheSame() throws Exception {
    fetch();
    String next = "f".repeat(40);
    hub.commit(next);
    hub.put("config.json", "{\"model_type\": \"llama\"}");

    Path model = fetch();

    assertThat(model.getFileName()).hasToString(next);
    assertThat(model.resolve("config.json")).hasContent("{\"model_type\": \"llama\"}");
    assertThat(model.resolve("model.safetensors")).hasBinaryContent(FakeHub.weights(1));
    assertThat(snapshot().resolve("config.json")).hasContent("{\"model_type\": \"gpt2\"}");
    assertThat(hub.askedOfStore()).hasSize(1);
    assertThat(repository().resolve("refs/main")).hasContent(next);
  }

  @Test
  void aBranchMayHaveSlashes() throws Exception {
    fetch("org/tiny@refs/pr/1");

    assertThat(hub.asked().get(0).path()).isEqualTo("/api/models/org/tiny/revision/refs%2Fpr%2F1");
    assertThat(repository().resolve("refs/refs/pr/1")).hasContent(FakeHub.COMMIT);
  }

  @Test
  void shardsAreTheOnesThatTheIndexNames() throws Exception {
    hub.remove("model.safetensors");
    hub.put(
        ModelFiles.INDEX,
        FakeHub.index("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"));
    hub.put("model-00001-of-00002.safetensors", FakeHub.weights(1));
    hub.put("model-00002-of-00002.safetensors", FakeHub.weights(2));
    hub.put("model-00003-of-00002.safetensors", FakeHub.weights(3));

    Path model = fetch();

    assertThat(names(model))
        .containsExactly(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json");
    assertThat(received)
        .last()
        .isEqualTo("org/tiny model-00002-of-00002.safetensors 600000/600000");
  }

  @Test
  void anAdapterIsAModel() throws Exception {
    Stream.of("model.safetensors", "config.json", "tokenizer.json").forEach(hub::remove);
    hub.put("adapter_config.json", "{}");
    hub.put("adapter_model.safetensors", FakeHub.weights(1));

    Path model = fetch();
    offline = true;

    assertThat(names(model)).containsExactly("adapter_config.json", "adapter_model.safetensors");
    assertThat(fetch()).isEqualTo(model);
  }

  @Test
  void picklesAreNoWeights() {
    hub.remove("model.safetensors");

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no weights in safetensors")
        .hasMessageContaining("pickled weights are not read");
  }

  @Test
  void whereThereAreNoLinksTheFilesThemselvesStandInTheSnapshot() throws Exception {
    links =
        (link, target) -> {
          throw new UnsupportedOperationException();
        };
    fetch();
    String next = "f".repeat(40);
    hub.commit(next);

    Path model = fetch();

    for (Path snapshot : new Path[] {snapshot(), model}) {
      assertThat(Files.isSymbolicLink(snapshot.resolve("model.safetensors"))).isFalse();
      assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(FakeHub.weights(1));
    }
    assertThat(names(repository())).containsExactly(".no_exist", "blobs", "refs", "snapshots");
  }

  @Test
  void aDirectoryWinsOverAModelOfThatName() throws Exception {
    Path mine = Files.createDirectories(directory.resolve("org/tiny"));

    assertThat(fetch()).isEqualTo(mine);

    assertThat(hub.asked()).isEmpty();
  }
}
