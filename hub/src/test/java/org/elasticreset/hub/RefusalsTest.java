package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest extends HubFixture {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "./tiny",
        "../tiny",
        "/tiny",
        "~/tiny",
        "tiny/",
        "a/b/c",
        "a--b",
        "a..b",
        "tiny.git",
        "-tiny",
        "tiny-",
        "ti ny",
        "tiny@",
        "tiny@..",
        "tiny@a/../b",
        "tiny@/a",
        "tiny@a.lock",
        "tiny?x",
        "tiny#x",
        "%2e%2e/x",
        "org\\tiny",
        "tiny\u0000",
        "tiny\n",
        "@main",
        "https://x/y"
      })
  void whatIsNeitherADirectoryNorANameIsRefused(String text) {
    assertThatThrownBy(() -> fetch(text))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("expected: a directory, or a model of the Hub such as gpt2");

    assertThat(hub.asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, org/tiny/revision/main, 404, RepoNotFound, neither a directory here nor a model of",
    "GET, org/tiny/revision/main, 401, '', (if it is private: HF_TOKEN)",
    "GET, org/tiny/revision/main, 404, RevisionNotFound, no such revision",
    "HEAD, config.json, 401, GatedRepo, a gated model (expected: its conditions accepted at",
    "HEAD, config.json, 403, GatedRepo, 'HF_TOKEN of that account, from'",
    "HEAD, config.json, 404, EntryNotFound, config.json is not there",
    "HEAD, config.json, 403, '', refuses config.json with status 403",
  })
  void refusalsSayWhatToDo(String method, String end, int status, String code, String said) {
    hub.next(method, end, RawServer.status(status, "X-Error-Code: " + code));

    assertThatThrownBy(this::fetch).isInstanceOf(HubException.class).hasMessageContaining(said);

    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "401, '', refuses the token",
    "403, GatedRepo, this token may not read it",
    "404, RepoNotFound, that this token may read"
  })
  void refusalsOfATokenSaySo(int status, String code, String said) throws Exception {
    token = Optional.of(HubToken.of("HF_TOKEN", "hf_secret"));
    hub.next("GET", "main", RawServer.status(status, "X-Error-Code: " + code));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("hf_secret");
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "'Thu, 01 Jan 2026 00:00:20 GMT', 20",
    "'Wed, 31 Dec 2025 00:00:00 GMT', 0",
    "soon, 1"
  })
  void aHubThatAsksForPatienceGetsIt(String retryAfter, long seconds) throws Exception {
    hub.next("GET", "main", RawServer.status(429, "Retry-After: " + retryAfter));

    fetch();

    assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
  }

  @Test
  void aHubThatAsksForHoursIsNotWaitedFor() {
    hub.next("GET", "main", RawServer.status(429, "Retry-After: 7200"));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("120 minutes");
  }

  @Test
  void aDiskThatIsTooSmallIsFoundBeforeAnythingIsReceived() {
    freeBytes = FakeHub.WEIGHT_BYTES - 1;

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("300,000 bytes to fetch (expected: at most 299,999")
        .hasMessageContaining("HF_HUB_CACHE");

    assertThat(hub.askedOfStore()).isEmpty();
  }
}
