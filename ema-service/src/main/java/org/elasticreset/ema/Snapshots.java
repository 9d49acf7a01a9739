package org.elasticreset.ema;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.elasticreset.checkpoint.Checkpoints;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.AverageSnapshot;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PendingReset;
import org.elasticreset.proto.v1.PolicyVersion;

/**
 * What the service keeps on the disk.
 *
 * <pre>
 *   initial/         run.txtpb (OpenRun)  weights.f32
 *   step-00000012/   average.txtpb (AverageSnapshot)  policy.f32  average.f32  SHA256SUMS
 *   served.txtpb     the highest version ever served (PolicyVersion)
 *   requested.txtpb  the reset that an operator waits for (PendingReset)
 *   paused.txtpb     who holds the run (PauseRequest); of Pause
 *   audit.journal    who did what (TrainingEvent, each behind its length); of AuditJournal
 * </pre>
 *
 * <p>Weights are the float32 bytes of the contract; the rest is protobuf text, for people. Each of
 * these is whole or absent whenever the process dies, and on the disk when its method returns.
 */
class Snapshots {

  private static final int DIGEST_BYTES = 32;

  private final Path directory;
  private final Path initial;
  private final Path served;
  private final Path requested;
  private final Checkpoints checkpoints;
  private final LongAdder written = new LongAdder();
  private final LongAdder writtenNanos = new LongAdder();

  Snapshots(Path directory) {
    this.directory = directory;
    initial = directory.resolve("initial");
    served = directory.resolve("served.txtpb");
    requested = directory.resolve("requested.txtpb");
    checkpoints = new Checkpoints(directory);
  }

  /** Deletes what a process that died had begun. */
  void clean() throws IOException {
    if (Files.isDirectory(directory)) {
      try (var paths = Files.list(directory)) {
        for (var path : paths.toList()) {
          if (path.getFileName().toString().endsWith(DurableFiles.UNFINISHED)) {
            DurableFiles.delete(path);
          }
        }
      }
    }
  }

  /** The run whose initial policy is here, as its learner opened it. */
  Optional<OpenRun> run() throws IOException {
    var file = initial.resolve("run.txtpb");
    return Files.exists(initial) ? Optional.of(read(file, OpenRun.class)) : Optional.empty();
  }

  /** Writes the initial policy, θ₀. */
  void begin(OpenRun run, Weights weights) throws IOException {
    if (holds(run)) {
      return;
    }
    DurableFiles.place(
        initial,
        unfinished -> {
          Files.writeString(unfinished.resolve("run.txtpb"), run.toString());
          write(unfinished.resolve("weights.f32"), weights);
        });
  }

  private boolean holds(OpenRun run) {
    try {
      return run().equals(Optional.of(run)) && initial(run, RunStart.layout(run)).size() > 0;
    } catch (IOException | DamagedCheckpointException e) {
      return false;
    }
  }

  /** θ₀, checked by the digest that the learner gave. */
  Weights initial(OpenRun run, PolicyLayout layout) throws DamagedCheckpointException, IOException {
    return weights(initial.resolve("weights.f32"), layout, run.getInitialDigest().toByteArray());
  }

  /** The highest version ever served. */
  Optional<PolicyVersion> served() throws IOException {
    if (!Files.exists(served)) {
      return Optional.empty();
    }
    var version = read(served, PolicyVersion.class);
    if (version.getVersion() < 1 || version.getDigest().size() != DIGEST_BYTES) {
      throw new IOException(
          served + ": is cut short (expected: a PolicyVersion, with version and digest)");
    }
    return Optional.of(version);
  }

  /** From now on the highest version ever served; before it is. */
  void serve(PolicyVersion version) throws IOException {
    DurableFiles.replace(served, version.toString());
  }

  /** The reset that was asked for and has not happened. */
  Optional<PendingReset> requested() throws IOException {
    return Files.exists(requested)
        ? Optional.of(read(requested, PendingReset.class))
        : Optional.empty();
  }

  /** A reset is asked for; before the operator hears that it is. */
  void request(PendingReset pending) throws IOException {
    DurableFiles.replace(requested, pending.toString());
  }

