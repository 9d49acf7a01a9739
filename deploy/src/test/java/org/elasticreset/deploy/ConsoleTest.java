package org.elasticreset.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console on a cluster: who may reach it, and what it may read. */
class ConsoleTest {

  private static final String RUN = "movie-sentiment.";

  /** What a page may ask for of its own host. */
  private static final Pattern ASKED = Pattern.compile("[\"'`](/(?!/)[a-z][^\"'`?$]*)");

  @ParameterizedTest
  @ValueSource(strings = {"local", "cpu", "gpu", "external-kafka"})
  void keysAreAskedForAndNobodyHasOneAtFirst(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    Map<String, String> told = ServiceConfigs.of(rendered, ema(rendered)).settings();
    JsonNode keys =
        rendered
            .ofKind("Secret")
            .filter(secret -> secret.at("/metadata/name").asText().startsWith("console"))
            .findFirst()
            .orElseThrow();

    assertThat(told)
        .containsEntry("ema.console.enabled", "true")
        .containsEntry("ema.console.keys", "/console/console.keys");
    assertThat(new String(Base64.getMimeDecoder().decode(data(keys)), UTF_8).lines())
        .allMatch(line -> line.startsWith("#"));
  }

  @Test
  void eventsAreReadAndOfTheOtherTopicsOnlyHowFarEachHasCome() {
    JsonNode user = Rendered.overlay("cpu").get("KafkaUser", "ema-service");

    var rights = new TreeMap<String, TreeSet<String>>();
    Rendered.elements(user.at("/spec/authorization/acls"))
        .forEach(
            acl ->
                Rendered.elements(acl.path("operations"))
                    .forEach(
                        operation ->
                            rights
                                .computeIfAbsent(
                                    acl.at("/resource/type").asText()
                                        + " "
                                        + acl.at("/resource/name").asText(),
                                    name -> new TreeSet<>())
                                .add(operation.asText())));

    var expected = new TreeMap<String, TreeSet<String>>();
    expected.put("topic " + RUN + "policy-versions", of("Describe", "Write"));
    expected.put("topic " + RUN + "training-events", of("Describe", "Read", "Write"));
    for (var queue :
        Map.of("rollout-service", "prompts", "reward-service", "rollouts").entrySet()) {
      Properties channels = StrimziResources.channels(queue.getKey());
      String incoming = "mp.messaging.incoming." + queue.getValue();
      expected.put("topic " + ofRun(channels, incoming + ".topic"), of("Describe"));
      expected.put("group " + ofRun(channels, incoming + ".group.id"), of("Describe"));
    }
    // Of the learner no group: its position is in its checkpoints.
    expected.put("topic " + RUN + "scored-rollouts", of("Describe"));
    assertThat(rights).isEqualTo(expected);
  }

  @Test
  void ingressLeadsToWhatThePageLoadsAndToNothingElse() throws IOException {
    Rendered all = Rendered.of(withIngress());
    JsonNode rule = all.get("Ingress", "console").at("/spec/rules/0/http");
    List<String> paths =
        Rendered.elements(rule.path("paths")).map(path -> path.path("path").asText()).toList();

    assertThat(pageFiles().flatMap(file -> ASKED.matcher(file).results()).map(r -> r.group(1)))
        .hasSizeGreaterThan(3)
        .allMatch(asked -> paths.stream().anyMatch(asked::startsWith));
    assertThat(paths).noneMatch("/q/metrics"::startsWith).noneMatch("/api/train"::startsWith);
    assertThat(Rendered.elements(rule.path("paths")).map(path -> path.at("/backend/service")))
        .allSatisfy(
            backend ->
                assertThat(
                        Rendered.elements(
                                all.get("Service", backend.path("name").asText()).at("/spec/ports"))
                            .map(port -> port.path("name").asText()))
                    .contains(backend.at("/port/name").asText()));
    assertThat(all.get("NetworkPolicy", "console").at("/spec/podSelector/matchLabels"))
        .isEqualTo(all.get("Service", "ema-service").at("/spec/selector"));
  }

  private static Path withIngress() {
    return Combinations.all().stream()
        .filter(overlay -> overlay.getFileName().toString().equals("cpu+ingress"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String> pageFiles() throws IOException {
    Path page = Rendered.ROOT.resolve("ema-service/src/main/resources/META-INF/resources/console");
    try (var files = Files.list(page)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(html|js)"))
          .map(Combinations::read)
          .toList()
          .stream();
    }
  }

  private static TreeSet<String> of(String... operations) {
    return new TreeSet<>(List.of(operations));
  }

  private static String ofRun(Properties channels, String key) {
    return channels.getProperty(key).replaceFirst("^\\$\\{.*}\\.", RUN);
  }

  private static String data(JsonNode secret) {
    return secret.at("/data").path("console.keys").asText();
  }

  private static Rendered.Workload ema(Rendered rendered) {
    return new Rendered.Workload(rendered.get("StatefulSet", "ema-service"));
  }
}
