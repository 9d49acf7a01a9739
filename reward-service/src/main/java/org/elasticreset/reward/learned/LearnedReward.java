package org.elasticreset.reward.learned;

import java.util.List;
import java.util.Optional;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The reward model that learns, as it scores. A newer version waits until the batch is done: {@link
 * #adopt} and {@link #score} are for the scoring thread, the rest for any.
 */
public final class LearnedReward implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(LearnedReward.class);

  private final LearnedMetrics metrics;

  /** What scores: the base, or a version; none: a base that knows of no rewards. */
  private Optional<SequenceClassifier> scoring;

  private volatile long version;

  // Guarded by this.
  private @Nullable Offered offered;
  private boolean ready;
  private boolean closed;

  private record Offered(RewardModelVersion version, SequenceClassifier model) {}

  /**
   * @param base scores until there is a version
   */
  LearnedReward(Optional<SequenceClassifier> base, LearnedMetrics metrics) {
    this.scoring = base;
    this.metrics = metrics;
  }

  /**
   * Takes the newest version that is here for the next batch. The first time it waits until that is
   * the one that was newest when this instance began, so that none scores by an older one than the
   * others do.
   *
   * @throws InterruptedException if it was closed meanwhile
   */
  public void adopt() throws InterruptedException {
    @Nullable Offered next;
    synchronized (this) {
      while (!ready && !closed) {
        wait();
      }
      if (closed) {
        throw new InterruptedException("stopped while waiting for the reward model");
      }
      next = offered;
      offered = null;
    }
    if (next != null) {
      scoring.ifPresent(SequenceClassifier::close);
      scoring = Optional.of(next.model());
      version = next.version().getVersion();
      metrics.scoresWith(next.version());
      LOG.infof("reward model adopted version=%d", version);
    }
  }

  /**
   * Scores whole texts.
   *
   * @return [texts] logits: 0 is an answer of the middling kind that the model was trained on; 0
   *     from a base that knows of no rewards
   */
  public double[] score(List<String> texts) {
    double[] scores = new double[texts.size()];
    if (scoring.isPresent()) {
      float[][] logits = scoring.get().logits(texts);
      for (int i = 0; i < scores.length; i++) {
        scores[i] = logits[i][0];
      }
    }
    return scores;
  }

  /** What {@link #score} scores with; 0: the base. */
  public long version() {
    return version;
  }

  /** Whether batches need not wait. */
  public synchronized boolean isReady() {
    return ready;
  }

  /** Here is a newer version; taken over, and closed with this. */
  synchronized void offer(RewardModelVersion newer, SequenceClassifier model) {
    if (offered != null) {
      offered.model().close();
    }
    offered = new Offered(newer, model);
  }

  /** Nothing newer was known when this instance began. */
  synchronized void ready() {
    ready = true;
    notifyAll();
  }

  /** Lets a waiting batch end. */
  public synchronized void stop() {
    closed = true;
    notifyAll();
  }

  /** When nothing scores any more. */
  @Override
  public synchronized void close() {
    stop();
    scoring.ifPresent(SequenceClassifier::close);
    scoring = Optional.empty();
    if (offered != null) {
      offered.model().close();
      offered = null;
    }
  }
}
