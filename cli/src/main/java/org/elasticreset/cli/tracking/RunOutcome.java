package org.elasticreset.cli.tracking;

import java.time.Instant;

/**
 * How a run stands.
 *
 * @param at when it ended; of one that goes on, now
 */
public record RunOutcome(State state, Instant at) {

  /** Names as MLflow has them. */
  public enum State {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
  }
}
