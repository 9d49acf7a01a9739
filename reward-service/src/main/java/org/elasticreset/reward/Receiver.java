package org.elasticreset.reward;

import java.time.Duration;
import java.util.List;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.feed.PolicyUnavailableException;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RolloutBatch;
import org.jboss.logging.Logger;

/**
 * The second player of a game of two: a model that another run trains beside this one, and that
 * reads what this run's policy writes. A batch meets the receiver that was trained for as many
 * steps as the policy that wrote it, whenever it comes, so that nothing depends on timing.
 */
final class Receiver {

  private static final Logger LOG = Logger.getLogger(Receiver.class);

  private final PolicyFollower policies;
  private final ReceiverModel model;
  private final String reference;
  private final Duration patience;

  /**
   * @param policies puts the other run's policies into the model
   * @param reference name of what the receiver is to say
   * @param patience longest time that a batch waits for its receiver
   */
  Receiver(PolicyFollower policies, ReceiverModel model, String reference, Duration patience) {
    this.policies = policies;
    this.model = model;
    this.reference = reference;
    this.patience = patience;
  }

  /**
   * Makes the model what it is to be for a batch, after waiting for it.
   *
   * @throws RejectedRollouts if it does not come in time
   * @throws InterruptedException if the service stops meanwhile
   */
  void adoptFor(RolloutBatch batch) throws InterruptedException {
    long step =
        batch.getPurpose() == Purpose.EVALUATION
            ? batch.getTargetStep()
            : batch.getTargetStep() - 1;
    try {
      PolicyVersion adopted = policies.adoptOfStep(step, patience);
      if (adopted.getStep() > step) {
        // Only of a copy: the receiver has all rollouts of the steps that it has learnt from.
        LOG.infof(
            "receiver ahead batch=%s wanted_step=%d step=%d",
            batch.getBatchId(), step, adopted.getStep());
      }
    } catch (PolicyUnavailableException e) {
      throw new RejectedRollouts(RejectReason.POLICY_UNAVAILABLE, "receiver: " + e.getMessage(), e);
    }
  }

  /** Ends a wait. */
  void close() {
    policies.close();
  }

  /** Nats per token of the references, given the responses. */
  double[] logLikelihoods(List<ScorableText> texts) {
    List<String> references =
        texts.stream()
            .map(
                text -> {
                  String named = text.references().get(reference);
                  if (named == null) {
                    throw new IllegalArgumentException(
                        "references: %s (expected: one named %s)"
                            .formatted(text.references().keySet(), reference));
                  }
                  return named;
                })
            .toList();
    return model.logLikelihoods(responses(texts), references);
  }

  /** What the receiver makes of the responses. */
  List<String> continuations(List<ScorableText> texts) {
    return model.continuations(responses(texts));
  }

  private static List<String> responses(List<ScorableText> texts) {
    return texts.stream().map(ScorableText::response).toList();
  }
}
