package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineTest extends HubFixture {

  @Test
  void aWholeModelComesFromTheCacheWithoutARequest() throws Exception {
    fetch();
    int asked = hub.asked().size();
    offline = true;

    assertThat(fetch()).isEqualTo(snapshot());

    assertThat(hub.asked()).hasSize(asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
  void aPartOfAModelIsRefusedWithWhatIsMissing(String file) throws Exception {
    fetch();
    Files.delete(snapshot().resolve(file));
    offline = true;

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessage(
            "org/tiny: no directory here; the Hub is off (HF_HUB_OFFLINE), and the cache lacks "
                + file);
  }

  @Test
  void missingShardsAreNamed() throws Exception {
    hub.remove("model.safetensors");
    hub.put(
        ModelFiles.INDEX, "{\"weight_map\": {\"a\": \"a.safetensors\", \"b\": \"b.safetensors\"}}");
    hub.put("a.safetensors", FakeHub.weights(1));
    hub.put("b.safetensors", FakeHub.weights(2));
    fetch();
    Files.delete(snapshot().resolve("b.safetensors"));
    offline = true;

    assertThatThrownBy(this::fetch).hasMessageEndingWith("the cache lacks b.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"org/tiny", "org/tiny@v1", "org/tiny@0123456789abcdef0123456789abcdef01234567"})
  void anEmptyCacheHasNothing(String name) {
    offline = true;

    assertThatThrownBy(() -> fetch(name))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("the cache lacks");

    assertThat(hub.asked()).isEmpty();
  }

  @Test
  void aModelWithoutATokenizerLacksNone() throws Exception {
    hub.remove("tokenizer.json");
    fetch();
    offline = true;

    assertThat(fetch()).isEqualTo(snapshot());
  }

  @Test
  void aHubThatIsDownIsReplacedByTheCache() throws Exception {
    fetch();
    hub.close();

    assertThat(fetch()).isEqualTo(snapshot());

    assertThat(told).last().asString().contains("taken from the cache as it is");
  }

  @Test
  void aHubThatIsDownIsNamedIfTheCacheIsEmpty() {
    hub.close();

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessage(
            "org/tiny: no directory here; 127.0.0.1 cannot be reached, and the cache lacks all of it");
  }

  @Test
  void aReferenceThatIsNoCommitIsNotFollowed() throws Exception {
    fetch();
    Files.writeString(repository().resolve("refs/main"), "../../../../etc");
    offline = true;

    assertThatThrownBy(this::fetch).hasMessageEndingWith("the cache lacks all of it");
  }
}
