package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.cli.ab.Arm;
import org.elasticreset.evidence.TwoArmEffect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbSettingsTest {
  @TempDir Path root;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(root.resolve("a"));
    Files.createDirectories(root.resolve("run/policy"));
    Files.writeString(root.resolve("run/run.json"), "{}");
    Files.writeString(root.resolve("run/policy/config.json"), "{}");
    Files.writeString(
        root.resolve("ab.yaml"),
        """
        name: reviews
        a: a
        b: run
        metric: {bounds: [0, 1]}
        reward: {scorers: {short: {type: length, target-tokens: 5}}}
        """);
  }

  @Test
  void aRunStandsForThePolicyThatItLeft() {
    AbSettings settings = read();

    assertThat(settings.a()).isEqualTo(root.resolve("a"));
    assertThat(settings.b()).isEqualTo(root.resolve("run/policy"));
    assertThat(settings.rules().shares()).containsExactly(0.01, 0.1, 0.5);
    assertThat(settings.rules().plan().metricBounds()).hasValue(new TwoArmEffect.Bounds(0, 1));
  }

  @Test
  void aMetricOfWhichLessIsBetterIsTurnedRound() {
    AbSettings settings = read("metric.better=lower", "metric.bounds=0,5");

    assertThat(settings.rules().lowerIsBetter()).isTrue();
    assertThat(settings.rules().plan().metricBounds()).hasValue(new TwoArmEffect.Bounds(-5, 0));
  }

  @Test
  void eachArmHasItsTopicAndItsPolicy() {
    var worker = ServiceSettings.fixedPolicy(read(), Arm.B, "localhost:1", 8081).properties();

    assertThat(worker)
        .containsEntry("rollout.run-id", "reviews")
        .containsEntry("rollout.model", root.resolve("run/policy").toString())
        .containsEntry("rollout.fixed-policy", "true")
        .containsEntry("mp.messaging.incoming.prompts.topic", "reviews.prompts-b")
        .containsEntry("mp.messaging.incoming.prompts.group.id", "reviews.rollout-service-b");
  }

  @Test
  void whatCannotWorkIsNamed() {
    assertRefused("stages=0.5,0.1", "stages: [0.5, 0.1] (expected: shares of B that rise");
    assertRefused("metric.from=csv", "metric.csv: missing (expected: a file");
    assertRefused("metric.from=judge", "reward.judge: missing (expected: a scorer");
    assertRefused("guards.drift-limit-nats=5", "guards.drift-limit-nats: 5.0 (expected: none");
    assertRefused("test.alpha=0.7", "test.alpha: 0.7 (expected: 0 < alpha < 0.5)");
    assertRefused("test.planned=20", "planned: 20 (expected: at least twice the minimum)");
    assertRefused("name=a/b", "name: a/b (expected: letters");
    assertRefused("shares=0.5", "shares: unknown setting");
  }

  @Test
  void aPolicyWithoutRoomForTheAnswerIsRefusedBeforeAnythingStarts() throws IOException {
    TinyModels.writePolicy(root.resolve("a"));
    TinyModels.writePolicy(root.resolve("run/policy"));

    AbSettings tooLong = read("sampling.max-new-tokens=30");
    AbSettings fitting = read("sampling.max-new-tokens=8");

    assertThatThrownBy(() -> AbPreflight.check(tooLong))
        .hasMessageStartingWith("sampling.max-new-tokens: 30 (expected: max-prompt-tokens");
    assertThatCode(() -> AbPreflight.check(fitting)).doesNotThrowAnyException();
  }

  private void assertRefused(String assignment, String message) {
    assertThatThrownBy(() -> read(assignment))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(message);
  }

  private AbSettings read(String... assignments) {
    return AbSettings.read(
        root.resolve("ab.yaml"), List.of(assignments), NamedModels.ofEnvironment());
  }
}
