package org.elasticreset.cli;

import org.jspecify.annotations.Nullable;

/**
 * What a run finds where it lives.
 *
 * @param sharedBroker of several runs that one launcher runs; null where the run starts its own
 * @param goOn the command that goes on with the run after it was cut short; null for {@code resume}
 */
record Surroundings(
    Installation installation,
    Terminal terminal,
    @Nullable KafkaAccess sharedBroker,
    @Nullable String goOn) {

  /** A run by itself, on the terminal of the user. */
  static Surroundings ofOneRun(Installation installation) {
    return new Surroundings(installation, Terminal.current(), null, null);
  }
}
