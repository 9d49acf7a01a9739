package org.elasticreset.ema.console;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Says what holds the run up. The learner knows best whether it waits; what it waits for is the
 * stage with the most work in front of each of those who do it.
 *
 * @param waiting records in front of each stage on average, those that are worked on included
 * @param members who work at each stage
 * @param learner share of the learner's time by phase, 0 to 1
 */
record WhereItWaits(
    Map<Stage, Double> waiting, Map<Stage, Integer> members, Map<String, Double> learner) {

  /** A learner that waits for less than this is what the others wait for. */
  private static final double HARDLY = 0.3;

  WhereItWaits {
    waiting = Map.copyOf(waiting);
    members = Map.copyOf(members);
    learner = Map.copyOf(learner);
  }

  /** In words: "generation: 24 batches of prompts wait for 1 rollout worker; …". */
  String inWords() {
    for (Stage stage : Stage.values()) {
      if (members.getOrDefault(stage, 1) == 0 && waiting.getOrDefault(stage, 0.0) > 0) {
        return "%s: %s wait, and no %s is there"
            .formatted(stage.word(), stage.work(), stage.server());
      }
    }
    OptionalDouble waited = share("waiting");
    if (waited.isPresent() && waited.getAsDouble() < HARDLY) {
      return "learning: " + busiest() + "; " + waitedFor(waited.getAsDouble());
    }
    String learnerWaits = waited.isPresent() ? "; " + waitedFor(waited.getAsDouble()) : "";
    if (!waiting.keySet().containsAll(List.of(Stage.values()))) {
      return waited.isPresent()
          ? "before the learner: it waited %s of its time; the queues are not known"
              .formatted(percent(waited.getAsDouble()))
          : "not known yet";
    }
    Stage busier =
        perMember(Stage.SCORING) > perMember(Stage.GENERATION) ? Stage.SCORING : Stage.GENERATION;
    if (perMember(busier) < 0.05) {
      return "nowhere in Kafka: every queue is empty" + learnerWaits;
    }
    return "%s: %s in front of %s%s"
        .formatted(
            busier.word(),
            amount(busier),
            busier.servers(members.getOrDefault(busier, 0)),
            learnerWaits);
  }

  private double perMember(Stage stage) {
    return waiting.getOrDefault(stage, 0.0) / Math.max(1, members.getOrDefault(stage, 1));
  }

  private String amount(Stage stage) {
    double some = waiting.getOrDefault(stage, 0.0);
    String figure =
        some < 10 ? String.format(Locale.ROOT, "%.1f", some) : String.valueOf(Math.round(some));
    return figure + " " + stage.work();
  }

  private OptionalDouble share(String phase) {
    return learner.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(learner.getOrDefault(phase, 0.0));
  }

  private String busiest() {
    return learner.entrySet().stream()
        .filter(phase -> !phase.getKey().equals("waiting"))
        .max(Map.Entry.comparingByValue())
        .map(
            phase ->
                "%s is %s of the learner's time"
                    .formatted(phase.getKey(), percent(phase.getValue())))
        .orElse("nothing is known of the learner");
  }

  private static String waitedFor(double share) {
    return "the learner waited %s of its time".formatted(percent(share));
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }
}
