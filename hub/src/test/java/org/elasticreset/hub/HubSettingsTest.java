package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {

  @TempDir Path home;

  @Test
  void nothingSaidIsThePublicHubAndTheUsualCache() throws Exception {
    HubSettings settings = of(Map.of());

    assertThat(settings.endpoint()).hasToString("https://huggingface.co");
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.offline()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE=/a HF_HOME=/b XDG_CACHE_HOME=/c, /a",
    "HUGGINGFACE_HUB_CACHE=/a HF_HOME=/b, /a",
    "HF_HOME=/b XDG_CACHE_HOME=/c, /b/hub",
    "XDG_CACHE_HOME=/c, /c/huggingface/hub",
    "HF_HOME= XDG_CACHE_HOME=/c, /c/huggingface/hub"
  })
  void theCacheIsWhereTheFirstOfThemSays(String variables, Path cache) throws Exception {
    assertThat(of(parse(variables)).cache()).isEqualTo(cache);
  }

  @Test
  void aTildeIsTheHome() throws Exception {
    assertThat(of(Map.of("HF_HOME", "~/hf")).cache()).isEqualTo(home.resolve("hf/hub"));
    assertThat(of(Map.of("HF_HUB_CACHE", "~")).cache()).isEqualTo(home);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "True", "on", "YES"})
  void offlineIsSaidInManyWays(String value) throws Exception {
    assertThat(of(Map.of("HF_HUB_OFFLINE", value)).offline()).isTrue();
    assertThat(of(Map.of("TRANSFORMERS_OFFLINE", value)).offline()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "", "no"})
  void andSoIsOnline(String value) throws Exception {
    assertThat(of(Map.of("HF_HUB_OFFLINE", value)).offline()).isFalse();
  }

  @Test
  void aTokenIsTakenFromTheFirstPlaceThatHasOne() throws Exception {
    Path file = Files.writeString(home.resolve("t"), "from-path\n");
    Files.writeString(Files.createDirectories(home.resolve("hf")).resolve("token"), "from-home\n");

    assertThat(secret("HF_TOKEN=a HUGGING_FACE_HUB_TOKEN=b HF_TOKEN_PATH=" + file)).isEqualTo("a");
    assertThat(secret("HUGGING_FACE_HUB_TOKEN=b HF_TOKEN_PATH=" + file)).isEqualTo("b");
    assertThat(secret("HF_HOME=~/hf HF_TOKEN_PATH=" + file)).isEqualTo("from-path");
    assertThat(secret("HF_HOME=~/hf")).isEqualTo("from-home");
    assertThat(secret("HF_TOKEN=a HF_HUB_DISABLE_IMPLICIT_TOKEN=1")).isEqualTo("none");
  }

  @Test
  void aMirrorMayHaveAPathAndASlashAtTheEnd() throws Exception {
    assertThat(of(Map.of("HF_ENDPOINT", "https://mirror.example/hf//")).endpoint())
        .hasToString("https://mirror.example/hf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mirror.example",
        "ftp://x",
        "https://user:pass@x",
        "https://",
        "file:///x",
        "a b"
      })
  void anEndpointThatIsNoneIsRefusedWithoutShowingIt(String endpoint) {
    assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", endpoint)))
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith("HF_ENDPOINT: not an address")
        .hasMessageNotContaining("pass@");
  }

  private HubSettings of(Map<String, String> environment) throws HubException {
    return HubSettings.ofEnvironment(environment, home);
  }

  private String secret(String variables) throws HubException {
    return of(parse(variables)).token().map(t -> t.authorization().substring(7)).orElse("none");
  }

  private static Map<String, String> parse(String variables) {
    return Arrays.stream(variables.split(" "))
        .map(variable -> variable.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }
}
