package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
  @TempDir private Path root;

  @Test
  void metricsLinesHaveTheFieldsOfTheContractInTheirOrder() throws IOException {
    RunDirectory run = record("contract");
    List<String> lines = Files.readAllLines(run.metrics());

    assertThat(fields(first(lines, "step")))
        .startsWith(
            "event",
            "step",
            "policy_version",
            "reset_epoch",
            "time",
            "reward_mean",
            "reward_std",
            "kl_to_initial_nats",
            "policy_loss",
            "value_loss",
            "entropy_nats",
            "clip_fraction",
            "staleness_max",
            "tokens_per_second");
    assertThat(fields(first(lines, "evaluation")))
        .startsWith("event", "step", "policy_version", "reset_epoch", "time")
        .contains(
            "reward_mean",
            "judge_mean",
            "kl_to_initial_nats",
            "perplexity_human_text",
            "distinct_1",
            "distinct_2",
            "length_mean_tokens");
    assertThat(fields(first(lines, "reset")))
        .containsExactly(
            "event",
            "step",
            "policy_version",
            "reset_epoch",
            "time",
            "reason",
            "updates_since_reset",
            "initial_share");
    assertThat(lines).hasSize(6 + 3 + 3);
    assertThat(lines.get(0)).startsWith("{\"event\":\"evaluation\",\"step\":0,");
  }

  @Test
  void sameEventsGiveTheSameBytes() throws IOException {
    RunDirectory first = record("first");
    RunDirectory second = record("second");

    assertThat(first.metrics()).hasSameBinaryContentAs(second.metrics());
    assertThat(first.samples()).hasSameBinaryContentAs(second.samples());
  }

  @Test
  void everySampleIsALine() throws IOException {
    List<String> lines = Files.readAllLines(record("samples").samples());

    assertThat(lines).hasSize(3 * 12);
    JsonNode sample = new ObjectMapper().readTree(lines.get(0));
    assertThat(fields(sample)).containsExactly("step", "prompt", "response", "reward", "judge");
    assertThat(sample.get("prompt").asText()).isEqualTo(SyntheticEvents.HOSTILE);
  }

  @Test
  void figureThatIsNotFiniteIsNull() {
    TrainingEvent event =
        TrainingEvent.newBuilder()
            .setTrainingStep(StepMetrics.newBuilder().setPolicyLoss(Double.NaN))
            .build();

    assertThat(MetricsLine.of(event).orElseThrow().get("policy_loss").isNull()).isTrue();
  }

  private RunDirectory record(String name) throws IOException {
    RunDirectory run = RunDirectory.create(root, name, "preset");
    try (RunRecorder recorder = new RunRecorder(run)) {
      SyntheticEvents.run(6, 2, 3).forEach(recorder::record);
    }
    return run;
  }

  private static JsonNode first(List<String> lines, String event) throws IOException {
    for (String line : lines) {
      JsonNode node = new ObjectMapper().readTree(line);
      if (node.get("event").asText().equals(event)) {
        return node;
      }
    }
    throw new AssertionError("no " + event);
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
