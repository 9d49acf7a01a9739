package org.elasticreset.checkpoint;

import java.time.Duration;
import java.time.Instant;

/**
 * Which checkpoints stay. The newest two always do, whatever their age and whatever the clock says:
 * should the newest be damaged, the one before it is needed.
 *
 * @param count newest checkpoints that may stay, at least 2
 * @param age how old they may get, above 0
 */
public record Retention(int count, Duration age) {

  private static final int ALWAYS = 2;

  public Retention {
    if (count < ALWAYS) {
      throw new IllegalArgumentException(
          "count of checkpoints to keep: %d (expected: at least %d)".formatted(count, ALWAYS));
    }
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException(
          "age of checkpoints to keep: %s (expected: above 0)".formatted(age));
    }
  }

  /**
   * Whether a checkpoint stays.
   *
   * @param newer checkpoints that are newer
   */
  boolean keeps(int newer, Instant written, Instant now) {
    return newer < ALWAYS || (newer < count && !written.isBefore(now.minus(age)));
  }
}
