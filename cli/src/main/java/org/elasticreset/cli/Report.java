package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The report of a run: one page that needs nothing else, no network, and no script for its figures.
 * Text of prompts and responses is escaped by the template engine.
 */
final class Report {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final int SAMPLES_SHOWN = 8;

  private final RecordedRun run;
  private final List<JsonNode> evaluations;
  private final List<JsonNode> resets;

  private Report(RecordedRun run) {
    this.run = run;
    evaluations = run.events("evaluation");
    resets = run.events("reset");
  }

  /** Writes the page of a run, be it finished or cut short. */
  static void write(RecordedRun run, Path file) {
    try {
      Files.writeString(file, new Report(run).render());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String render() {
    Map<String, Object> data = new HashMap<>();
    data.put("run", facts());
    data.put("cards", cards());
    data.put("alt", alternatives());
    data.put("curve", DriftCurve.svg(evaluations, run.events("step")));
    data.put("samples", samples());
    data.put("resets", resets.stream().map(Report::reset).toList());
    data.put("audit", AuditTable.rows(run.audit()));
    data.put("settings", ReportSettings.groups(run.configuration()));
    data.put(
        "tables",
        List.of(
            ReportData.table("Evaluations", evaluations),
            ReportData.table("Training steps", run.events("step"))));
    data.put("data", ReportData.json(run));
    data.put("css", Installation.resource("/report/report.css"));
    data.put("script", Installation.resource("/report/report.js"));
    data.put("uplotCss", Installation.resource(UPLOT + "uPlot.min.css"));
    data.put("uplotJs", Installation.resource(UPLOT + "uPlot.iife.min.js"));
    return HtmlTemplate.render("/report/report.html", data);
  }

  private Map<String, Object> facts() {
    JsonNode summary = run.summary();
    List<String> facts = new ArrayList<>();
    if (summary.has("started")) {
      facts.add(summary.get("started").asText().replaceAll("T(\\d\\d:\\d\\d).*", " $1 UTC"));
      facts.add("wall time " + minutes(summary.path("wall_seconds").asDouble()));
    }
    if (summary.path("resumed").size() > 0) {
      facts.add("resumed " + times(summary.path("resumed").size()));
    }
    if (summary.path("restarts").size() > 0) {
      List<String> restarts = new ArrayList<>();
      summary
          .path("restarts")
          .fields()
          .forEachRemaining(
              service -> restarts.add(service.getKey() + " " + times(service.getValue().asInt())));
      facts.add("started again: " + String.join(", ", restarts));
    }
    facts.add("seed " + run.configuration().path("seed").asText());
    facts.add(stepsDone() + " of " + run.configuration().path("steps").asText() + " steps");
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", run.name());
    map.put("outcome", summary.path("outcome").asText("unfinished"));
    map.put("message", summary.path("message").asText(""));
    map.put("facts", facts);
    map.put("headline", headline());
    map.put("lastEvaluation", lastStep());
    map.put("average", average());
    map.put("rewards", RewardShares.of(run).map(RewardShares::sentence).orElse(""));
    map.put("moreSamples", moreSamples());
    map.put(
        "footer",
        summary.has("version")
            ? RunProgress.format(
                "Elastic Reset %s, preset %s, %s, %s, %d processors.",
                summary.get("version").asText(),
                summary.path("preset").asText(),
                summary.path("java").asText(),
                summary.path("system").asText(),
                summary.path("processors").asInt())
            : "Elastic Reset " + Installation.version());
    return map;
  }

  private static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }

  private static String minutes(double seconds) {
    return RunProgress.minutes(Duration.ofMillis(Math.round(1000 * seconds)));
  }

  private long stepsDone() {
    List<JsonNode> steps = run.events("step");
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).path("step").asLong();
  }

  private long lastStep() {
    return evaluations.isEmpty() ? 0 : last().path("step").asLong();
  }

  private JsonNode first() {
    return evaluations.get(0);
  }

  private JsonNode last() {
    return evaluations.get(evaluations.size() - 1);
  }

  private String headline() {
    if (evaluations.size() < 2) {
      return "The run ended before there were two evaluations to compare.";
    }
    StringBuilder text = new StringBuilder("On held-out prompts the reward went from ");
    text.append(fromTo("reward_mean", 3))
        .append(RunProgress.format(" in %d steps", lastStep()))
        .append(resets.size() == 1 ? " and one reset" : " and " + resets.size() + " resets");
    text.append(", at a drift of ")
        .append(Figures.of(last(), "kl_to_initial_nats", 1))
        .append(" nats from the initial policy.");
    if (last().path("judge_mean").isNumber()) {
      text.append(" The judge went from ").append(fromTo("judge_mean", 3));
      text.append(last().path("perplexity_human_text").isNumber() ? "," : ".");
    }
    if (last().path("perplexity_human_text").isNumber()) {
      text.append(last().path("judge_mean").isNumber() ? " perplexity" : " Perplexity")
          .append(" on human text from ")
          .append(fromTo("perplexity_human_text", 1))
          .append(".");
    }
    return text.toString();
  }

