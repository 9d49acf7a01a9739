package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.elasticreset.hub.RawServer.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHubTest extends HubFixture {

  @Test
  void anAnswerOfSomethingElseIsRefused() {
    hub.next("GET", "main", (request, out) -> page(out));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no answer of a Hub");
  }

  @Test
  void aFileOfAnotherCommitIsRefused() {
    hub.next("HEAD", "config.json", RawServer.status(200, "X-Repo-Commit: " + "f".repeat(40)));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("of another commit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"../../../evil\"", "\"abc\"", "W/\"1234-5678\"", ""})
  void aFileWithoutADigestIsRefused(String etag) {
    hub.next("HEAD", "config.json", RawServer.status(200, "ETag: " + etag));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("without a digest or a size");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../evil.safetensors",
        "/etc/evil.safetensors",
        "a/b.safetensors",
        "..\\\\x.safetensors",
        "evil.bin",
        ".hidden.safetensors",
        "a%2fb.safetensors",
        "x.safetensors?y",
        "",
        "x\\u0000.safetensors"
      })
  void aShardWithAHostileNameIsRefused(String name) throws IOException {
    hub.remove("model.safetensors");
    hub.put(ModelFiles.INDEX, FakeHub.index("model-1.safetensors", name));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("the plain name of a safetensors file");

    assertThat(hub.asked()).noneMatch(r -> r.path().contains("evil") || r.path().contains(".."));
  }

  @Test
  void hostileNamesInTheListAreNotAskedFor() throws Exception {
    hub.put("../../../evil", "x");
    hub.put("/etc/evil.safetensors", "x");

    assertThat(names(fetch()))
        .containsExactly("config.json", "model.safetensors", "tokenizer.json");
    assertThat(hub.asked()).extracting(Request::path).noneMatch(path -> path.contains("evil"));
  }

  private static void page(OutputStream out) throws IOException {
    byte[] html = "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8);
    RawServer.head(out, 200, html.length);
    out.write(html);
  }
}
