package org.elasticreset.reward;

import java.util.Locale;

/** Why rollouts went to the dead letters. */
enum RejectReason {
  /** They belong to another run. */
  FOREIGN_RUN,
  /** A field has a value that cannot be used. */
  INVALID,
  /** A scorer failed. */
  SCORING_FAILED,
  /** A scorer gave NaN or an infinity. */
  NON_FINITE_SCORE,
  /** The policy of the receiver did not come in time. */
  POLICY_UNAVAILABLE,
  /** Kafka did not take the scores. */
  SEND_FAILED;

  /** The name in metrics, headers and logs. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
