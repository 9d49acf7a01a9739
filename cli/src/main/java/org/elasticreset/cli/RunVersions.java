package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.elasticreset.checkpoint.Checkpoints;
import org.elasticreset.checkpoint.DamagedCheckpointException;

/**
 * The versions of what a run trains that are on the disk: an ema-service's snapshots, of the steps
 * that a run could go on from, or of the last step once it has ended well. Each has the policy and
 * the average, as the float32 bytes of what is trained.
 *
 * @param averages where they are while the run can go on
 * @param kept where the last one is after that
 */
record RunVersions(RunDirectory run, Path averages, Path kept) {
  private static final String POLICY = "policy.f32";
  private static final String AVERAGE = "average.f32";

  /** Of the policy; of a game of two, the sender. */
  static RunVersions of(RunDirectory run) {
    return new RunVersions(run, run.averages(), run.versions());
  }

  /** Of the receiver of a game of two. */
  static RunVersions ofReceiver(RunDirectory run) {
    return new RunVersions(run, run.receiverAverages(), run.receiverVersions());
  }

  /**
   * Which one is meant.
   *
   * @param average θ̄ rather than the policy
   * @param step absent: the newest
   */
  record Wanted(boolean average, OptionalLong step) {
    static final String EXPECTED = "latest, average or step N";

    /** Reads {@code latest}, {@code average} or {@code step N}. */
    static Wanted parse(String text) {
      if (text.equals("latest") || text.equals("average")) {
        return new Wanted(text.equals("average"), OptionalLong.empty());
      }
      if (text.matches("step \\d{1,18}")) {
        return new Wanted(false, OptionalLong.of(Long.parseLong(text.substring(5))));
      }
      throw InvalidInputException.of("--version", text, EXPECTED);
    }

    private Path in(Path snapshot) {
      return snapshot.resolve(average ? AVERAGE : POLICY);
    }
  }

  /**
   * The file of a version, all of whose bytes are those that were written.
   *
   * @throws InvalidInputException if there is none, naming the steps that there are
   */
  Path weights(Wanted wanted) {
    try {
      List<Long> damaged = new ArrayList<>();
      for (long step : wanted.step().isPresent() ? List.of(wanted.step().getAsLong()) : steps()) {
        for (Path place : places()) {
          try {
            return wanted.in(new Checkpoints(place).verified(step));
          } catch (DamagedCheckpointException e) {
            damaged.add(step);
          }
        }
      }
      String steps = steps().stream().map(String::valueOf).collect(Collectors.joining(", "));
      throw InvalidInputException.of(
          "--version",
          wanted.step().isPresent() ? "step " + wanted.step().getAsLong() : "newest",
          steps.isEmpty()
              ? "a run with versions; there is none in " + places()
              : "an intact one of steps " + steps + ", which " + run.path() + " keeps");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> places() {
    return List.of(averages, kept);
  }

  private List<Long> steps() throws IOException {
    List<Long> steps = new ArrayList<>();
    for (Path place : places()) {
      steps.addAll(new Checkpoints(place).steps());
    }
    return steps;
  }

  /** Moves what export needs out of the state of a run that has ended. */
  static void keepNewest(RunDirectory run) {
    try {
      of(run).keepNewest();
      ofReceiver(run).keepNewest();
      if (Files.exists(run.versions()) && Files.exists(run.inputs())) {
        Files.move(run.inputs(), run.versions().resolve(run.inputs().getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keepNewest() throws IOException {
    List<Long> steps = new Checkpoints(averages).steps();
    if (!steps.isEmpty()) {
      Path snapshot = averages.resolve("step-%08d".formatted(steps.get(0)));
      Files.createDirectories(kept);
      Files.move(snapshot, kept.resolve(snapshot.getFileName()));
    }
  }

  /** The digests of the files that the run learns from. */
  static Path inputs(RunDirectory run) {
    return Files.exists(run.inputs())
        ? run.inputs()
        : run.versions().resolve(run.inputs().getFileName());
  }
}
