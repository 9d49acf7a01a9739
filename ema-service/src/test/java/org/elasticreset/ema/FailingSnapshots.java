package org.elasticreset.ema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PendingReset;
import org.elasticreset.proto.v1.PolicyVersion;

/** Snapshots that fail at one of their durable steps, counted from 0. */
final class FailingSnapshots extends Snapshots {

  /** How it fails. */
  enum Failure {
    /** The process dies in the middle of the step. */
    KILLED_WITHIN,
    /** The process dies behind the step. */
    KILLED_BEHIND,
    /** There is no room on the disk. */
    DISK_FULL
  }

  /** SIGKILL: nothing that the service does catches it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Path directory;
  private final Failure failure;
  private int left;

  FailingSnapshots(Path directory, Failure failure, int at) {
    super(directory);
    this.directory = directory;
    this.failure = failure;
    left = at;
  }

  private interface Step {
    void run() throws IOException;
  }

  /** Whether it failed already. */
  boolean hasFailed() {
    return left < 0;
  }

  private void step(String unfinished, Step step) throws IOException {
    if (left-- != 0) {
      step.run();
      return;
    }
    switch (failure) {
      case KILLED_BEHIND -> {
        step.run();
        throw new Killed();
      }
      case KILLED_WITHIN -> {
        var half = Files.createDirectories(directory.resolve(unfinished + ".unfinished"));
        Files.writeString(half.resolve("policy.f32"), "half");
        throw new Killed();
      }
      case DISK_FULL -> throw new IOException("No space left on device");
    }
  }

  @Override
  void begin(OpenRun run, Weights weights) throws IOException {
    step("initial", () -> super.begin(run, weights));
  }

  @Override
  void serve(PolicyVersion version) throws IOException {
    step("served.txtpb", () -> super.serve(version));
  }

  @Override
  void write(Snapshot snapshot) throws IOException {
    step("step-%08d".formatted(snapshot.state().getStep()), () -> super.write(snapshot));
  }

  @Override
  void retain(Set<Long> steps) throws IOException {
    step("old", () -> super.retain(steps));
  }

  @Override
  void discardBeyond(long step) throws IOException {
    step("old", () -> super.discardBeyond(step));
  }

  @Override
  void request(PendingReset pending) throws IOException {
    step("requested.txtpb", () -> super.request(pending));
  }

  @Override
  void requestIsMet() throws IOException {
    step("old", super::requestIsMet);
  }
}
