package org.elasticreset.reward.raters.tools;

import java.util.Locale;

/** What became of a delivery, and the status that it is answered with. */
enum WebhookOutcome {
  /** Its ratings are in Kafka. */
  TAKEN(200),
  /** It has come before, or has nothing to do with ratings of the run. */
  IGNORED(202),
  /** Its content cannot be used: sent again it would not be better. */
  UNREADABLE(400),
  /** Nobody knows who sent it. */
  NOT_GENUINE(401),
  /** Kafka did not have its ratings in time; sent again it does no harm. */
  NOT_IN_TIME(503);

  private final int status;

  WebhookOutcome(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
