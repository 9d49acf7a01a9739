package org.elasticreset.cli.ab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.elasticreset.evidence.AbTest;
import org.elasticreset.evidence.Interval;
import org.elasticreset.evidence.MeanSequence;
import org.elasticreset.evidence.TwoArmEffect;

/** What an experiment leaves in its directory: its state, its units, its answers and a page. */
public final class AbFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final AbRules rules;
  private final NextStep next;
  private boolean begun;

  /**
   * Writes into a directory that exists.
   *
   * @param next what puts B into production
   */
  public AbFiles(Path directory, AbRules rules, NextStep next) {
    this.directory = directory;
    this.rules = rules;
    this.next = next;
  }

  /** What puts B into production, once the verdict is to ship it. */
  public NextStep next() {
    return next;
  }

  /** The page for people. */
  public Path page() {
    return directory.resolve("ab.html");
  }

  /** Writes all of it anew, and the answers that are new. */
  public void write(AbLoop loop) {
    Experiment experiment = loop.experiment();
    try {
      ObjectNode state = state(experiment);
      Files.writeString(
          directory.resolve("ab.json"),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state) + "\n");
      Files.writeString(directory.resolve("ab.csv"), units(experiment));
      Files.writeString(page(), new AbPage(rules, experiment, next).html());
      appendResponses(loop.newResponses());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void appendResponses(List<ObjectNode> responses) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (ObjectNode response : responses) {
      lines.append(JSON.writeValueAsString(response)).append('\n');
    }
    // At the first call these are all that the topic holds.
    StandardOpenOption mode =
        begun ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    Files.writeString(directory.resolve("responses.jsonl"), lines, StandardOpenOption.CREATE, mode);
    begun = true;
  }

  private ObjectNode state(Experiment experiment) {
    AbTest test = experiment.test();
    ObjectNode state = JSON.createObjectNode();
    state.put("name", rules.name());
    state.put("verdict", experiment.verdict().map(AbEvent::verdict).orElse("undecided"));
    state.put(
        "because",
        experiment.verdict().map(AbEvent::because).orElseGet(() -> test.decision().because()));
    state.put("stage", experiment.stage() + 1);
    state.put("share_of_b", rules.shares().get(experiment.stage()));
    state.put("alpha", rules.plan().alpha());
    state.put("requests", experiment.assigned());
    state.put("counted", experiment.counted().size());
    state.set("metric", effect(test.metric(), rules.lowerIsBetter()));
    state.set("reward", effect(test.reward(), false));
    state.set("drift_nats_a", mean(test.driftOfA()));
    state.set("drift_nats_b", mean(test.driftOfB()));
    SampleRatio ratio = experiment.sampleRatio();
    state.put("in_b", ratio.inB());
    state.put("in_b_expected", ratio.expected());
    state.put("sample_ratio_deviations", ratio.deviations());
    ObjectNode passed = state.putObject("not_counted");
    experiment.passed().forEach((reason, count) -> passed.put(reason.word(), count));
    state.set("events", JSON.valueToTree(experiment.events()));
    return state;
  }

  private static ObjectNode effect(TwoArmEffect effect, boolean mirrored) {
    double sign = mirrored ? -1 : 1;
    Interval interval = effect.interval();
    ObjectNode node = JSON.createObjectNode();
    node.put("a_count", effect.a().count());
    node.put("b_count", effect.b().count());
    put(node, "a_mean", sign * effect.a().mean());
    put(node, "b_mean", sign * effect.b().mean());
    put(node, "effect", sign * effect.estimate());
    put(node, "effect_low", mirrored ? -interval.high() : interval.low());
    put(node, "effect_high", mirrored ? -interval.low() : interval.high());
    return node;
  }

  private static ObjectNode mean(MeanSequence mean) {
    ObjectNode node = JSON.createObjectNode();
    node.put("count", mean.count());
    if (mean.count() > 0) {
      put(node, "mean", mean.estimate());
      put(node, "low", mean.interval().low());
      put(node, "high", mean.interval().high());
    }
    return node;
  }

  private static void put(ObjectNode node, String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.putNull(key);
    }
  }

  private String units(Experiment experiment) throws IOException {
    StringWriter text = new StringWriter();
    try (CSVPrinter csv =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
      csv.printRecord(
          "sequence", "prompt_id", "arm", "share_of_b", "stage", "metric", "reward", "drift_nats");
      for (CountedUnit each : experiment.counted()) {
        OptionalDouble metric = each.unit().metric();
        csv.printRecord(
            each.assignment().sequence(),
            each.assignment().id(),
            each.assignment().arm().id(),
            each.assignment().share(),
            each.assignment().stage() + 1,
            metric.isPresent() ? rules.directed(metric.getAsDouble()) : "",
            each.unit().reward(),
            each.unit().drift().isPresent() ? each.unit().drift().getAsDouble() : "");
      }
    }
    return text.toString();
  }

  /** 0.01 as 1 %. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * share).replaceFirst("\\.?0+ %", " %");
  }
}
