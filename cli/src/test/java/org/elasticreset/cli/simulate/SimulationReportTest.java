package org.elasticreset.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.elasticreset.cli.simulate.Observation.Books;
import org.elasticreset.cli.simulate.Observation.Busy;
import org.elasticreset.cli.simulate.Observation.KafkaSeen;
import org.elasticreset.cli.simulate.Observation.WeightsSeen;
import org.elasticreset.model.simulated.Distribution;
import org.junit.jupiter.api.Test;

class SimulationReportTest {

  private static final Workload WORK =
      new Workload(
          1_000_000,
          64,
          16,
          GenerationTime.of(Distribution.ofDurations("generate", "500ms")),
          Distribution.NONE,
          Distribution.ofDurations("learn", "1s"),
          0);
  private static final Cluster CLUSTER = Cluster.of(2, 1, 8);
  private static final Observation SEEN =
      new Observation(
          10,
          25,
          640,
          Map.of("waiting", 1.2, "optimising", 1.0, "uploading", 0.2, "checkpointing", 0.05),
          Map.of("workers", new Busy(2, 0.4, 0.5, 40), "scorers", new Busy(1, 0.0, 0.001, 40)),
          Map.of("workers", 60e-6, "learner", 40e-6),
          new WeightsSeen(0.02, 20, 80e6, 40e6, 0.01, 0.03),
          new KafkaSeen(1.28e6, Map.of("prompts", 1.5, "rollouts", 0.0)),
          new Books(1280, 1284, 1280, 4, 1, 1, 0));
  private static final SimulationReport REPORT =
      new SimulationReport(
          WORK,
          CLUSTER,
          SEEN,
          new ThroughputModel(Costs.NONE).predict(WORK, CLUSTER),
          ThroughputModel.ideal(WORK, CLUSTER));

  @Test
  void ratesAndSharesAreThoseOfTheFigures() {
    assertThat(SEEN.rolloutsPerSecond()).isEqualTo(25.6);
    assertThat(REPORT.efficiency()).isCloseTo(0.8, within(1e-9));
    assertThat(REPORT.predictionError()).isCloseTo(-0.2, within(1e-9));
    assertThat(String.join("\n", REPORT.lines()))
        .contains("measured over 10 steps: 25.6 rollouts/s, a step 2.500 s")
        .contains("learner waiting           1.200 s a step    48 %")
        .contains("workers, 2", "40 % busy")
        .contains("1.5 batches of prompts")
        .contains("100 us a rollout, 20,000 rollouts/s on two cores: learner 40 us, workers 60 us")
        .contains("admitted 1,280, received 1,284, trained 1,280, dropped copies 4; resets 1")
        .contains("80 % of what is possible")
        .contains("bottleneck generation, then learning");
  }

  @Test
  void programsReadTheSame() throws IOException {
    JsonNode json = new ObjectMapper().readTree(REPORT.json());

    assertThat(json.at("/computed/rollouts_per_second").asDouble()).isEqualTo(25.6);
    assertThat(json.at("/computed/bottleneck").asText()).isEqualTo("generation");
    assertThat(json.at("/measured/books/trained").asLong()).isEqualTo(1280);
    String[] lines = REPORT.csv().split("\n", -1);
    assertThat(lines[0].split(",", -1)).hasSameSizeAs(lines[1].split(",", -1));
    assertThat(lines[0]).contains("rollouts_per_second", "learner_waiting_seconds");
  }
}
