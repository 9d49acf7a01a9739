package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks of manifests find what they are for: the real ones, broken in one place. */
class ManifestSchemasTest {

  private static Rendered cpu;

  @BeforeAll
  static void render() {
    cpu =
        Rendered.of(
            Combinations.all().stream()
                .filter(overlay -> overlay.getFileName().toString().startsWith("cpu+"))
                .findFirst()
                .orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, rollout-service, /spec, replica",
    "Deployment, rollout-service, /spec/template/spec/containers/0, readynessProbe",
    "Deployment, rollout-service, /spec/template/spec/containers/0/securityContext, runAsRoot",
    "Deployment, rollout-service, /spec/template/spec/containers/0/livenessProbe/httpGet, pth",
    "StatefulSet, ema-service, /spec/volumeClaimTemplates/0/spec, accessMode",
    "StatefulSet, ema-service, /metadata, label",
    "Service, ema-service, /spec/ports/0, targetport",
    "NetworkPolicy, metrics, /spec/ingress/0, form",
    "PodDisruptionBudget, rollout-service, /spec, maxUnavailabel",
    "ScaledObject, rollout-service, /spec, maxReplicas",
    "ScaledObject, rollout-service, /spec/triggers/0, metaData",
    "TriggerAuthentication, scaler, /spec/secretTargetRef/0, secret",
    "Kafka, broker, /spec/kafka/listeners/0, prot",
    "KafkaNodePool, node, /spec, replica",
    "KafkaNodePool, node, /spec/template/pod/topologySpreadConstraints/0, maxSkewed",
    "KafkaTopic, prompts, /spec, partition",
    "Ingress, console, /spec/rules/0/http/paths/0, pathTyp",
    "PersistentVolumeClaim, models, /spec, accessMode",
    "KafkaUser, rollout-service, /spec/authorization/acls/0/resource, pattern",
    "ServiceMonitor, elastic-reset, /spec/endpoints/0, intervall",
    "PrometheusRule, elastic-reset, /spec/groups/0/rules/0, expression",
    "Certificate, operator, /spec, commonname",
    "Certificate, operator, /metadata, label",
  })
  void misspeltFieldIsFound(String kind, String name, String where, String misspelt) {
    JsonNode object = cpu.get(kind, name).deepCopy();
    ((ObjectNode) object.at(where)).put(misspelt, "x");

    List<String> problems = ManifestSchemas.problems(object);

    assertThat(problems).singleElement().asString().contains(misspelt);
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, rollout-service, /spec, selector",
    "Deployment, rollout-service, /spec/template/spec/containers/0, name",
    "StatefulSet, ema-service, /spec, template",
    "StatefulSet, ema-service, /spec/template/spec/containers/0/ports/0, containerPort",
    "StatefulSet, ema-service, /spec/template/spec/containers/0/volumeMounts/0, mountPath",
    "Service, ema-service, /spec/ports/0, port",
    "ScaledObject, rollout-service, /spec, triggers",
    "ScaledObject, rollout-service, /spec, scaleTargetRef",
    "ScaledObject, rollout-service, /spec/triggers/0, type",
    "Kafka, broker, /spec/kafka/listeners/0, port",
    "Kafka, broker, /spec/kafka/listeners/0/authentication, type",
    "KafkaNodePool, node, /spec, roles",
    "KafkaNodePool, node, /spec/template/pod/topologySpreadConstraints/0, topologyKey",
    "Ingress, console, /spec/rules/0/http/paths/0, pathType",
    "KafkaUser, rollout-service, /spec/authorization/acls/0, operations",
    "ServiceMonitor, elastic-reset, /spec, selector",
    "PrometheusRule, elastic-reset, /spec/groups/0/rules/0, expr",
    "Certificate, operator, /spec, secretName",
  })
  void missingFieldIsFound(String kind, String name, String where, String missing) {
    JsonNode object = cpu.get(kind, name).deepCopy();
    ((ObjectNode) object.at(where)).remove(missing);

    List<String> problems = ManifestSchemas.problems(object);

    assertThat(problems).singleElement().asString().contains(missing);
  }

  @ParameterizedTest
  @CsvSource({
    "KafkaUser, rollout-service, /spec/authentication, type, by-name",
    "KafkaNodePool, node, /spec, replicas, three",
    "ScaledObject, rollout-service, /spec, maxReplicaCount, many",
    "Certificate, operator, /spec/privateKey, encoding, PKCS9",
  })
  void valueOfTheWrongTypeIsFound(
      String kind, String name, String where, String field, String wrong) {
    JsonNode object = cpu.get(kind, name).deepCopy();
    ((ObjectNode) object.at(where)).put(field, wrong);

    List<String> problems = ManifestSchemas.problems(object);

    assertThat(problems).singleElement().asString().contains(field);
  }
}
