package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/**
 * The checkpoints of a run, one directory for each step.
 *
 * <pre>
 *   step-00000012/   what the writer put there   SHA256SUMS
 * </pre>
 *
 * <p>A checkpoint is written under another name, forced to the disk with its digests, and renamed
 * into place: it is whole or absent whenever the process or the machine dies. {@code sha256sum -c
 * SHA256SUMS} checks it by hand; {@link #verified} does before it is used. One writer at a time.
 */
public final class Checkpoints {

  private static final Pattern STEP = Pattern.compile("step-([0-9]{8,18})");

  private final Path directory;

  /** Of this directory, which the first checkpoint creates. */
  public Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes the checkpoint of a step; one of that step that exists is replaced.
   *
   * @return its directory
   * @throws IOException if it could not be made durable; then it is absent
   */
  public Path write(long step, DurableFiles.Contents contents) throws IOException {
    return begin(step, contents).finish(unfinished -> {});
  }

  /**
   * Writes a part of the checkpoint of a step.
   *
   * @throws IOException if it could not be made durable; then nothing is left of it
   */
  public UnfinishedCheckpoint begin(long step, DurableFiles.Contents contents) throws IOException {
    var begun = new UnfinishedCheckpoint(directory.resolve(name(step)));
    begun.add(contents);
    return begun;
  }

  /** Steps that have a checkpoint, newest first; intact or not. */
  public List<Long> steps() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var paths = Files.list(directory)) {
      return paths
          .map(path -> STEP.matcher(path.getFileName().toString()))
          .filter(name -> name.matches())
          .map(name -> Long.valueOf(name.group(1)))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  /** Where the checkpoint of a step is, if there is one; nothing of it is checked. */
  public Path directory(long step) {
    return directory.resolve(name(step));
  }

  /**
   * The directory of the checkpoint of a step, all of whose files have the digests they were
   * written with.
   *
   * @throws DamagedCheckpointException if it is absent, torn, truncated or edited
   */
  public Path verified(long step) throws DamagedCheckpointException, IOException {
    Path checkpoint = directory.resolve(name(step));
    if (!Files.isDirectory(checkpoint)) {
      throw new DamagedCheckpointException(
          checkpoint + ": no such checkpoint (kept: " + steps() + ")");
    }
    Sha256Sums.check(checkpoint);
    return checkpoint;
  }

  /** Steps whose checkpoints are to stay, newest first; none is deleted. */
  public List<Long> kept(Retention retention, Instant now) throws IOException {
    List<Long> kept = new ArrayList<>();
    for (long step : steps()) {
      Instant written = Files.getLastModifiedTime(directory.resolve(name(step))).toInstant();
      if (retention.keeps(kept.size(), written, now)) {
        kept.add(step);
      }
    }
    return kept;
  }

  /** Deletes the checkpoints of these steps. */
  public void deleteIf(LongPredicate step) throws IOException {
    for (long existing : steps()) {
      if (step.test(existing)) {
        DurableFiles.delete(directory.resolve(name(existing)));
      }
    }
  }

  private static String name(long step) {
    return "step-%08d".formatted(step);
  }
}
