package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion is in the run's directory and on its topic once, whoever dies on the way. */
@Timeout(300)
class PromotionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static LocalBroker broker;

  @TempDir private Path root;
  private RunDirectory run;
  private Path target;

  @BeforeAll
  static void start() {
    broker = LocalBroker.startTemporary();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void finish(TestInfo test) throws IOException {
    String name = test.getTestMethod().orElseThrow().getName();
    KafkaTopics.create(broker.bootstrapServers(), name);
    run = RunDirectory.create(root, name, "preset");
    run.createFolders();
    Files.writeString(
        run.config(),
        SettingsText.yaml(
            InstallationFixture.create(root.resolve("installation")).resolve("name=" + name)));
    Files.createDirectory(run.policy());
    Files.writeString(run.policy().resolve("model.safetensors"), "weights");
    try (RunRecorder recorder = new RunRecorder(run)) {
      SyntheticEvents.run(4, 2, 2).forEach(recorder::record);
    }
    target = root.resolve("production");
  }

  @Test
  void everyStepIsOnTheTopicAsItIsInTheFile() throws Exception {
    assertThat(approve("ada", 2)).isEqualTo(1);
    assertThat(approve("grace", 2)).isZero();

    List<TrainingEvent> told = told();
    assertThat(ids(told)).containsAll(ids()).hasSize(3);
    TrainingEvent promoted =
        told.stream().filter(event -> is("promoted", event)).findFirst().orElseThrow();
    JsonNode line = lines().get(2);
    assertThat(promoted.getSequence()).isZero();
    assertThat(promoted.getStep()).isEqualTo(line.path("step").asLong()).isPositive();
    assertThat(promoted.getPolicyVersion()).isEqualTo(line.path("policy_version").asLong());
    assertThat(promoted.getAudit().getWho()).isEqualTo("grace");
    assertThat(promoted.getAudit().getWhy()).isEqualTo("word of grace");
    assertThat(promoted.getAudit().getPromoted().getTo()).isEqualTo(target.toString());
    assertThat(promoted.getAudit().getPromoted().getPolicySha256())
        .isEqualTo(PolicyDigest.of(target).sha256());
    assertThat(promoted.getAudit().getFigures().getEvaluation().getRewardMean())
        .isEqualTo(line.path("evaluation").path("reward_mean").asDouble());
    assertThat(promoted.getAudit().getFigures().hasUpdatesSinceReset()).isFalse();
  }

  @Test
  void approvalThatTheTopicDidNotGetIsToldByTheSameCommandAndGivenOnce() throws Exception {
    assertThatThrownBy(() -> approve("ada", 1, nobody()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("training-events at 127.0.0.1:1: ")
        .hasMessageContaining("the same command goes on from there");
    assertThat(actions()).containsExactly("promotion-approved");
    assertThat(target).as("not before the topic has it").doesNotExist();

    assertThat(approve("ada", 1)).isZero();

    assertThat(actions()).containsExactly("promotion-approved", "promoted");
    assertThat(ids(told())).containsAll(ids());
    assertThat(target.resolve("model.safetensors")).hasContent("weights");
  }

  @Test
  void refusedSecondApprovalOfOnePersonTellsTheFirst() throws Exception {
    assertThatThrownBy(() -> approve("ada", 2, nobody())).hasMessageContaining("127.0.0.1:1");

    assertThatThrownBy(() -> approve("ADA", 2)).hasMessageContaining("another person");

    assertThat(actions()).containsExactly("promotion-approved");
    assertThat(ids(told())).containsExactlyElementsOf(ids());
  }

  @Test
  void copyThatIsThereWithoutItsLineIsNotMadeAgain() throws Exception {
    approve("ada", 1);
    List<String> lines = Files.readAllLines(run.audit());
    Files.write(run.audit(), lines.subList(0, 1));
    Object before = Files.readAttributes(target, "unix:ino,ctime").toString();

    assertThat(approve("ada", 1)).isZero();

    assertThat(actions()).containsExactly("promotion-approved", "promoted");
    assertThat(Files.readAttributes(target, "unix:ino,ctime").toString()).isEqualTo(before);
    assertThat(ids(told())).containsAll(ids());
  }

  @Test
  void nothingIsPromotedTwiceByACommandThatIsGivenTwice() throws Exception {
    approve("ada", 1);

    assertThat(approve("ada", 1)).isZero();

    assertThat(actions()).containsExactly("promotion-approved", "promoted");
    assertThat(ids(told()).stream().distinct()).containsExactlyElementsOf(ids());
  }

  @Test
  void policyThatWasTakenAwayIsPromotedAgainOnlyWithNewApprovals() throws Exception {
    approve("ada", 2);
    approve("grace", 2);
    DurableFiles.delete(target);

    assertThat(approve("ada", 2)).isEqualTo(1);

    assertThat(target).doesNotExist();
    assertThat(actions()).hasSize(4);
  }

  @Test
  void otherPolicyAtTheTargetIsLeftAlone() throws Exception {
    approve("ada", 1);
    Files.writeString(target.resolve("model.safetensors"), "other weights");

    assertThatThrownBy(() -> approve("ada", 1))
        .hasMessageContaining("expected: a directory that does not exist yet");

    assertThat(actions()).hasSize(2);
  }

  @Test
  void launcherThatHearsItsOwnLinesRecordsThemOnce() throws Exception {
    approve("ada", 1);
    byte[] before = Files.readAllBytes(run.audit());

    try (RunRecorder recorder = new RunRecorder(run)) {
      told().forEach(recorder::record);
    }

    assertThat(run.audit()).hasBinaryContent(before);
  }

  private int approve(String who, int needed) throws IOException {
    return approve(
        who,
        needed,
        new RunTopic(KafkaAccess.plain(broker.bootstrapServers()), run.name(), PATIENCE));
  }

  private int approve(String who, int needed, RunTopic topic) throws IOException {
    try (AuditTrail trail = AuditTrail.open(run)) {
      return new Promotion(run, target, needed, trail, Optional.of(topic))
          .approve(who, "word of " + who);
    }
  }

  /** A broker that does not answer. */
  private RunTopic nobody() {
    return new RunTopic(KafkaAccess.plain("127.0.0.1:1"), run.name(), Duration.ofMillis(500));
  }

  private List<JsonNode> lines() {
    return AuditTrail.read(run.audit());
  }

  private List<String> actions() {
    return lines().stream().map(line -> line.path("action").asText()).toList();
  }

  private List<String> ids() {
    return lines().stream().map(line -> line.path("id").asText()).toList();
  }

  private static boolean is(String action, TrainingEvent event) {
    return event.getAudit().getAction().equals(action);
  }

  /** Ids in the order of their first copies. */
  private static List<String> ids(List<TrainingEvent> events) {
    return events.stream().map(event -> event.getAudit().getId()).distinct().toList();
  }

  private List<TrainingEvent> told() throws InterruptedException {
    List<TrainingEvent> told = new ArrayList<>();
    try (var events =
        new KafkaTrainingEvents(KafkaAccess.plain(broker.bootstrapServers()), run.name())) {
      events.replay(told::add);
    }
    return told;
  }
}
