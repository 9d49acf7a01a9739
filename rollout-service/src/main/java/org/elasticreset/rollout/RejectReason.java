package org.elasticreset.rollout;

import java.util.Locale;

/** Why a batch of prompts was not generated. */
enum RejectReason {
  /** It belongs to another run. */
  FOREIGN_RUN,
  /** A field has a value that cannot be used. */
  INVALID,
  /** The policy version that it asks for did not come in time. */
  POLICY_UNAVAILABLE,
  /** The model could not generate it. */
  GENERATION_FAILED,
  /** Kafka did not take its rollouts. */
  SEND_FAILED;

  /** The name in metrics, headers and logs. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
