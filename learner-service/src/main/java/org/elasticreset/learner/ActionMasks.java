package org.elasticreset.learner;

import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.proto.v1.PromptBatch;

/**
 * The masked action space of NLPO (Ramamurthy et al. 2022, arXiv 2210.01241, section 4, algorithm
 * 1): at each token of a training step, only the top p of a masking policy may be drawn. The
 * masking policy is the policy itself as it was behind a step: θ₀ at first, renewed every so many
 * steps. {@link org.elasticreset.algorithm.ActionMask} has the formula.
 *
 * <p>Workers know the masking policy by the version that it was published as. Evaluations are not
 * masked: they measure the policy that is handed over.
 */
final class ActionMasks {

  private final Optional<NlpoConfig> settings;
  private final TrainedPolicy policy;
  private Mask now = Mask.NONE;

  /**
   * The masking policy.
   *
   * @param step that it came out of
   * @param version that it was published as; 0 for none
   */
  record Mask(long step, long version) {
    static final Mask NONE = new Mask(0, 0);
  }

  ActionMasks(LearnerConfig config, TrainedPolicy policy) {
    this.settings = config.nlpo();
    this.policy = policy;
  }

  /** Whether the policy behind that step masks those that follow, and so needs a checkpoint. */
  static boolean isRenewedBehind(LearnerConfig config, long step) {
    return config.nlpo().isPresent() && step % config.nlpo().get().updateEvery() == 0;
  }

  boolean areOn() {
    return settings.isPresent();
  }

  /** The policy as it is now, which is published as {@code newest}, masks what follows. */
  void renew(long step, PolicyStamp newest) {
    policy.becomeMask();
    now = new Mask(step, newest.version());
  }

  /** Goes on from a checkpoint, with which the policy has its mask back. */
  void goOn(Mask mask) {
    now = mask;
  }

  Mask now() {
    return now;
  }

  /** The same batches of training, with the mask that their tokens are drawn under. */
  List<PromptBatch> mask(List<PromptBatch> batches) {
    return settings.isEmpty()
        ? batches
        : batches.stream().map(batch -> mask(batch, settings.get().topP())).toList();
  }

  private PromptBatch mask(PromptBatch batch, double topP) {
    PromptBatch.Builder masked = batch.toBuilder();
    masked.getSamplingBuilder().setMaskPolicyVersion(now.version()).setMaskTopP((float) topP);
    return masked.build();
  }
}
