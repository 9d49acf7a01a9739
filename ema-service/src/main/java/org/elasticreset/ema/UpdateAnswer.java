package org.elasticreset.ema;

import org.elasticreset.proto.v1.PolicyVersion;

/** What the learner is told after an update. */
sealed interface UpdateAnswer {

  /** The newest version that is served. */
  PolicyVersion newest();

  /**
   * The update is in the average; training goes on with its own weights.
   *
   * @param published whether the update became {@code newest}
   */
  record Continued(PolicyVersion newest, boolean published) implements UpdateAnswer {}

  /**
   * The policy was reset: the learner adopts the average, which is published as the policy.
   *
   * @param average the policy to adopt
   * @param reason what fired, in words
   * @param requested whether an operator asked for it, rather than the trigger
   */
  record WasReset(PublishedPolicy average, String reason, boolean requested)
      implements UpdateAnswer {

    @Override
    public PolicyVersion newest() {
      return average.version();
    }
  }
}
