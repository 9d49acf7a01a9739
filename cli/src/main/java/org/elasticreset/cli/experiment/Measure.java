package org.elasticreset.cli.experiment;

import java.util.List;
import org.elasticreset.cli.ChartScale.Spacing;
import org.elasticreset.cli.Figures;

/**
 * A figure of an evaluation that arms are compared by.
 *
 * @param field of {@code metrics.jsonl}
 * @param key short and without blanks, for files and pages
 * @param name in a sentence
 * @param axis on a chart, with its unit
 * @param spacing along such an axis
 */
record Measure(String field, String key, String name, String axis, int decimals, Spacing spacing) {
  /** More of it is better; the first is what training maximises. */
  static final List<Measure> REWARDS =
      List.of(
          even("reward_mean", "reward", "reward", "reward", 3),
          even("judge_mean", "judge", "judge's score", "judge", 3),
          even("bleu_task", "task", "BLEU of the task", "BLEU of the task", 1));

  /** Less of it is better. */
  static final List<Measure> DRIFTS =
      List.of(
          new Measure(
              "kl_to_initial_nats",
              "kl",
              "KL to the initial policy",
              "drift: KL to the initial policy, nats a sequence",
              1,
              Spacing.ROOT),
          new Measure(
              "perplexity_human_text",
              "perplexity",
              "perplexity on human text",
              "drift: perplexity on human text",
              1,
              Spacing.LOG));

  /** Shown over steps, and at the end. */
  static final List<Measure> SHOWN =
      List.of(
          REWARDS.get(0),
          REWARDS.get(1),
          DRIFTS.get(0),
          DRIFTS.get(1),
          even("entropy_nats", "entropy", "entropy", "entropy, nats a token", 2),
          REWARDS.get(2),
          even(
              "bleu_drift",
              "language",
              "BLEU of the language",
              "BLEU of what nobody is paid for",
              1),
          even("distinct_2", "distinct", "distinct-2", "distinct pairs of tokens", 3));

  /** A figure whose equal differences are equally far on a chart. */
  static Measure even(String field, String key, String name, String axis, int decimals) {
    return new Measure(field, key, name, axis, decimals, Spacing.EVEN);
  }

  /** A drift of so much, in a sentence. */
  String amount(double value) {
    String figure = Figures.of(value, Math.abs(value) >= 100 ? 0 : decimals);
    return key.equals("kl") ? "a KL of " + figure + " nats" : "a " + name + " of " + figure;
  }
}
