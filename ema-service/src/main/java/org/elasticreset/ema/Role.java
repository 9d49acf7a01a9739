package org.elasticreset.ema;

/** What a caller is for; the setting {@code ema.roles} says who has which. */
enum Role {
  LEARNER,
  WORKER,
  OPERATOR;

  /** The setting that lists the names. */
  String setting() {
    return "ema.roles." + name().toLowerCase(java.util.Locale.ROOT);
  }
}
