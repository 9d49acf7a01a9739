package org.elasticreset.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.algorithm.SequenceKl;
import org.jspecify.annotations.Nullable;

/** Figures by their names in {@code docs/metrics.md}; what was not measured is absent. */
record EvaluationFigures(
    int prompts,
    @Nullable Double rewardMean,
    @Nullable Double judgeMean,
    @Nullable SequenceKl drift,
    @Nullable Double perplexityHumanText,
    @Nullable Double distinct1,
    @Nullable Double distinct2,
    @Nullable Double lengthMeanTokens,
    @Nullable Double tokensPerSecond,
    List<Sample> samples) {

  static final EvaluationFigures NONE =
      new EvaluationFigures(0, null, null, null, null, null, null, null, null, List.of());

  /** A prompt and what the model made of it. */
  record Sample(String prompt, String response, @Nullable Double reward, @Nullable Double judge) {

    Map<String, Object> byName() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("prompt", prompt);
      fields.put("response", response);
      put(fields, "reward", reward);
      put(fields, "judge", judge);
      return fields;
    }
  }

  EvaluationFigures withPerplexity(double perplexity) {
    return new EvaluationFigures(
        prompts,
        rewardMean,
        judgeMean,
        drift,
        perplexity,
        distinct1,
        distinct2,
        lengthMeanTokens,
        tokensPerSecond,
        samples);
  }

  /** In the order of the page. */
  Map<String, Object> byName() {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "reward_mean", rewardMean);
    put(fields, "judge_mean", judgeMean);
    if (drift != null) {
      put(fields, "kl_to_initial_nats", drift.nats());
      put(fields, "kl_to_initial_nats_standard_error", drift.standardError());
      put(fields, "kl_to_initial_nats_per_token", drift.natsPerToken());
    }
    put(fields, "perplexity_human_text", perplexityHumanText);
    put(fields, "distinct_1", distinct1);
    put(fields, "distinct_2", distinct2);
    put(fields, "length_mean_tokens", lengthMeanTokens);
    put(fields, "tokens_per_second", tokensPerSecond);
    return fields;
  }

  /** JSON has no number for what is not finite. */
  private static void put(Map<String, Object> fields, String name, @Nullable Double value) {
    if (value != null && Double.isFinite(value)) {
      fields.put(name, value);
    }
  }
}
