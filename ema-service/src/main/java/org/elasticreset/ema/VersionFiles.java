package org.elasticreset.ema;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Status;

/**
 * The newest version on disk: written to a directory of its own, forced, and renamed into place, so
 * that what is there is whole whenever the process dies.
 *
 * <pre>
 *   initial/            run.txtpb (OpenRun)    weights.f32
 *   version-00000012/   status.txtpb (Status)  policy.f32  average.f32
 * </pre>
 *
 * <p>Weights are the float32 bytes of the contract; the rest is protobuf text, for people. A reset
 * that was requested and has not happened is not kept.
 */
final class VersionFiles {

  private static final Pattern VERSION = Pattern.compile("version-[0-9]{8,}");
  private static final String UNFINISHED = ".unfinished";

  private final Path directory;

  VersionFiles(Path directory) {
    this.directory = directory;
  }

  /** Writes a version, then deletes the ones before it. */
  void save(SavedVersion version) throws IOException {
    Files.createDirectories(directory);
    if (version.policy().version().getVersion() == 1) {
      place(
          "initial",
          unfinished -> {
            writeText(unfinished.resolve("run.txtpb"), version.run().toString());
            writeWeights(unfinished.resolve("weights.f32"), version.initial());
          });
    }
    var older = versions();
    place(
        "version-%08d".formatted(version.policy().version().getVersion()),
        unfinished -> {
          writeText(unfinished.resolve("status.txtpb"), status(version).toString());
          writeWeights(unfinished.resolve("policy.f32"), version.policy().weights());
          writeWeights(unfinished.resolve("average.f32"), version.average());
        });
    for (var path : older) {
      delete(path);
    }
  }

  /**
   * Reads the newest version; empty if there is none.
   *
   * @throws IOException if the files belong to another run or are damaged
   */
  Optional<SavedVersion> load(String runId) throws IOException {
    var versions = versions();
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    var newest = versions.get(versions.size() - 1);
    var initial = directory.resolve("initial");
    var run = TextFormat.parse(Files.readString(initial.resolve("run.txtpb")), OpenRun.class);
    var status = TextFormat.parse(Files.readString(newest.resolve("status.txtpb")), Status.class);
    if (!run.getRunId().equals(runId)) {
      throw new IOException(
          "ema.directory: %s holds run %s (expected: run %s, or an empty directory)"
              .formatted(directory, run.getRunId(), runId));
    }
    var layout = AveragedPolicy.layout(run);
    var policy =
        new PublishedPolicy(
            status.getNewest(), layout, readWeights(newest.resolve("policy.f32"), layout));
    var initialWeights = readWeights(initial.resolve("weights.f32"), layout);
    requireDigest(initial, initialWeights, run.getInitialDigest().toByteArray());
    requireDigest(newest, policy.weights(), status.getNewest().getDigest().toByteArray());
    var counters =
        new ElasticReset.State(
            status.getUpdates(),
            status.getUpdatesSinceReset(),
            status.getNewest().getResetEpoch(),
            Optional.empty());
    return Optional.of(
        new SavedVersion(
            run,
            policy,
            counters,
            initialWeights,
            readWeights(newest.resolve("average.f32"), layout)));
  }

  private static Status status(SavedVersion version) {
    return Status.newBuilder()
        .setRunId(version.run().getRunId())
        .setNewest(version.policy().version())
        .setUpdates(version.resetState().updates())
        .setUpdatesSinceReset(version.resetState().updatesSinceReset())
        .build();
  }

  private interface Contents {
    void writeTo(Path directory) throws IOException;
  }

  /** Writes a directory under another name and gives it its own when it is complete and forced. */
  private void place(String name, Contents contents) throws IOException {
    var unfinished = directory.resolve(name + UNFINISHED);
    var finished = directory.resolve(name);
    delete(unfinished);
    delete(finished);
    Files.createDirectories(unfinished);
    contents.writeTo(unfinished);
    force(unfinished);
    Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
  }

  private List<Path> versions() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var paths = Files.list(directory)) {
      return paths
          .filter(path -> VERSION.matcher(path.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private static void writeText(Path file, String text) throws IOException {
    Files.writeString(file, text);
    force(file);
  }

  private static void writeWeights(Path file, Weights weights) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      weights.writeTo(channel);
      channel.force(true);
    }
  }

  private static Weights readWeights(Path file, PolicyLayout layout) throws IOException {
    try (var channel = FileChannel.open(file)) {
      if (channel.size() != layout.totalBytes()) {
        throw new IOException(
            "%s: %d bytes (expected: %d)".formatted(file, channel.size(), layout.totalBytes()));
      }
      return Weights.readFrom(channel);
    }
  }

  private static void requireDigest(Path of, Weights weights, byte[] digest) throws IOException {
    if (!Arrays.equals(weights.digest(), digest)) {
      throw new IOException(
          "%s: the weights are damaged (their SHA-256 is not the recorded one)".formatted(of));
    }
  }

  private static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (var files = Files.walk(path)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
