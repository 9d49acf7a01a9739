package org.elasticreset.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Keeps weights on exactly the version that is asked for, such as the policy that masks another,
 * and fetches it when that is not the one before. {@link #hold} is for one thread; {@link #close}
 * for any.
 */
public final class ExactPolicy {

  private static final Logger LOG = Logger.getLogger(ExactPolicy.class);

  /** Whoever hears this often that a version is not served was told of one that does not exist. */
  private static final int REFUTATIONS = 5;

  private final PolicySource source;
  private final Backoff backoff;
  private final Clock clock;

  // Guarded by this.
  private long held;
  private boolean closed;

  /** Holds nothing yet. */
  public ExactPolicy(PolicySource source, Backoff backoff, Clock clock) {
    this.source = source;
    this.backoff = backoff;
    this.clock = clock;
  }

  /**
   * Puts that version into the weights, if it is not in them.
   *
   * @param weights always the same
   * @throws PolicyUnavailableException if it did not come within {@code patience}
   * @throws InterruptedException if this was closed meanwhile
   */
  public void hold(long version, ReplaceableWeights weights, Duration patience)
      throws InterruptedException {
    synchronized (this) {
      if (held == version) {
        return;
      }
      // Half of one version and half of another, should writing fail.
      held = 0;
    }
    FetchedPolicy policy = fetch(version, weights, patience);
    policy.writeTo(weights);
    synchronized (this) {
      held = version;
    }
    LOG.infof("policy held version=%d step=%d", version, policy.version().getStep());
  }

  private FetchedPolicy fetch(long version, ReplaceableWeights weights, Duration patience)
      throws InterruptedException {
    Instant deadline = clock.instant().plus(patience);
    int refutations = 0;
    for (int attempt = 1; ; attempt++) {
      try {
        FetchedPolicy policy = source.fetch(version);
        policy.requireFits(weights.tensors());
        return policy;
      } catch (PolicyFetchException e) {
        Duration pause = backoff.after(attempt);
        LOG.warnf(
            "policy fetch failed version=%d attempt=%d retry_in_millis=%d reason=\"%s\"",
            version, attempt, pause.toMillis(), e.getMessage());
        refutations += e instanceof NotServedException ? 1 : 0;
        if (refutations >= REFUTATIONS || clock.instant().plus(pause).isAfter(deadline)) {
          throw new PolicyUnavailableException(
              "version %d did not come within %s (%s)"
                  .formatted(version, patience, e.getMessage()));
        }
        pause(version, pause);
      }
    }
  }

  private synchronized void pause(long version, Duration pause) throws InterruptedException {
    if (!closed) {
      // Zero would be for ever.
      wait(Math.max(1, pause.toMillis()));
    }
    if (closed) {
      // Another worker gets the batch: it was not refused, and is not acknowledged.
      throw new InterruptedException("stopped while waiting for version " + version);
    }
  }

  /** Lets a waiting batch end. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
