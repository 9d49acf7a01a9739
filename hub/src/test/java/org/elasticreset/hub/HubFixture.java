package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A fake Hub, an empty cache, pauses that are noted and not made. */
abstract class HubFixture {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;

  final FakeHub hub = new FakeHub();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<String> received = new CopyOnWriteArrayList<>();
  Surroundings.Links links = Files::createSymbolicLink;
  Optional<HubToken> token = Optional.empty();
  boolean offline;
  long freeBytes = Long.MAX_VALUE;

  @AfterEach
  void closeTheHub() {
    hub.close();
  }

  Path cache() {
    return directory.resolve("cache");
  }

  Path repository() {
    return cache().resolve("models--org--tiny");
  }

  Path snapshot() {
    return repository().resolve("snapshots").resolve(FakeHub.COMMIT);
  }

  /**
   * As the Hub's, and cut only when what was sent is in the cache: of what arrives just before a
   * connection ends in an error, a client may lose what it has not read yet.
   */
  RawServer.Answer cutAfter(String file, int bytes) {
    var sent = hub.cutAfter(file, bytes);
    return (request, out) -> {
      sent.write(request, out);
      out.flush();
      String range = request.headers().getOrDefault("Range", "bytes=0-");
      long written = Long.parseLong(range.replaceAll("[^0-9]", "")) + bytes;
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (bytesInTheCache() < written && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
    };
  }

  private long bytesInTheCache() throws IOException {
    if (!Files.isDirectory(repository().resolve("blobs"))) {
      return 0;
    }
    long bytes = 0;
    try (var partials = Files.newDirectoryStream(repository().resolve("blobs"), "*.incomplete")) {
      for (Path partial : partials) {
        bytes = Math.max(bytes, Files.size(partial));
      }
    }
    return bytes;
  }

  HubModels models() {
    var listener =
        new HubListener() {
          @Override
          public void received(String model, String file, long bytes, long total) {
            received.add(model + " " + file + " " + bytes + "/" + total);
          }

          @Override
          public void told(String line) {
            told.add(line);
          }
        };
    return new HubModels(
        new HubSettings(hub.address(), cache(), token, offline),
        listener,
        new Surroundings(
            pauses::add,
            InstantSource.fixed(NOW),
            (link, target) -> links.create(link, target),
            path -> freeBytes,
            Duration.ofMillis(800)));
  }

  Path fetch() throws HubException, InterruptedException {
    return fetch(FakeHub.MODEL);
  }

  Path fetch(String name) throws HubException, InterruptedException {
    return models().directory(name, directory);
  }

  void assertWeightsArrived() throws IOException {
    assertThat(Files.readAllBytes(snapshot().resolve("model.safetensors")))
        .isEqualTo(FakeHub.weights(1));
    try (var blobs = Files.list(repository().resolve("blobs"))) {
      assertThat(blobs).noneMatch(blob -> blob.toString().endsWith(".incomplete"));
    }
  }

  static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
