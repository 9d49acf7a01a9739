package org.elasticreset.ema.console;

/** A stage of the loop that takes its work from a topic, as a group of consumers. */
enum Stage {
  GENERATION("generation", "prompts", "rollout-service", "batches of prompts", "rollout worker"),
  SCORING("scoring", "rollouts", "reward-service", "batches of rollouts", "reward-service");

  private final String word;
  private final String topic;
  private final String group;
  private final String work;
  private final String server;

  Stage(String word, String topic, String group, String work, String server) {
    this.word = word;
    this.topic = topic;
    this.group = group;
    this.work = work;
    this.server = server;
  }

  /** As people call it. */
  String word() {
    return word;
  }

  /** What it reads, without the run's id. */
  String topic() {
    return topic;
  }

  /** Who reads, without the run's id. */
  String group() {
    return group;
  }

  /** What its topic has in it, in the plural. */
  String work() {
    return work;
  }

  /** So many of those who do the work: "1 rollout worker". */
  String servers(int count) {
    return count + " " + server + (count == 1 ? "" : "s");
  }
}
