package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Traces on a cluster: who is told of a collector, and may reach it. */
class TracingTest {

  private static final String ENDPOINT = "quarkus.otel.exporter.otlp.endpoint";
  private static final String DISABLED = "quarkus.otel.sdk.disabled";
  private static final String RATIO = "quarkus.otel.traces.sampler.arg";

  @Test
  void everyServiceIsToldOfTheCollectorAndMayReachIt() {
    Rendered traced = Rendered.of(withTracing());
    JsonNode policy = traced.get("NetworkPolicy", "spans-to-collector");
    JsonNode to = policy.at("/spec/egress/0");

    assertThat(traced.workloads())
        .hasSize(4)
        .allSatisfy(
            workload -> {
              var told = ServiceConfigs.of(traced, workload).settings();
              assertThat(told).containsEntry(DISABLED, "false");
              URI collector = URI.create(told.get(ENDPOINT));
              assertThat(to.at("/ports/0/port").asInt()).isEqualTo(collector.getPort());
              assertThat(
                      to.at("/to/0/namespaceSelector/matchLabels")
                          .path("kubernetes.io/metadata.name")
                          .asText())
                  .isEqualTo(collector.getHost().split("\\.")[1]);
              assertThat(
                      Rendered.elements(policy.at("/spec/podSelector/matchExpressions/0/values"))
                          .map(JsonNode::asText))
                  .contains(workload.name());
            });
  }

  @Test
  void onlyTheOneThatBeginsTracesHasARatio() {
    Rendered traced = Rendered.of(withTracing());

    assertThat(
            traced
                .workloads()
                .filter(
                    workload -> ServiceConfigs.of(traced, workload).settings().containsKey(RATIO))
                .map(Rendered.Workload::name))
        .containsExactly("learner-service");
  }

  @Test
  void nobodyTracesUnlessTold() {
    for (String service :
        List.of("ema-service", "learner-service", "reward-service", "rollout-service")) {
      Properties own = StrimziResources.channels(service);
      assertThat(own.getProperty(DISABLED)).as(service).isEqualTo("true");
      // Whoever else begins a trace would begin one for every record that has none.
      assertThat(own.getProperty(RATIO))
          .as(service)
          .isEqualTo(service.equals("learner-service") ? "0.1" : "0");
    }
    assertThat(Rendered.overlay("cpu").find("NetworkPolicy", "spans-to-collector")).isEmpty();
  }

  private static Path withTracing() {
    return Combinations.all().stream()
        .filter(overlay -> overlay.getFileName().toString().equals("cpu+tracing"))
        .findFirst()
        .orElseThrow();
  }
}
