package org.elasticreset.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a model on the newest policy. Announced versions are fetched in the background while the
 * model works; {@link #adopt} puts the fetched weights into the model between two batches, so that
 * no batch sees two versions. Versions never go backwards.
 *
 * <p>{@link #announce} may be called by any thread; {@link #adopt} by the model's thread only.
 */
public final class PolicyFollower {

  private static final Logger LOG = Logger.getLogger(PolicyFollower.class);

  /**
   * A version is announced, or asked for by a batch, only after it is served. Whoever hears this
   * often that it is not has been told of a version that does not exist.
   */
  private static final int REFUTATIONS = 5;

  /** Who published a version may have died before announcing it. */
  private static final Duration ASK_AFTER = Duration.ofSeconds(10);

  private final String runId;
  private final PolicySource source;
  private final ReplaceableWeights model;
  private final Executor fetching;
  private final Backoff backoff;
  private final Clock clock;
  private final PolicyFeedMetrics metrics;

  // Guarded by this.
  private long announced;
  private long needed;
  private int refutations;
  private Instant behindSince;
  private boolean fetchUnderWay;
  private boolean closed;
  private @Nullable PolicyVersion fetched;
  private @Nullable FetchedPolicy staged;
  private @Nullable PolicyVersion held;

  /** Version whose average is in the model, in the place of a policy; 0 if none is. */
  private long averageHeld;

  private String lastFailure = "not announced yet";

  /**
   * @param fetching runs at most one fetch of this follower at a time
   */
  public PolicyFollower(
      String runId,
      PolicySource source,
      ReplaceableWeights model,
      Executor fetching,
      Backoff backoff,
      Clock clock,
      PolicyFeedMetrics metrics) {
    this.runId = runId;
    this.source = source;
    this.model = model;
    this.fetching = fetching;
    this.backoff = backoff;
    this.clock = clock;
    this.metrics = metrics;
    this.behindSince = clock.instant();
  }

  /** Says which version the model's own weights are, so that nothing has to be fetched first. */
  public synchronized void hold(PolicyVersion version) {
    fetched = version;
    held = version;
    metrics.adopted(version);
    notifyAll();
  }

  /**
   * A version was announced: fetches it in the background unless it is older than what is here.
   *
   * @throws IllegalArgumentException if it is of another run
   */
  public void announce(PolicyVersion version) {
    if (!version.getRunId().equals(runId)) {
      throw new IllegalArgumentException(
          "run_id: " + version.getRunId() + " (expected: " + runId + ")");
    }
    synchronized (this) {
      if (version.getVersion() > announced) {
        refutations = 0;
        if (versionOf(fetched) >= announced) {
          behindSince = clock.instant();
        }
        announced = version.getVersion();
        fetchIfBehind();
      }
    }
  }

  /**
   * Puts the newest fetched policy into the model, after waiting for one that is at least {@code
   * minimum}.
   *
   * @return the version that the model now holds; it stays until the next call
   * @throws PolicyUnavailableException if none came within {@code patience}
   * @throws InterruptedException if this was closed meanwhile
   */
  public PolicyVersion adopt(long minimum, Duration patience) throws InterruptedException {
    synchronized (this) {
      await(Math.max(1, minimum), patience);
    }
    return adoptFetched();
  }

  /**
   * Puts the newest fetched policy into the model, after waiting for one that came out of a
   * training step or of a later one.
   *
   * @return the version that the model now holds; it stays until the next call
   * @throws PolicyUnavailableException if none came within {@code patience}
   * @throws InterruptedException if this was closed meanwhile
   */
  public PolicyVersion adoptOfStep(long step, Duration patience) throws InterruptedException {
    synchronized (this) {
      awaitStep(step, patience);
    }
    return adoptFetched();
  }

  private PolicyVersion adoptFetched() {
    FetchedPolicy next;
    synchronized (this) {
      next = staged;
    }
    if (next != null) {
      next.writeTo(model);
      synchronized (this) {
        averageHeld = 0;
        held = next.version();
        if (staged == next) {
          staged = null;
        }
      }
      metrics.adopted(next.version());
      LOG.infof(
          "policy adopted version=%d epoch=%d step=%d",
          next.version().getVersion(), next.version().getResetEpoch(), next.version().getStep());
    }
    synchronized (this) {
      return Objects.requireNonNull(held, "no policy is held");
    }
  }

  /**
   * Puts the average behind a version into the model, in the place of the policy, which is fetched
   * again when the next batch asks for one.
   *
   * @return the version
   * @throws PolicyUnavailableException if it did not come within {@code patience}
   * @throws InterruptedException if this was closed meanwhile
   */
  public PolicyVersion adoptAverage(long version, Duration patience) throws InterruptedException {
    synchronized (this) {
      if (held != null && averageHeld == version) {
        return held;
      }
    }
    FetchedPolicy average = fetchAverage(version, patience);
    synchronized (this) {
      averageHeld = 0;
      held = null;
      if (staged == null) {
        fetched = null;
        fetchIfBehind();
      }
    }
    average.writeTo(model);
    synchronized (this) {
      averageHeld = version;
      held = average.version();
    }
    LOG.infof("average adopted version=%d", version);
    return average.version();
  }

  private FetchedPolicy fetchAverage(long version, Duration patience) throws InterruptedException {
    Instant deadline = clock.instant().plus(patience);
    for (int attempt = 1; ; attempt++) {
      try {
        FetchedPolicy average = source.fetchAverage(version);
        average.requireFits(model.tensors());
        return average;
      } catch (PolicyFetchException e) {
        Duration pause = backoff.after(attempt);
        failed(e, attempt, pause);
        if (clock.instant().plus(pause).isAfter(deadline)) {
          throw new PolicyUnavailableException(
              "average of version %d did not come within %s (%s)"
                  .formatted(version, patience, e.getMessage()));
        }
        synchronized (this) {
          if (closed) {
            throw new InterruptedException("stopped while waiting for an average");
          }
          wait(pause.toMillis());
        }
      }
    }
  }

  /** The version whose weights are here, in the model or next in line; 0 before the first. */
  public synchronized long version() {
    return versionOf(fetched);
  }

  /** The newest version that is known to exist; 0 before the first announcement. */
  public synchronized long newestKnown() {
    return Math.max(announced, versionOf(fetched));
  }

  /** Why the newest known version is not here. */
  public synchronized String lastFailure() {
    return lastFailure;
  }

  /** Whether weights are here, and are the newest or have been for all but the last moments. */
  public synchronized boolean isCurrent(Duration tolerance) {
    return averageHeld > 0
        || (fetched != null
            && (versionOf(fetched) >= announced
                || clock.instant().isBefore(behindSince.plus(tolerance))));
  }

  /** Lets a waiting batch and a retrying fetch end. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void fetchIfBehind() {
    if (isBehind() && !fetchUnderWay) {
      fetchUnderWay = true;
      fetching.execute(this::fetchUntilCurrent);
    }
  }

  private boolean isBehind() {
    return versionOf(fetched) < wanted() && !closed;
  }

  private long wanted() {
    return Math.max(announced, needed);
  }

  private void await(long minimum, Duration patience) throws InterruptedException {
    if (versionOf(fetched) >= minimum) {
      return;
    }
    LOG.infof("batch waits for policy wanted=%d here=%d", minimum, versionOf(fetched));
    Instant deadline = clock.instant().plus(patience);
    needed = minimum;
    refutations = 0;
    try {
      fetchIfBehind();
      while (versionOf(fetched) < minimum) {
        long left = Duration.between(clock.instant(), deadline).toMillis();
        if (refutations >= REFUTATIONS) {
          throw PolicyUnavailableException.of(minimum, "is not served", fetched, lastFailure);
        }
        if (closed) {
          // Another worker gets the batch: it was not refused, and is not acknowledged.
          throw new InterruptedException("stopped while waiting for version " + minimum);
        }
        if (left <= 0) {
          String why = "did not come within " + patience;
          throw PolicyUnavailableException.of(minimum, why, fetched, lastFailure);
        }
        wait(Math.min(left, 1_000));
      }
    } finally {
      needed = 0;
      notifyAll();
    }
  }

  private void awaitStep(long step, Duration patience) throws InterruptedException {
    Instant deadline = clock.instant().plus(patience);
    Instant askAt = clock.instant().plus(ASK_AFTER);
    while (fetched == null || fetched.getStep() < step) {
      long left = Duration.between(clock.instant(), deadline).toMillis();
      if (closed) {
        throw new InterruptedException("stopped while waiting for the policy of step " + step);
      }
      if (left <= 0) {
        throw PolicyUnavailableException.ofStep(step, patience, fetched, lastFailure);
      }
      if (clock.instant().isAfter(askAt)) {
        askAt = clock.instant().plus(ASK_AFTER);
        announced = Math.max(announced, versionOf(fetched) + 1);
        fetchIfBehind();
      }
      wait(Math.min(left, 1_000));
    }
  }

  private void fetchUntilCurrent() {
    for (int attempt = 1; needsFetch(); attempt++) {
      try {
        fetchOnce();
        attempt = 0;
      } catch (RuntimeException | OutOfMemoryError e) {
        // Whatever it is: a worker that never fetched again would look alive.
        if (e instanceof NothingNewerException) {
          refuted();
        }
        Duration pause = backoff.after(attempt);
        failed(e, attempt, pause);
        if (!sleep(pause)) {
          return;
        }
      }
    }
  }

  private synchronized boolean needsFetch() {
    fetchUnderWay = isBehind();
    return fetchUnderWay;
  }

  private synchronized void refuted() {
    refutations++;
    if (refutations >= REFUTATIONS) {
      if (announced > versionOf(fetched)) {
        LOG.warnf(
            "announcement withdrawn version=%d here=%d reason=not-served",
            announced, versionOf(fetched));
        announced = versionOf(fetched);
      }
      notifyAll();
    }
  }

  private void fetchOnce() {
    Instant start = clock.instant();
    FetchedPolicy policy = source.fetchNewerThan(version());
    policy.requireFits(model.tensors());
    Duration took = Duration.between(start, clock.instant());
    synchronized (this) {
      fetched = policy.version();
      staged = policy;
      refutations = 0;
      metrics.fetched(took, policy.totalBytes());
      notifyAll();
    }
    LOG.infof(
        "policy fetched version=%d epoch=%d bytes=%d millis=%d",
        policy.version().getVersion(),
        policy.version().getResetEpoch(),
        policy.totalBytes(),
        took.toMillis());
  }

  private synchronized void failed(Throwable failure, int attempt, Duration pause) {
    lastFailure =
        failure instanceof PolicyFetchException
            ? String.valueOf(failure.getMessage())
            : failure.toString();
    metrics.fetchFailed();
    LOG.warnf(
        "policy fetch failed wanted=%d here=%d attempt=%d retry_in_millis=%d reason=\"%s\"",
        wanted(), versionOf(fetched), attempt, pause.toMillis(), lastFailure);
  }

  private synchronized boolean sleep(Duration pause) {
    Instant end = clock.instant().plus(pause);
    try {
      for (long left = pause.toMillis(); left > 0 && isBehind(); ) {
        wait(left);
        left = Duration.between(clock.instant(), end).toMillis();
      }
      return true;
    } catch (InterruptedException e) {
      fetchUnderWay = false;
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long versionOf(@Nullable PolicyVersion version) {
    return version == null ? 0 : version.getVersion();
  }
}
