package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for whatever Kustomize makes of each overlay. */
class OverlaysTest {

  static Stream<Path> overlays() {
    return Rendered.overlays();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyObjectIsOneThatItsSchemaAllows(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    List<String> problems =
        rendered.objects().stream().flatMap(o -> ManifestSchemas.problems(o).stream()).toList();

    assertThat(rendered.objects()).isNotEmpty();
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void whateverAPodNamesIsThereOrSomebodyMakesIt(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    Set<String> made = new HashSet<>(names(rendered, "ConfigMap", "/metadata/name"));
    made.addAll(names(rendered, "Secret", "/metadata/name"));
    made.addAll(names(rendered, "PersistentVolumeClaim", "/metadata/name"));
    made.addAll(names(rendered, "Certificate", "/spec/secretName"));
    made.addAll(names(rendered, "KafkaUser", "/metadata/name"));
    rendered
        .ofKind("Kafka")
        .forEach(kafka -> made.add(kafka.at("/metadata/name").asText() + "-cluster-ca-cert"));
    if (rendered.ofKind("Kafka").findAny().isEmpty()) {
      // Its first lines and docs/kubernetes.md tell who uses it to bring these.
      made.add("broker-cluster-ca-cert");
      made.add("scaler");
      made.addAll(StrimziResources.SERVICES);
    }

    assertThat(rendered.workloads().flatMap(OverlaysTest::named)).isNotEmpty().isSubsetOf(made);
    assertThat(
            rendered
                .ofKind("TriggerAuthentication")
                .flatMap(scaler -> Rendered.elements(scaler.at("/spec/secretTargetRef")))
                .map(secret -> secret.path("name").asText()))
        .isNotEmpty()
        .isSubsetOf(made);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyServiceRunsWithoutRightsAndIsProbed(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.workloads().map(Rendered.Workload::name))
        .containsExactlyInAnyOrderElementsOf(StrimziResources.SERVICES);
    assertThat(rendered.workloads())
        .allSatisfy(
            workload -> {
              JsonNode pod = workload.pod();
              assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
              assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                  .isEqualTo("RuntimeDefault");
              assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
              // EMA_SERVICE_PORT and the like would be unknown settings, which stop the start.
              assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
              JsonNode container = workload.container();
              JsonNode security = container.path("securityContext");
              assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
              assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
              assertThat(container.at("/startupProbe/httpGet/path").asText())
                  .isEqualTo("/q/health/started");
              assertThat(container.at("/livenessProbe/httpGet/path").asText())
                  .isEqualTo("/q/health/live");
              assertThat(container.at("/readinessProbe/httpGet/path").asText())
                  .isEqualTo("/q/health/ready");
              assertThat(container.at("/resources/requests/memory").asText()).isNotEmpty();
              assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
            });
  }

  /** What holds state is one, and waited for: nobody moves it but who means to. */
  @ParameterizedTest
  @MethodSource("overlays")
  void whatHoldsStateIsReplacedWhenItIsBrokenAndNotForThrift(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.ofKind("StatefulSet"))
        .hasSize(2)
        .allSatisfy(
            set -> {
              assertThat(set.at("/spec/replicas").asInt()).isEqualTo(1);
              assertThat(set.at("/spec/podManagementPolicy").asText()).isEqualTo("Parallel");
              assertThat(
                      set.at("/spec/template/metadata/annotations")
                          .path("cluster-autoscaler.kubernetes.io/safe-to-evict")
                          .asText())
                  .isEqualTo("false");
            });
    assertThat(rendered.ofKind("PodDisruptionBudget"))
        .hasSize(4)
        .allMatch(b -> b.at("/spec/unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow"));
  }

  /** A batch under way may end, and its rollouts be told, before a pod is killed. */
  @ParameterizedTest
  @MethodSource("overlays")
  void podsOutliveTheStopOfTheirServices(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.ofKind("Deployment"))
        .allSatisfy(
            deployment -> {
              var workload = new Rendered.Workload(deployment);
              String own = workload.name().replace("-service", ".stop-timeout");
              String told = ServiceConfigs.of(rendered, workload).settings().get(own);
              Duration stop = told == null ? Duration.ofSeconds(20) : Duration.parse(told);
              assertThat(workload.pod().path("terminationGracePeriodSeconds").asLong())
                  .isGreaterThan(2 * stop.toSeconds());
            });
  }

  @Test
  void podThatFillsTheVolumeOfModelsMayDoAsLittleAsAService() throws IOException {
    String text = Files.readString(Rendered.KUBERNETES.resolve("components/models/fill.yaml"));
    JsonNode pod = Rendered.parse(text).get("Pod", "fill");

    assertThat(ManifestSchemas.problems(pod)).isEmpty();
    JsonNode service =
        Rendered.overlay("cpu").get("Deployment", "rollout-service").at("/spec/template/spec");
    assertThat(pod.at("/spec/securityContext")).isEqualTo(service.path("securityContext"));
    assertThat(pod.at("/spec/containers/0/securityContext"))
        .isEqualTo(service.at("/containers/0/securityContext"));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void volumesAndWhereTheyAreMountedAgree(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.workloads())
        .allSatisfy(
            workload ->
                assertThat(mounted(workload)).containsExactlyInAnyOrderElementsOf(held(workload)));
  }

  private static List<String> mounted(Rendered.Workload workload) {
    return Rendered.elements(workload.container().path("volumeMounts"))
        .map(mount -> mount.path("name").asText())
        .toList();
  }

  private static List<String> held(Rendered.Workload workload) {
    return Stream.concat(
            workload.volumes().map(volume -> volume.path("name").asText()),
            Rendered.elements(workload.object().at("/spec/volumeClaimTemplates"))
                .map(claim -> claim.at("/metadata/name").asText()))
        .toList();
  }

  private static Set<String> names(Rendered rendered, String kind, String where) {
    return rendered
        .ofKind(kind)
        .map(object -> object.at(where).asText())
        .collect(Collectors.toSet());
  }

  /** ConfigMaps, secrets and claims that a workload reads. */
  private static Stream<String> named(Rendered.Workload workload) {
    JsonNode pod = workload.pod();
    return Stream.of(
            pod.findValues("configMapKeyRef"),
            pod.findValues("secretKeyRef"),
            pod.findValues("configMap"),
            pod.findValues("secret"),
            pod.findValues("persistentVolumeClaim"))
        .flatMap(List::stream)
        .map(
            source ->
                Stream.of("name", "secretName", "claimName")
                    .map(key -> source.path(key).asText())
                    .filter(name -> !name.isEmpty())
                    .findFirst()
                    .orElseThrow());
  }
}
