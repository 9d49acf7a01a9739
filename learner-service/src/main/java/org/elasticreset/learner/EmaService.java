package org.elasticreset.learner;

import java.util.Optional;
import org.elasticreset.algorithm.PolicyStamp;

/** The ema-service as the loop sees it: it takes every update and says how to go on. */
interface EmaService extends AutoCloseable {

  /** Opens the run for these initial weights; once, before the first upload. */
  Opened open(Weights initial) throws InterruptedException;

  /**
   * Uploads the weights and waits for the answer. After {@link Answer.Reset} the weights are
   * already replaced by the average.
   */
  Answer upload(Update update, Weights weights) throws InterruptedException;

  @Override
  void close();

  /**
   * The run is open.
   *
   * @param decay of the average (η), constant during a run
   */
  record Opened(PolicyStamp newest, double decay) {}

  /**
   * What an upload is.
   *
   * @param step the training step it belongs to; 0 for the initial policy
   * @param publish the last upload of its step, which becomes a version
   * @param drift of the step's rollouts; absent for the initial policy
   */
  record Update(long step, boolean publish, Optional<Drift> drift) {}

  /**
   * What a drift budget decides on.
   *
   * @param klToInitialNats nats per sequence
   * @param rewardMean mean reward of the step's rollouts
   */
  record Drift(double klToInitialNats, double rewardMean) {}

  /** How to go on. */
  sealed interface Answer {
    /** The newest policy that is served. */
    PolicyStamp newest();

    /** Go on with the weights as they are. */
    record Continue(PolicyStamp newest) implements Answer {}

    /** The weights were replaced by the average, which was published. */
    record Reset(PolicyStamp newest, String reason) implements Answer {}
  }
}
