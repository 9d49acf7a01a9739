package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Who the rewards are from that a run was trained on.
 *
 * @param people rollouts that people rewarded
 * @param fallback rollouts that people were asked about and that models rewarded in the end
 * @param all rollouts that were trained on
 */
record RewardShares(long people, long fallback, long all) {

  /** Of the steps that were told; empty where people were never asked. */
  static Optional<RewardShares> of(RecordedRun run) {
    List<JsonNode> steps = run.events("step");
    long people = sum(steps, "rewarded_by_people");
    long fallback = sum(steps, "rewarded_by_fallback");
    long perStep = run.configuration().path("rollout").path("per-step").asLong();
    return people + fallback == 0
        ? Optional.empty()
        : Optional.of(
            new RewardShares(
                people, fallback, Math.max(people + fallback, steps.size() * perStep)));
  }

  private static long sum(List<JsonNode> steps, String field) {
    return steps.stream().mapToLong(step -> step.path(field).asLong()).sum();
  }

  /** {@code 62.5 % people, 12.5 % models in their place, 25.0 % models}. */
  String line() {
    return "%s people, %s models in their place, %s models"
        .formatted(share(people), share(fallback), share(all - people - fallback));
  }

  String sentence() {
    return "Of all the rewards that the run was trained on, people gave "
        + share(people)
        + " and models "
        + share(all - people - fallback)
        + "; "
        + share(fallback)
        + " are the models' in the place of people who were asked and did not answer in time.";
  }

  private String share(long rollouts) {
    return Figures.percent((double) rollouts / all);
  }
}
