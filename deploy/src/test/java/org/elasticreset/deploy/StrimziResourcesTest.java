package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.elasticreset.broker.KafkaTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrimziResourcesTest {

  @ParameterizedTest
  @MethodSource("made")
  void madeFileIsAsItsSourcesSay(String file, String text) throws IOException {
    Path path = Rendered.ROOT.resolve("deploy").resolve(file);
    if (System.getProperty("regenerate") != null) {
      Files.writeString(path, text);
    }

    String written = Files.readString(path);

    assertThat(written)
        .as("%s is out of date: mvn -pl deploy -am test -Dregenerate", file)
        .isEqualTo(text);
  }

  static Stream<Arguments> made() {
    return StrimziResources.files().entrySet().stream()
        .map(file -> Arguments.of(file.getKey(), file.getValue()));
  }

  @Test
  void everyTopicIsOfTheRunThatKustomizeNames() {
    Rendered local = Rendered.of(Path.of("src/test/overlays/people"));

    Set<String> topics =
        local
            .ofKind("KafkaTopic")
            .map(topic -> topic.at("/spec/topicName").asText())
            .collect(Collectors.toSet());

    assertThat(topics)
        .isEqualTo(
            Stream.of("topics", "people", "live")
                .flatMap(group -> KafkaTopics.declared(group).stream())
                .map(topic -> "asked." + topic.name())
                .collect(Collectors.toSet()));
    assertThat(local.ofKind("KafkaUser").flatMap(StrimziResourcesTest::named))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("asked."));
  }

  @Test
  void nobodyMayReadAndWriteWhatOnlyFlowsOneWay() {
    Rendered cpu = Rendered.overlay("cpu");

    Set<String> writers =
        cpu.ofKind("KafkaUser")
            .filter(user -> may(user, "movie-sentiment.prompts", "Write"))
            .map(user -> user.at("/metadata/name").asText())
            .collect(Collectors.toSet());

    assertThat(writers).containsExactly("learner-service");
  }

  private static boolean may(JsonNode user, String topic, String operation) {
    return Rendered.elements(user.at("/spec/authorization/acls"))
        .filter(acl -> acl.at("/resource/name").asText().equals(topic))
        .flatMap(acl -> Rendered.elements(acl.path("operations")))
        .anyMatch(allowed -> allowed.asText().equals(operation));
  }

  private static Stream<String> named(JsonNode user) {
    return Rendered.elements(user.at("/spec/authorization/acls"))
        .map(acl -> acl.at("/resource/name").asText());
  }
}
