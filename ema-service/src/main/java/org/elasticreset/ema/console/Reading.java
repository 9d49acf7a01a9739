package org.elasticreset.ema.console;

import java.util.Map;

/**
 * What Kafka said of the run's topics at one moment. What it did not say is not in the maps.
 *
 * @param nanos when, by a clock that does not jump
 * @param ends records that each topic has had so far, by the topic's name without the run's id
 * @param waiting records that a stage has not committed: what waits, and what is being worked on
 * @param members of each stage's group
 * @param trouble why something is not known, in words; empty if all is
 */
record Reading(
    long nanos,
    Map<String, Long> ends,
    Map<Stage, Long> waiting,
    Map<Stage, Integer> members,
    String trouble) {

  Reading {
    ends = Map.copyOf(ends);
    waiting = Map.copyOf(waiting);
    members = Map.copyOf(members);
  }
}
