package org.elasticreset.learner;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.elasticreset.checkpoint.Checkpoints;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.checkpoint.Retention;
import org.elasticreset.checkpoint.UnfinishedCheckpoint;
import org.elasticreset.proto.v1.LearnerCheckpoint;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The learner's half of the pairs that a run goes on from: {@code learner.txtpb} beside the weights
 * of policy, value head and optimizer. The weights may be written while the loop is about something
 * else that only reads them; what they are beside is known later.
 */
final class RunCheckpoints implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RunCheckpoints.class);
  private static final String STATE = "learner.txtpb";

  private final Checkpoints checkpoints;
  private final Path directory;
  private final Retention retention;
  private final String runId;
  private final Map<String, String> settings;
  private final Clock clock;
  private final Executor beside;
  private @Nullable Begun begun;
  private CompletableFuture<Void> deleting = CompletableFuture.completedFuture(null);

  /** Weights of a step on their way to the disk. */
  private record Begun(long step, CompletableFuture<UnfinishedCheckpoint> weights) {}

  /**
   * Of one run.
   *
   * @param settings that must be the same where the run goes on
   * @param beside writes weights that were begun and deletes what need not be kept, in this order
   */
  RunCheckpoints(
      LearnerConfig.Checkpoint config,
      String runId,
      Map<String, String> settings,
      Clock clock,
      Executor beside) {
    this.directory = config.directory();
    this.checkpoints = new Checkpoints(directory);
    this.retention = new Retention(config.keep(), config.maxAge());
    this.runId = runId;
    this.settings = new TreeMap<>(settings);
    this.clock = clock;
    this.beside = beside;
  }

  /** A checkpoint that is whole. */
  record Intact(LearnerCheckpoint state, Path directory) {}

  /** Steps that have a checkpoint, newest first; intact or not. */
  List<Long> steps() {
    try {
      return checkpoints.steps();
    } catch (IOException e) {
      throw unusable("could not be listed", e);
    }
  }

  /**
   * Reads the checkpoint of a step; empty if it is damaged, which is said.
   *
   * @throws InvalidSettingsException if it belongs to another run or to other settings
   */
  Optional<Intact> read(long step) {
    try {
      Path checkpoint = checkpoints.verified(step);
      LearnerCheckpoint state =
          TextFormat.parse(Files.readString(checkpoint.resolve(STATE)), LearnerCheckpoint.class);
      requireSameRun(checkpoint, state);
      return Optional.of(new Intact(state, checkpoint));
    } catch (DamagedCheckpointException | TextFormat.ParseException e) {
      LOG.warnf("checkpoint damaged step=%d reason=\"%s\"; trying the one before", step, e);
      return Optional.empty();
    } catch (IOException e) {
      throw unusable("of step " + step + " could not be read", e);
    }
  }

  private void requireSameRun(Path checkpoint, LearnerCheckpoint state) {
    if (!state.getRunId().equals(runId)) {
      throw new InvalidSettingsException(
          "learner.checkpoint.directory: %s holds run %s (expected: run %s, or an empty directory)"
              .formatted(directory, state.getRunId(), runId));
    }
    settings.forEach(
        (key, value) -> {
          String before = state.getSettingsMap().getOrDefault(key, "");
          if (!before.equals(value)) {
            throw new InvalidSettingsException(
                "learner.%s: %s (expected: %s, with which %s was written; a run goes on with the work it began)"
                    .formatted(key, value, before, checkpoint));
          }
        });
  }

  /**
   * Begins to write what the policy of a step goes on from, which must stay as it is until {@link
   * #write}, or be taken back.
   */
  void begin(long step, TrainedPolicy policy) {
    begun = newlyBegun(step, policy);
  }

  private Begun newlyBegun(long step, TrainedPolicy policy) {
    takeBack();
    return new Begun(
        step, CompletableFuture.supplyAsync(() -> writtenWeights(step, policy), beside));
  }

  private UnfinishedCheckpoint writtenWeights(long step, TrainedPolicy policy) {
    try {
      return checkpoints.begin(step, policy::saveState);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was begun, if anything, is not going to be: the weights are others now. */
  void takeBack() {
    if (begun != null) {
      CompletableFuture<UnfinishedCheckpoint> weights = begun.weights();
      begun = null;
      try {
        weights.join().discard();
      } catch (CompletionException | IOException e) {
        // Who begins that step again deletes what is left.
        LOG.debugf(e, "checkpoint that was begun not deleted");
      }
    }
  }

  /** Nothing is written any more. */
  @Override
  public void close() {
    takeBack();
    deleting.join();
  }

  /**
   * Makes the state durable. What need not be kept any more is deleted beside what follows.
   *
   * @return the steps that the ema-service has to keep: those kept here, and those whose policy
   *     masks what follows one of them
   */
  List<Long> write(LearnerCheckpoint.Builder state, TrainedPolicy policy) {
    LearnerCheckpoint complete = state.setRunId(runId).putAllSettings(settings).build();
    try {
      weights(complete.getStep(), policy)
          .finish(unfinished -> Files.writeString(unfinished.resolve(STATE), complete.toString()));
      List<Long> kept = checkpoints.kept(retention, clock.instant());
      deleteBeside(checkpoints.steps().stream().filter(step -> !kept.contains(step)).toList());
      return complete.getMaskPolicyVersion() == 0 ? kept : withMasks(kept);
    } catch (IOException e) {
      throw unusable("of step " + complete.getStep() + " could not be written", e);
    }
  }

  private UnfinishedCheckpoint weights(long step, TrainedPolicy policy) throws IOException {
    Begun of = begun;
    if (of == null || of.step() != step) {
      of = newlyBegun(step, policy);
    }
    begun = null;
    try {
      return of.weights().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        throw failed.getCause();
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      if (e.getCause() instanceof Error failed) {
        throw failed;
      }
      throw e;
    }
  }

  /** These alone: there may be a newer one by the time that it comes to it. */
  private void deleteBeside(List<Long> expired) {
    deleting = CompletableFuture.runAsync(() -> delete(expired), beside);
  }

  private void delete(List<Long> expired) {
    try {
      checkpoints.deleteIf(expired::contains);
    } catch (IOException | UncheckedIOException e) {
      // Whoever writes the next one tries again.
      LOG.warnf("old checkpoints not deleted steps=%s reason=\"%s\"", expired, e);
    }
  }

  private List<Long> withMasks(List<Long> kept) throws IOException {
    Set<Long> all = new LinkedHashSet<>(kept);
    for (long step : kept) {
      try {
        String state = Files.readString(checkpoints.directory(step).resolve(STATE));
        all.add(TextFormat.parse(state, LearnerCheckpoint.class).getMaskStep());
      } catch (TextFormat.ParseException e) {
        // Damaged: nobody goes on from it.
        LOG.warnf("checkpoint damaged step=%d reason=\"%s\"", step, e);
      }
    }
    return List.copyOf(all);
  }

  private CheckpointException unusable(String what, IOException cause) {
    return new CheckpointException(
        "learner.checkpoint.directory: the checkpoint in %s %s: %s (expected: a directory with space for %d checkpoints; nothing was lost, the run goes on from the one before)"
            .formatted(directory, what, cause, retention.count() + 1),
        cause);
  }
}
