package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.deploy.Rendered.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ports, topics, groups, users and names in the manifests are those of the services. */
class LoopTest {

  static Stream<Path> overlays() {
    return Rendered.overlays();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void containersListenWhereServicesDo(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.workloads())
        .allSatisfy(
            workload -> {
              Properties own = StrimziResources.channels(workload.name());
              assertThat(port(workload, "http")).isEqualTo(own.getProperty("quarkus.http.port"));
              assertThat(port(workload, "grpc"))
                  .isEqualTo(own.getProperty("quarkus.grpc.server.port", ""));
              assertThat(
                      Rendered.elements(
                              rendered.get("Service", serviceOf(workload)).at("/spec/ports"))
                          .map(port -> port.path("targetPort").asText()))
                  .allMatch(target -> !port(workload, target).isEmpty());
            });
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void servicesAreCalledWhereTheyListen(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    for (String caller : List.of("learner-service", "rollout-service")) {
      Map<String, String> told = ServiceConfigs.of(rendered, workload(rendered, caller)).settings();
      String[] called = told.get(caller.replace("-service", ".ema-service")).split(":");
      JsonNode service = rendered.get("Service", called[0]);
      assertThat(
              Rendered.elements(service.at("/spec/ports"))
                  .filter(port -> port.path("targetPort").asText().equals("grpc"))
                  .map(port -> port.path("port").asText()))
          .containsExactly(called[1]);
      // The learner brings the first policy, without which the ema-service is not ready.
      assertThat(service.at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
      JsonNode certificate = rendered.get("Certificate", caller);
      Map<String, String> ema =
          ServiceConfigs.of(rendered, workload(rendered, "ema-service")).settings();
      assertThat(ema.values()).contains(certificate.at("/spec/commonName").asText());
      assertThat(rendered.get("Certificate", "ema-service").at("/spec/dnsNames/0").asText())
          .isEqualTo(called[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void workersAreCountedByTheTopicAndGroupThatTheyReadWith(Path overlay) {
    Rendered rendered = Rendered.of(overlay);
    Workload workers = workload(rendered, "rollout-service");
    ServiceConfigs told = ServiceConfigs.of(rendered, workers);
    String run = told.environment().get("RUN_ID");
    Properties channels = StrimziResources.channels("rollout-service");

    JsonNode scaled = rendered.get("ScaledObject", "rollout-service");
    JsonNode trigger = scaled.at("/spec/triggers/0/metadata");

    assertThat(trigger.path("topic").asText())
        .isEqualTo(ofRun(run, channels.getProperty("mp.messaging.incoming.prompts.topic")));
    assertThat(trigger.path("consumerGroup").asText())
        .isEqualTo(ofRun(run, channels.getProperty("mp.messaging.incoming.prompts.group.id")));
    assertThat(trigger.path("bootstrapServers").asText())
        .isEqualTo(told.settings().get("kafka.bootstrap.servers"));
    assertThat(scaled.at("/spec/minReplicaCount").asInt(-1)).isZero();
    assertThat(scaled.at("/spec/maxReplicaCount").asInt()).isBetween(1, partitionsOfPrompts());
    assertThat(scaled.at("/spec/scaleTargetRef/name").asText()).isEqualTo(workers.name());
  }

  @Test
  void workersMayBeAsManyAsPromptsHasPartitions() {
    JsonNode scaled = Rendered.overlay("cpu").get("ScaledObject", "rollout-service");

    assertThat(scaled.at("/spec/maxReplicaCount").asInt()).isEqualTo(partitionsOfPrompts());
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void whoeverUsesAPortMayReachIt(Path overlay) {
    Rendered rendered = Rendered.of(overlay);
    String kafka =
        ServiceConfigs.of(rendered, workload(rendered, "ema-service"))
            .settings()
            .get("kafka.bootstrap.servers");

    assertThat(ports(rendered, "topics", "egress"))
        .containsExactly(kafka.substring(kafka.indexOf(':') + 1));
    assertThat(ports(rendered, "weights-to-and-from-ema-service", "ingress"))
        .containsExactly("grpc");
    assertThat(ports(rendered, "calls-of-ema-service", "egress")).containsExactly("grpc");
    // Nothing is left open: policies that select a service name both directions at least once.
    assertThat(
            Rendered.elements(
                    rendered.get("NetworkPolicy", "nothing-but-names").at("/spec/policyTypes"))
                .map(JsonNode::asText))
        .containsExactlyInAnyOrder("Ingress", "Egress");
  }

  @Test
  void brokerHasTheListenerAndTheAuthorityThatServicesUse() {
    Rendered cpu = Rendered.overlay("cpu");
    Map<String, String> told = ServiceConfigs.of(cpu, workload(cpu, "reward-service")).settings();

    JsonNode kafka = cpu.ofKind("Kafka").findFirst().orElseThrow();
    String name = kafka.at("/metadata/name").asText();
    JsonNode listener = kafka.at("/spec/kafka/listeners/0");

    assertThat(told.get("kafka.bootstrap.servers"))
        .isEqualTo(name + "-kafka-bootstrap:" + listener.path("port").asText());
    assertThat(told.get("kafka.sasl.mechanism"))
        .isEqualToIgnoringCase(listener.at("/authentication/type").asText());
    assertThat(listener.path("tls").asBoolean()).isTrue();
    // Offsets that are forgotten are work to KEDA: longer than any pause between runs.
    assertThat(kafka.at("/spec/kafka/config").path("offsets.retention.minutes").asInt())
        .isGreaterThanOrEqualTo(365 * 24 * 60);
    assertThat(kafka.at("/spec/kafka/config/min.insync.replicas").asInt())
        .isLessThan(cpu.get("KafkaNodePool", "node").at("/spec/replicas").asInt());
    assertThat(
            Stream.concat(cpu.ofKind("KafkaTopic"), cpu.ofKind("KafkaUser"))
                .map(object -> object.at("/metadata/labels").path("strimzi.io/cluster").asText()))
        .isNotEmpty()
        .allMatch(name::equals);
  }

  private static int partitionsOfPrompts() {
    return KafkaTopics.declared().stream()
        .filter(topic -> topic.name().equals("prompts"))
        .findFirst()
        .orElseThrow()
        .partitions();
  }

  private static String ofRun(String run, String property) {
    return property.replaceFirst("^\\$\\{[^}]*}", run);
  }

  private static Workload workload(Rendered rendered, String name) {
    return rendered.workloads().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
  }

  private static String serviceOf(Workload workload) {
    return workload.object().at("/spec/serviceName").asText(workload.name());
  }

  private static String port(Workload workload, String name) {
    return Rendered.elements(workload.container().path("ports"))
        .filter(port -> port.path("name").asText().equals(name))
        .map(port -> port.path("containerPort").asText())
        .findFirst()
        .orElse("");
  }

  private static List<String> ports(Rendered rendered, String policy, String direction) {
    return Rendered.elements(
            rendered.get("NetworkPolicy", policy).at("/spec/" + direction + "/0/ports"))
        .map(port -> port.path("port").asText())
        .toList();
  }
}
