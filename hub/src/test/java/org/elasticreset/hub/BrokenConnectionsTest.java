package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.elasticreset.hub.RawServer.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenConnectionsTest extends HubFixture {

  private static final String WEIGHTS = "model.safetensors";
  private static final String DIGEST = digestOfWeights();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 150_000, FakeHub.WEIGHT_BYTES - 1})
  void aConnectionThatIsCutIsGoneOnWithAtThatByte(int bytes) throws Exception {
    hub.next("GET", WEIGHTS, cutAfter(WEIGHTS, bytes));

    fetch();

    assertWeightsArrived();
    List<Request> gets = getsOfWeights();
    assertThat(gets).hasSize(2);
    assertThat(gets.get(1).headers().get("Range"))
        .isEqualTo(bytes == 0 ? null : "bytes=" + bytes + "-");
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void aConnectionThatIsCutAgainAndAgainArrivesAllTheSame() throws Exception {
    for (int bytes : new int[] {10, 100, 1000, 10_000, 100_000}) {
      hub.next("GET", WEIGHTS, cutAfter(WEIGHTS, bytes));
    }

    fetch();

    assertWeightsArrived();
    assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L);
  }

  @Test
  void oneThatBringsNothingIsGivenUpAndWhatArrivedStays() throws Exception {
    hub.next("GET", WEIGHTS, cutAfter(WEIGHTS, 5000));
    for (int i = 0; i < 5; i++) {
      hub.next("GET", WEIGHTS, RawServer.status(503));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("org/tiny: model.safetensors: given up after 6 attempts")
        .hasMessageContaining("503");

    assertThat(partial()).hasSize(5000);
    fetch();
    assertWeightsArrived();
    assertThat(getsOfWeights().get(6).headers()).containsEntry("Range", "bytes=5000-");
  }

  @Test
  void aServerThatFallsSilentIsLeft() throws Exception {
    hub.next(
        "GET",
        WEIGHTS,
        (request, out) -> {
          cutAfter(WEIGHTS, 7000).write(request, out);
          out.flush();
          sleep();
        });

    fetch();

    assertWeightsArrived();
    assertThat(getsOfWeights().get(1).headers()).containsEntry("Range", "bytes=7000-");
    assertThat(told).anyMatch(line -> line.contains("silent"));
  }

  @Test
  void aServerThatNeverAnswersIsLeft() throws Exception {
    hub.next("HEAD", "config.json", (request, out) -> sleep());

    fetch();

    assertWeightsArrived();
    assertThat(told).anyMatch(line -> line.contains("does not answer"));
  }

  @Test
  void aLengthThatIsNotTheAnnouncedOneIsNotBelieved() throws Exception {
    for (long lie : new long[] {FakeHub.WEIGHT_BYTES - 1, FakeHub.WEIGHT_BYTES + 1, 1L << 40}) {
      hub.next("GET", WEIGHTS, (request, out) -> RawServer.head(out, 200, lie));
    }

    fetch();

    assertWeightsArrived();
    assertThat(pauses).hasSize(3);
  }

  @Test
  void aBodyWithoutAnEndIsCutAtWhatWasAnnounced() throws Exception {
    hub.next("GET", WEIGHTS, BrokenConnectionsTest::endless);

    fetch();

    assertWeightsArrived();
    assertThat(told).anyMatch(line -> line.contains("more than it announced"));
  }

  @Test
  void aServerThatKnowsNoRangesStartsFromTheBeginning() throws Exception {
    hub.next("GET", WEIGHTS, cutAfter(WEIGHTS, 9999));
    hub.next(
        "GET",
        WEIGHTS,
        (request, out) -> {
          RawServer.head(out, 200, FakeHub.WEIGHT_BYTES);
          out.write(FakeHub.weights(1));
        });

    fetch();

    assertWeightsArrived();
  }

  @Test
  void aServerThatGoesOnElsewhereIsNotBelieved() throws Exception {
    hub.next("GET", WEIGHTS, cutAfter(WEIGHTS, 100));
    hub.next(
        "GET",
        WEIGHTS,
        (request, out) -> {
          RawServer.head(out, 206, 200_000, "Content-Range: bytes 100000-299999/300000");
          out.write(new byte[200_000]);
        });

    fetch();

    assertWeightsArrived();
    assertThat(told).anyMatch(line -> line.contains("does not go on where it broke off"));
  }

  @Test
  void aPartialFileThatIsTooLongIsDropped() throws Exception {
    plant(DIGEST + ".elastic-reset.incomplete", new byte[FakeHub.WEIGHT_BYTES + 1]);

    fetch();

    assertWeightsArrived();
  }

  @Test
  void whatThePythonLibraryLeftIsGoneOnWith() throws Exception {
    byte[] beginning = Arrays.copyOf(FakeHub.weights(1), 123_456);
    plant(DIGEST + ".incomplete", beginning);

    fetch();

    assertThat(Files.readAllBytes(snapshot().resolve(WEIGHTS))).isEqualTo(FakeHub.weights(1));
    assertThat(getsOfWeights().get(0).headers()).containsEntry("Range", "bytes=123456-");
    assertThat(repository().resolve("blobs").resolve(DIGEST + ".incomplete"))
        .hasBinaryContent(beginning);
  }

  @Test
  void aWrongDigestIsFetchedOnceMore() throws Exception {
    hub.next("GET", WEIGHTS, hub.rubbish(WEIGHTS));

    fetch();

    assertWeightsArrived();
    assertThat(told).anyMatch(line -> line.contains("wrong digest"));
  }

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, "config.json"})
  void aDigestThatIsWrongTwiceIsRefusedAndNothingOfItStays(String file) throws Exception {
    hub.next("GET", file, hub.rubbish(file));
    hub.next("GET", file, hub.rubbish(file));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("org/tiny: " + file + ": received twice with digest");

    assertThat(snapshot().resolve(file)).doesNotExist();
    try (var blobs = Files.list(repository().resolve("blobs"))) {
      assertThat(blobs).noneMatch(blob -> blob.toString().endsWith(".incomplete"));
    }
    assertThat(repository().resolve("refs")).doesNotExist();
  }

  @Test
  void aPartialFileThatRottedIsDroppedAndFetchedFromTheBeginning() throws Exception {
    plant(DIGEST + ".elastic-reset.incomplete", new byte[1000]);

    fetch();

    assertWeightsArrived();
    assertThat(getsOfWeights().get(1).headers()).doesNotContainKey("Range");
  }

  private static void endless(Request request, OutputStream out) throws IOException {
    RawServer.head(out, 200, -1);
    for (int i = 0; i < 100_000; i++) {
      out.write(new byte[10_000]);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void plant(String blob, byte[] content) throws IOException {
    Path blobs = Files.createDirectories(repository().resolve("blobs"));
    Files.write(blobs.resolve(blob), content);
  }

  private byte[] partial() throws IOException {
    return Files.readAllBytes(
        repository().resolve("blobs").resolve(DIGEST + ".elastic-reset.incomplete"));
  }

  private List<Request> getsOfWeights() {
    return hub.askedOfStore().stream().filter(r -> r.method().equals("GET")).toList();
  }

  private static String digestOfWeights() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(FakeHub.weights(1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
