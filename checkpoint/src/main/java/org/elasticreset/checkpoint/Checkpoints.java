package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
  private static final String UNFINISHED = ".unfinished";

  private final Path directory;

  /** Of this directory, which the first checkpoint creates. */
  public Checkpoints(Path directory) {
    this.directory = directory;
  }

  /** Puts files into the directory of a checkpoint. */
  public interface Contents {
    /** Writes any number of files, no folders; they are forced to the disk for the writer. */
    void writeTo(Path unfinished) throws IOException;
  }

  /**
   * Writes the checkpoint of a step; one of that step that exists is replaced.
   *
   * @return its directory
   * @throws IOException if it could not be made durable; then it is absent
   */
  public Path write(long step, Contents contents) throws IOException {
    Path finished = directory.resolve(name(step));
    Path unfinished = directory.resolve(name(step) + UNFINISHED);
    Files.createDirectories(directory);
    deleteTree(unfinished);
    try {
      Files.createDirectory(unfinished);
      contents.writeTo(unfinished);
      Digests.write(unfinished);
      forceFiles(unfinished);
      deleteTree(finished);
      Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
      force(directory);
      return finished;
    } catch (IOException | RuntimeException e) {
      deleteAfter(e, unfinished);
      throw e;
    }
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
    Digests.check(checkpoint);
    return checkpoint;
  }

  /**
   * Deletes what need not stay.
   *
   * @return steps whose checkpoints stay, newest first
   */
  public List<Long> retain(Retention retention, Instant now) throws IOException {
    List<Long> kept = new ArrayList<>();
    for (long step : steps()) {
      Path checkpoint = directory.resolve(name(step));
      Instant written = Files.getLastModifiedTime(checkpoint).toInstant();
      if (retention.keeps(kept.size(), written, now)) {
        kept.add(step);
      } else {
        deleteTree(checkpoint);
      }
    }
    return kept;
  }

  /** Deletes the checkpoints of these steps. */
  public void deleteIf(LongPredicate step) throws IOException {
    for (long existing : steps()) {
      if (step.test(existing)) {
        deleteTree(directory.resolve(name(existing)));
      }
    }
  }

  private static String name(long step) {
    return "step-%08d".formatted(step);
  }

  private static void forceFiles(Path checkpoint) throws IOException {
    try (var files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        force(file);
      }
    }
    force(checkpoint);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }

  private static void deleteAfter(Exception failure, Path unfinished) {
    try {
      deleteTree(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var paths = Files.walk(tree)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
