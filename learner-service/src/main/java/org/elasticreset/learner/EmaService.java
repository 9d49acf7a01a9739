package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.proto.v1.EvaluationFigures;
import org.elasticreset.proto.v1.ResetTo;

/** The ema-service as the loop sees it: it takes every update and says how to go on. */
interface EmaService extends AutoCloseable {

  /**
   * Opens the run, before the first upload.
   *
   * @param weights the policy, for its tensors
   * @param initialDigest of the initial policy
   * @param from where the run goes on; empty where it begins
   * @throws ResumeRefusedException if the service cannot go on from there
   */
  Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from)
      throws InterruptedException;

  /**
   * Uploads the weights and waits for the answer. After {@link Answer.Reset} the weights are
   * already replaced by those to adopt.
   */
  Answer upload(Update update, TrainedWeights weights) throws InterruptedException;

  /**
   * Says that the checkpoint of a step is durable, so that its version may be served.
   *
   * @param keptSteps whose checkpoints are kept
   * @return whether an operator holds the run: then no more work may be admitted while it {@link
   *     #isPaused}
   */
  boolean release(long step, List<Long> keptSteps) throws InterruptedException;

  /**
   * Replaces the weights by the average as it stands behind a version that is served.
   *
   * @throws EmaServiceException if it cannot be had; the weights may be some of each then
   */
  void download(PolicyStamp version, TrainedWeights weights) throws InterruptedException;

  /**
   * Makes sure that the service still has a version which work in flight waits for: one that died
   * may have lost it, and nobody can generate with it then. A service that is away is asked later.
   *
   * @throws EmaServiceException if an older version is the newest there
   */
  void requireServed(PolicyStamp version) throws InterruptedException;

  /** Whether an operator holds the run. */
  boolean isPaused() throws InterruptedException;

  /** Takes back the updates that entered the average since the newest published one. */
  void takeBack() throws InterruptedException;

  @Override
  void close();

  /**
   * Where learner-service and ema-service both stand.
   *
   * @param step that is done
   * @param policy of that step
   * @param digest of its weights
   */
  record Standing(long step, PolicyStamp policy, ByteString digest) {}

  /**
   * The run is open.
   *
   * @param newest the policy to go on from; version 0 before the first upload, and above the one
   *     asked for where it had to be published again
   * @param decay of the average (η), constant during a run
   */
  record Opened(PolicyStamp newest, double decay) {}

  /**
   * What an upload is.
   *
   * @param step the training step it belongs to; 0 for the initial policy
   * @param publish the last upload of its step, which becomes a version
   * @param checkpoint whether a checkpoint of the step is going to be written
   * @param drift of the step's rollouts; absent for the initial policy
   * @param evaluation that the ema-service has not heard of
   */
  record Update(
      long step,
      boolean publish,
      boolean checkpoint,
      Optional<Drift> drift,
      Optional<EvaluationFigures> evaluation) {
    /** Behind which there was no evaluation. */
    Update(long step, boolean publish, boolean checkpoint, Optional<Drift> drift) {
      this(step, publish, checkpoint, drift, Optional.empty());
    }
  }

  /**
   * What a drift budget decides on.
   *
   * @param klToInitialNats nats per sequence
   * @param rewardMean mean reward of the step's rollouts
   */
  record Drift(double klToInitialNats, double rewardMean) {}

  /** How to go on. */
  sealed interface Answer {
    /** The policy of the update; of one that was not published, the newest before it. */
    PolicyStamp newest();

    /** Whether that policy waits for {@link #release}, behind a checkpoint. */
    boolean held();

    /** Of that policy's weights. */
    ByteString digest();

    /** Go on with the weights as they are. */
    record Continue(PolicyStamp newest, boolean held, ByteString digest) implements Answer {}

    /** The weights were replaced by the average, or by the initial ones. */
    record Reset(PolicyStamp newest, boolean held, ByteString digest, String reason, ResetTo to)
        implements Answer {}
  }
}
