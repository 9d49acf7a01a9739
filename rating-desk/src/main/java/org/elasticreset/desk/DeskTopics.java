package org.elasticreset.desk;

import java.util.List;

/**
 * Names of what the desk reads and writes.
 *
 * @param runId put before each name
 */
record DeskTopics(String runId) {

  String cases() {
    return named("rating-cases");
  }

  String ratings() {
    return named("ratings");
  }

  String trainingEvents() {
    return named("training-events");
  }

  String requests() {
    return named("rating-requests");
  }

  String scoredRollouts() {
    return named("scored-rollouts");
  }

  String audit() {
    return named("rating-audit");
  }

  String preferences() {
    return named("preferences");
  }

  String raters() {
    return named("raters");
  }

  String deadLetters() {
    return named("dead-letters");
  }

  /** What is written while cases are dealt with. */
  List<String> written() {
    return List.of(requests(), scoredRollouts(), preferences(), audit(), deadLetters());
  }

  /** Begins the names of the topics that Kafka Streams makes, and is the consumer group. */
  String applicationId() {
    return named("rating-desk");
  }

  private String named(String name) {
    return runId + "." + name;
  }
}