  /** The reset has happened. */
  void requestIsMet() throws IOException {
    Files.deleteIfExists(requested);
  }

  /** Steps that have a snapshot, newest first; intact or not. */
  List<Long> steps() throws IOException {
    return checkpoints.steps();
  }

  /** Writes the snapshot of a step. */
  void write(Snapshot snapshot) throws IOException {
    long start = System.nanoTime();
    checkpoints.write(
        snapshot.state().getStep(),
        unfinished -> {
          Files.writeString(unfinished.resolve("average.txtpb"), snapshot.state().toString());
          write(unfinished.resolve("policy.f32"), snapshot.policy());
          write(unfinished.resolve("average.f32"), snapshot.average());
        });
    written.increment();
    writtenNanos.add(System.nanoTime() - start);
  }

  /**
   * Reads the snapshot of a step.
   *
   * @throws DamagedCheckpointException if it is absent, or not as it was written
   */
  Snapshot read(long step, PolicyLayout layout) throws DamagedCheckpointException {
    try {
      return readVerified(step, layout);
    } catch (IOException e) {
      // What cannot be read is as good as damaged: an older one may be whole.
      throw new DamagedCheckpointException("snapshot of step %d: %s".formatted(step, e));
    }
  }

  /** Step, version and counters of a snapshot, which may be damaged otherwise. */
  AverageSnapshot state(long step) throws IOException {
    return read(checkpoints.directory(step).resolve("average.txtpb"), AverageSnapshot.class);
  }

  /**
   * The policy of a snapshot, without its average, checked by its digest.
   *
   * @throws DamagedCheckpointException if it is not as it was written
   */
  Weights policy(AverageSnapshot state, PolicyLayout layout)
      throws DamagedCheckpointException, IOException {
    return weights(
        checkpoints.directory(state.getStep()).resolve("policy.f32"),
        layout,
        state.getPolicyDigest().toByteArray());
  }

  private Snapshot readVerified(long step, PolicyLayout layout)
      throws DamagedCheckpointException, IOException {
    var folder = checkpoints.verified(step);
    var state = read(folder.resolve("average.txtpb"), AverageSnapshot.class);
    if (state.getStep() != step) {
      throw new DamagedCheckpointException(
          "%s: is of step %d (expected: step %d)".formatted(folder, state.getStep(), step));
    }
    return new Snapshot(
        state,
        weights(folder.resolve("policy.f32"), layout, state.getPolicyDigest().toByteArray()),
        weights(folder.resolve("average.f32"), layout));
  }

  /** Deletes the snapshots of other steps than these. */
  void retain(Set<Long> steps) throws IOException {
    checkpoints.deleteIf(step -> !steps.contains(step));
  }

  /** Deletes the snapshots of later steps; for good before this returns. */
  void discardBeyond(long step) throws IOException {
    if (steps().stream().anyMatch(kept -> kept > step)) {
      checkpoints.deleteIf(kept -> kept > step);
      DurableFiles.force(directory);
    }
  }

  /** Snapshots that this process has written. */
  long written() {
    return written.sum();
  }

  /** Time that it took to write them. */
  long writtenNanos() {
    return writtenNanos.sum();
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  private static <T extends Message> T read(Path file, Class<T> type) throws IOException {
    try {
      return TextFormat.parse(Files.readString(file), type);
    } catch (TextFormat.ParseException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Weights weights(Path file, PolicyLayout layout, byte[] digest)
      throws DamagedCheckpointException, IOException {
    var weights = weights(file, layout);
    if (!Arrays.equals(weights.digest(), digest)) {
      throw new DamagedCheckpointException(
          file + ": the weights are damaged (their SHA-256 is not the recorded one)");
    }
    return weights;
  }

  private static Weights weights(Path file, PolicyLayout layout)
      throws DamagedCheckpointException, IOException {
    try (var channel = FileChannel.open(file)) {
      if (channel.size() != layout.totalBytes()) {
        throw new DamagedCheckpointException(
            "%s: %d bytes (expected: %d)".formatted(file, channel.size(), layout.totalBytes()));
      }
      return Weights.readFrom(channel);
    }
  }

  private static void write(Path file, Weights weights) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      weights.writeTo(channel);
    }
  }
}
