package org.elasticreset.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code metrics.jsonl} as charts have it.
 *
 * @param scalars by tag, such as {@code train/reward_mean}; a figure that is not finite has none
 * @param note what there is to say in words: of a reset, and of an update that was discarded
 */
record MetricsPoint(
    long step, Instant time, SortedMap<String, Double> scalars, @Nullable Note note) {

  /** Words under a tag. */
  record Note(String tag, String text) {}

  private static final Set<String> OF_EVERY_LINE =
      Set.of("event", "step", "policy_version", "reset_epoch", "time");

  MetricsPoint {
    scalars = Collections.unmodifiableSortedMap(new TreeMap<>(scalars));
  }

  /** Reads a line. */
  static MetricsPoint of(JsonNode line) {
    String event = line.path("event").asText();
    SortedMap<String, Double> scalars = new TreeMap<>();
    String group =
        switch (event) {
          case "step" -> "train/";
          case "evaluation" -> "eval/";
          default -> event + "/";
        };
    line.fields()
        .forEachRemaining(
            field -> {
              if (!OF_EVERY_LINE.contains(field.getKey())) {
                add(scalars, group + field.getKey(), field.getValue());
              }
            });
    scalars.remove("eval/samples"); // how many there are, not how good
    if (!event.equals("evaluation")) {
      add(scalars, "policy_version", line.path("policy_version"));
      add(scalars, "reset_epoch", line.path("reset_epoch"));
    }
    return new MetricsPoint(
        line.path("step").asLong(),
        Instant.parse(line.path("time").asText()),
        scalars,
        note(event, line));
  }

  private static void add(SortedMap<String, Double> scalars, String tag, JsonNode value) {
    if (value.isNumber()) {
      scalars.put(tag, value.asDouble());
    } else if (value.isObject()) {
      value
          .fields()
          .forEachRemaining(field -> add(scalars, tag + "/" + field.getKey(), field.getValue()));
    }
  }

  private static @Nullable Note note(String event, JsonNode line) {
    return switch (event) {
      case "reset" ->
          new Note(
              "resets",
              "reset %d behind step %d, to %s: %s"
                  .formatted(
                      line.path("reset_epoch").asLong(),
                      line.path("step").asLong(),
                      line.path("to").asText("average"),
                      line.path("reason").asText()));
      case "update_discarded" ->
          new Note(
              "updates_discarded",
              "the update of step %d was discarded: %s"
                  .formatted(line.path("step").asLong(), line.path("reason").asText()));
      default -> null;
    };
  }
}
