package org.elasticreset.cli.ab;

import java.util.Locale;

/** Who answers a prompt. */
public enum Arm {
  /** The policy in production. */
  A,
  /** The candidate. */
  B;

  /** As topics and files have it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
