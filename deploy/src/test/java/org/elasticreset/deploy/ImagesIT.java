package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.elasticreset.deploy.Rendered.Workload;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The images of {@code mvn -Pimages}, opened, and run without an engine of containers. */
class ImagesIT {

  private static final Map<String, ImageArchive> IMAGES = new HashMap<>();

  @TempDir static Path unpacked;

  @BeforeAll
  static void unpack() throws Exception {
    for (String service : StrimziResources.SERVICES) {
      IMAGES.put(service, ImageArchive.open(service, unpacked.resolve(service)));
    }
  }

  static Stream<String> services() {
    return StrimziResources.SERVICES.stream();
  }

  @ParameterizedTest
  @MethodSource("services")
  void imageSaysWhatThePodsAskOfIt(String service) {
    JsonNode config = IMAGES.get(service).config();
    Workload workload =
        Rendered.overlay("cpu").workloads().filter(w -> w.name().equals(service)).findAny().get();

    assertThat(Rendered.elements(config.path("Entrypoint")).map(JsonNode::asText))
        .containsExactly("java", "-jar", "/deployments/quarkus-run.jar");
    assertThat(config.path("User").asText())
        .isEqualTo(
            "%s:%s",
            workload.pod().at("/securityContext/runAsUser").asText(),
            workload.pod().at("/securityContext/runAsGroup").asText());
    assertThat(names(config.path("ExposedPorts")))
        .isEqualTo(
            Rendered.elements(workload.container().path("ports"))
                .map(port -> port.path("containerPort").asText() + "/tcp")
                .collect(Collectors.toSet()));
    assertThat(config.at("/Labels/org.opencontainers.image.title").asText()).isEqualTo(service);
    assertThat(config.at("/Labels/org.opencontainers.image.version").asText()).isNotEmpty();
    assertThat(config.at("/Labels/org.opencontainers.image.licenses").asText())
        .isEqualTo("Apache-2.0");
    assertThat(Rendered.elements(config.path("Env")).map(JsonNode::asText))
        .contains("DJL_CACHE_DIR=/tmp/djl")
        .noneMatch(variable -> variable.matches("(?i).*(password|secret|token|jaas).*"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void imageHoldsNothingThatItsUserMayChangeAndNothingThatIsNotRun(String service)
      throws Exception {
    ImageArchive image = IMAGES.get(service);

    // Mode, owner; nobody but root may write, and nothing runs as another than who starts it.
    assertThat(image.listing())
        .isNotEmpty()
        .allMatch(line -> line.matches("[-d]r[w-][x-]r-[x-]r-[x-] +0/0 .*"));
    List<Path> files = image.files();
    assertThat(files).contains(Path.of("deployments/quarkus-run.jar"));
    assertThat(files.stream().map(file -> file.getName(0).toString()).collect(Collectors.toSet()))
        .isSubsetOf("app", "deployments", "models", "presets");
    assertThat(files)
        .noneMatch(
            file ->
                file.toString()
                    .matches(
                        "(.*/)?\\.git.*|.*\\.(java|class|keys?|pem|p12|env|properties)"
                            + "|.*-(sources|tests)\\.jar"));
    // The engine is in the images of those that load models, and in no other.
    assertThat(files.stream().anyMatch(file -> file.toString().contains("pytorch-native")))
        .isEqualTo(!service.equals("ema-service"));
    assertThat(files.stream().anyMatch(file -> file.startsWith("models")))
        .isEqualTo(!service.equals("ema-service"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void billOfMaterialsNamesEveryJar(String service) throws Exception {
    ImageArchive image = IMAGES.get(service);
    JsonNode bill = ImageArchive.json(image.root().resolve("deployments/bom.json"));

    Set<String> listed =
        Stream.concat(
                Stream.of(bill.at("/metadata/component")),
                Rendered.elements(bill.path("components")))
            .map(
                component ->
                    "%s.%s-%s"
                        .formatted(
                            component.path("group").asText(),
                            component.path("name").asText(),
                            component.path("version").asText()))
            .collect(Collectors.toSet());
    List<String> jars =
        image.files().stream()
            .filter(file -> file.startsWith("deployments/lib"))
            .map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(".jar"))
            .toList();

    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.at("/metadata/component/name").asText()).isEqualTo(service);
    assertThat(jars).hasSizeGreaterThan(50);
    // GROUP.NAME-VERSION, and a classifier where there is one.
    assertThat(jars)
        .allMatch(
            jar ->
                listed.contains(jar.replaceFirst("\\.jar$", ""))
                    || listed.stream().anyMatch(known -> jar.startsWith(known + "-")));
    assertThat(bill.path("components").findValues("licenses")).hasSizeGreaterThan(50);
  }

  /**
   * One step of a run by the four, each from the files of its image, with the settings of the
   * overlay but for the broker, by mutual TLS, as another user who may write to two folders only.
   */
  @Test
  void servicesOfTheImagesMakeAStepWithTwoFoldersToWriteTo() throws Exception {
    for (ImageArchive image : IMAGES.values()) {
      readable(image.root().getParent());
    }
    readable(unpacked);
    try (var run = new ImageRun(IMAGES, unpacked.resolve("run"))) {
      Map<String, Long> before = new HashMap<>();
      for (var image : IMAGES.entrySet()) {
        before.put(image.getKey(), image.getValue().files().stream().count());
      }

      run.start("ema-service");
      run.start("reward-service");
      run.start("rollout-service");
      run.start("learner-service");

      run.awaitLog("learner-service", "run ended step=1");
      for (String service : List.of("ema-service", "reward-service", "rollout-service")) {
        assertThat(run.ask(service, "/q/health/ready")).as(service).isEqualTo(200);
        assertThat(run.ask(service, "/q/health/live")).as(service).isEqualTo(200);
      }
      assertThat(run.ask("ema-service", "/api/console/status"))
          .as("nobody has a key")
          .isEqualTo(401);
      for (var image : IMAGES.entrySet()) {
        assertThat(image.getValue().files()).hasSize(before.get(image.getKey()).intValue());
      }
    }
  }

  /** The temporary folder is its maker's alone. */
  private static void readable(Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Set<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }
}
