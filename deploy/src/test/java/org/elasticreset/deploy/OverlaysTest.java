package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    made.addAll(names(rendered, "Certificate", "/spec/secretName"));
    made.addAll(names(rendered, "KafkaUser", "/metadata/name"));
    rendered
        .ofKind("Kafka")
        .forEach(kafka -> made.add(kafka.at("/metadata/name").asText() + "-cluster-ca-cert"));
    if (overlay.endsWith("external-kafka")) {
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

  /** ConfigMaps and secrets that a workload reads. */
  private static Stream<String> named(Rendered.Workload workload) {
    JsonNode pod = workload.pod();
    return Stream.of(
            pod.findValues("configMapKeyRef"),
            pod.findValues("secretKeyRef"),
            pod.findValues("configMap"),
            pod.findValues("secret"))
        .flatMap(List::stream)
        .map(source -> source.path("name").asText(source.path("secretName").asText()));
  }
}
