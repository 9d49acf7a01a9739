package org.elasticreset.ema.console;

/** A stage of the loop that takes its work from a topic, as a group of consumers. */
enum Stage {
  GENERATION(
      "generation",
      "prompts",
      "batches of prompts",
      "rollout-service",
      "rollout worker",
      "rollouts",
      "batches"),
  SCORING(
      "scoring",
      "rollouts",
      "batches of rollouts",
      "reward-service",
      "reward-service",
      "scored-rollouts",
      "rollouts");

  private final String word;
  private final String topic;
  private final String work;
  private final String group;
  private final String server;
  private final String output;
  private final String done;

  Stage(
      String word,
      String topic,
      String work,
      String group,
      String server,
      String output,
      String done) {
    this.word = word;
    this.topic = topic;
    this.work = work;
    this.group = group;
    this.server = server;
    this.output = output;
    this.done = done;
  }

  /** As people call it. */
  String word() {
    return word;
  }

  /** What it reads, without the run's id. */
  String topic() {
    return topic;
  }

  /** What its topic has in it, in the plural. */
  String work() {
    return work;
  }

  /** Who reads, without the run's id. */
  String group() {
    return group;
  }

  /** One of those who do the work. */
  String server() {
    return server;
  }

  /** So many of those who do the work: "1 rollout worker". */
  String servers(int count) {
    return count + " " + server + (count == 1 ? "" : "s");
  }

  /** Where what is done goes, without the run's id. */
  String output() {
    return output;
  }

  /** What that topic has in it, in the plural. */
  String done() {
    return done;
  }
}
