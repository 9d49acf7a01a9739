package org.elasticreset.ema;

import org.elasticreset.proto.v1.PolicyVersion;

/** What the learner is told after an update. */
sealed interface UpdateAnswer {

  /** The version of the update; of one that was not published, the newest before it. */
  PolicyVersion newest();

  /** Whether that version waits for its release. */
  boolean held();

  /**
   * The update is in the average; training goes on with its own weights.
   *
   * @param published whether the update became {@code newest}
   */
  record Continued(PolicyVersion newest, boolean published, boolean held) implements UpdateAnswer {}

  /**
   * The policy was reset: the learner adopts the average, which is held as the next policy.
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

    @Override
    public boolean held() {
      return true;
    }
  }
}