  private String fromTo(String field, int decimals) {
    return Figures.of(first(), field, decimals) + " to " + Figures.of(last(), field, decimals);
  }

  private String average() {
    JsonNode ema = run.configuration().path("ema");
    String sentence =
        RunProgress.format(
            "The average keeps %s of itself at every %s.",
            ema.path("decay").asText(), ema.path("update-every").asText().replace('-', ' '));
    if (run.configuration().path("deliver").asText().equals("average")) {
      sentence += " What is evaluated here, and handed over at the end, is the average.";
    }
    return resets.isEmpty()
        ? sentence
        : sentence
            + " At the last reset "
            + Figures.percent(resets.get(resets.size() - 1).path("initial_share").asDouble())
            + " of what was adopted was still the initial policy.";
  }

  private List<Map<String, Object>> cards() {
    List<Map<String, Object>> cards = new ArrayList<>();
    if (evaluations.size() >= 2) {
      addCard(cards, "Reward", "reward_mean", 2);
      addCard(cards, "Judge", "judge_mean", 2);
      addCard(cards, "BLEU, task", "bleu_task", 1);
      addCard(cards, "BLEU, drift", "bleu_drift", 1);
      addCard(cards, "Drift, nats", "kl_to_initial_nats", 1);
      addCard(cards, "Perplexity", "perplexity_human_text", 1);
      addCard(cards, "Entropy, nats", "entropy_nats", 2);
      addCard(cards, "Distinct-2", "distinct_2", 2);
    }
    return cards;
  }

  private void addCard(List<Map<String, Object>> cards, String label, String field, int decimals) {
    if (last().path(field).isNumber()) {
      cards.add(
          Map.of(
              "label", label,
              "before", Figures.of(first(), field, decimals),
              "after", Figures.of(last(), field, decimals),
              "note", Figures.change(first(), last(), field, decimals)));
    }
  }

  private Map<String, Object> alternatives() {
    Map<String, Object> texts = new LinkedHashMap<>();
    texts.put("reward", alternative("Reward and judge over steps: reward", "reward_mean"));
    texts.put("drift", alternative("KL to the initial policy over steps", "kl_to_initial_nats"));
    texts.put("perplexity", alternative("Perplexity over steps", "perplexity_human_text"));
    texts.put("entropy", alternative("Entropy over steps", "entropy_nats"));
    texts.put("distinct", alternative("Distinct-2 over steps", "distinct_2"));
    return texts;
  }

  private String alternative(String what, String field) {
    return evaluations.isEmpty()
        ? what + ": nothing measured."
        : what + " from " + fromTo(field, 3) + "; the tables below have every figure.";
  }

  private List<Map<String, Object>> samples() {
    List<Map<String, Object>> pairs = new ArrayList<>();
    if (evaluations.size() >= 2) {
      List<JsonNode> before = run.samplesOf(first().path("step").asLong());
      List<JsonNode> after = run.samplesOf(lastStep());
      int pairCount = Math.min(before.size(), after.size());
      for (int i = 0; i < Math.min(SAMPLES_SHOWN, pairCount); i++) {
        pairs.add(
            Map.of(
                "prompt", before.get(i).path("prompt").asText(),
                "before", before.get(i).path("response").asText(),
                "after", after.get(i).path("response").asText(),
                "beforeScore", score(before.get(i)),
                "afterScore", score(after.get(i))));
      }
    }
    return pairs;
  }

  private String moreSamples() {
    int count = run.samplesOf(lastStep()).size();
    return count > SAMPLES_SHOWN
        ? "The other " + (count - SAMPLES_SHOWN) + " pairs are in samples.jsonl."
        : "";
  }

  private static String score(JsonNode sample) {
    String judge = sample.has("judge") ? "  J " + Figures.of(sample, "judge", 2) : "";
    return "R " + Figures.of(sample, "reward", 2) + judge;
  }

  private static Map<String, Object> reset(JsonNode reset) {
    return Map.of(
        "step", reset.path("step").asText(),
        "version", reset.path("policy_version").asText(),
        "epoch", reset.path("reset_epoch").asText(),
        "reason", reset.path("reason").asText(),
        "became",
            reset.path("to").asText("average").equals("initial") ? "initial policy" : "average",
        "share", Figures.percent(reset.path("initial_share").asDouble()));
  }
}
