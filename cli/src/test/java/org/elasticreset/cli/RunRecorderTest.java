package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.UpdateDiscarded;
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

  @Test
  void eventReplacesTheOneOfItsNumberAndAllBehindIt() throws IOException {
    List<TrainingEvent> events = numbered(SyntheticEvents.run(6, 2, 3));
    List<TrainingEvent> told = new ArrayList<>(events.subList(0, 9));
    told.addAll(events.subList(4, 7));
    told.addAll(events.subList(0, 2));
    told.addAll(events.subList(2, events.size()));

    RunDirectory once = record("once", events);
    RunDirectory again = record("again", told);

    assertThat(again.metrics()).hasSameBinaryContentAs(once.metrics());
    assertThat(again.samples()).hasSameBinaryContentAs(once.samples());
  }

  @Test
  void linesOfALauncherThatWasKilledWhileItWroteAreMadeAnew() throws IOException {
    List<TrainingEvent> events = numbered(SyntheticEvents.run(6, 2, 3));
    RunDirectory whole = record("whole", events);
    RunDirectory torn = RunDirectory.create(root, "torn", "preset");
    byte[] metrics = Files.readAllBytes(whole.metrics());
    Files.write(torn.metrics(), Arrays.copyOf(metrics, metrics.length / 2));
    Files.writeString(torn.samples(), "{\"step\":0,\"prom");

    record(torn, events);

    assertThat(torn.metrics()).hasSameBinaryContentAs(whole.metrics());
    assertThat(torn.samples()).hasSameBinaryContentAs(whole.samples());
  }

  @Test
  void updateThatWasDiscardedIsALineWithTheBatchThatIsKept() {
    TrainingEvent event =
        TrainingEvent.newBuilder()
            .setStep(4)
            .setUpdateDiscarded(
                UpdateDiscarded.newBuilder().setReason("loss is NaN").setBatchFile("/b/step-4"))
            .build();

    assertThat(MetricsLine.of(event).orElseThrow().toString())
        .startsWith("{\"event\":\"update_discarded\",\"step\":4,")
        .endsWith(",\"reason\":\"loss is NaN\",\"batch_file\":\"/b/step-4\"}");
  }

  private static List<TrainingEvent> numbered(List<TrainingEvent> events) {
    List<TrainingEvent> numbered = new ArrayList<>();
    for (TrainingEvent event : events) {
      numbered.add(event.toBuilder().setSequence(numbered.size() + 1).build());
    }
    return numbered;
  }

  private RunDirectory record(String name, List<TrainingEvent> events) throws IOException {
    RunDirectory run = RunDirectory.create(root, name, "preset");
    record(run, events);
    return run;
  }

  private static void record(RunDirectory run, List<TrainingEvent> events) {
    try (RunRecorder recorder = new RunRecorder(run)) {
      events.forEach(recorder::record);
    }
  }

  private RunDirectory record(String name) throws IOException {
    return record(name, SyntheticEvents.run(6, 2, 3));
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
