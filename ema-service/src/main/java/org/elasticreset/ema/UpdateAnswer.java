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
   * The policy was reset: the learner adopts the average or the initial weights, which are held as
   * the next policy.
   *
   * @param adopted the policy to adopt
   * @param toInitial whether it is the initial weights rather than the average
   * @param reason what fired, in words
   * @param requested whether an operator asked for it, rather than the trigger
   */
  record WasReset(PublishedPolicy adopted, boolean toInitial, String reason, boolean requested)
      implements UpdateAnswer {

    @Override
    public PolicyVersion newest() {
      return adopted.version();
    }

    @Override
    public boolean held() {
      return true;
    }
  }
}
