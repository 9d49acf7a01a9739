package org.elasticreset.reward.learned;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Opens every version that is announced, and offers it to be scored with. */
final class VersionFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(VersionFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final long RETRY_MILLIS = 5_000;

  private final String runId;
  private final Map<String, ?> client;
  private final VersionFolders folders;
  private final Function<Path, SequenceClassifier> models;
  private final LearnedReward reward;
  private final Thread thread = new Thread(this::run, "reward-versions");
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable RewardModelVersion wanted;
  private long here;
  private long retryNanos = System.nanoTime();
  private String lastFailure = "";

  /**
   * @param client settings of a client of Kafka
   * @param models opens a folder
   */
  VersionFollower(
      String runId,
      Map<String, ?> client,
      VersionFolders folders,
      Function<Path, SequenceClassifier> models,
      LearnedReward reward) {
    this.runId = runId;
    this.client = Map.copyOf(client);
    this.folders = folders;
    this.models = models;
    this.reward = reward;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (closed.getCount() > 0) {
      try (var versions = new VersionTopic(runId, client)) {
        follow(versions);
      } catch (RuntimeException e) {
        LOG.warnf(e, "reward models not heard of, tried again in_millis=%d", RETRY_MILLIS);
        pause();
      }
    }
  }

  private void follow(VersionTopic versions) {
    while (closed.getCount() > 0) {
      for (RewardModelVersion version : versions.poll(POLL)) {
        if (version.getAdopted() && version.getVersion() > numberOf(wanted)) {
          wanted = version;
          retryNanos = System.nanoTime();
        }
      }
      if (versions.isCaughtUp()) {
        catchUp();
      }
    }
  }

  /** Only the newest is opened, however many were announced meanwhile. */
  private void catchUp() {
    RewardModelVersion version = wanted;
    if (version != null && here < version.getVersion()) {
      if (retryNanos - System.nanoTime() > 0) {
        return;
      }
      try {
        reward.offer(version, models.apply(folders.verified(version)));
        here = version.getVersion();
      } catch (DamagedCheckpointException
          | IOException
          | ModelFormatException
          | IllegalArgumentException e) {
        failed(version, String.valueOf(e.getMessage()));
        return;
      }
    }
    reward.ready();
  }

  /** A folder may be seen a little later than its announcement. */
  private void failed(RewardModelVersion version, String failure) {
    retryNanos = System.nanoTime() + RETRY_MILLIS * 1_000_000;
    if (!failure.equals(lastFailure)) {
      lastFailure = failure;
      LOG.errorf(
          "reward model not opened version=%d here=%d reason=\"%s\"",
          version.getVersion(), here, failure);
    }
  }

  private static long numberOf(@Nullable RewardModelVersion version) {
    return version == null ? 0 : version.getVersion();
  }

  private void pause() {
    try {
      boolean unused = closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(STOP_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
