package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.AuditFigures;
import org.elasticreset.proto.v1.EvaluationFigures;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {
  @TempDir private Path root;
  private RunDirectory run;

  @BeforeEach
  void make() {
    run = RunDirectory.create(root, "audited", "preset");
  }

  @Test
  void copiesAreRecordedOnceAlsoByALauncherThatStartsAgain() {
    try (AuditTrail trail = AuditTrail.open(run)) {
      trail.record(event("one"));
      trail.record(event("one"));
    }
    try (AuditTrail trail = AuditTrail.open(run)) {
      trail.record(event("one"));
      trail.record(event("two"));
    }

    assertThat(AuditTrail.read(run.audit()))
        .extracting(line -> line.path("id").asText())
        .containsExactly("one", "two");
    assertThat(AuditTrail.broken(run.audit())).isEmpty();
  }

  @Test
  void lineSaysWhoWhatWhenWhyAndWhatWasKnown() throws IOException {
    try (AuditTrail trail = AuditTrail.open(run)) {
      trail.record(event("one"));
    }

    assertThat(Files.readString(run.audit()))
        .isEqualTo(
            "{\"id\":\"one\",\"time\":\"1970-01-01T00:00:01Z\",\"action\":\"reset-approved\",\"who\":\"ada\","
                + "\"proof\":\"claimed\",\"why\":\"fine\",\"step\":12,\"policy_version\":13,\"reset_epoch\":1,"
                + "\"updates_since_reset\":3,\"reward_mean\":0.5,\"evaluation\":{\"step\":10,\"reward_mean\":0.25,"
                + "\"kl_to_initial_nats\":2.0,\"perplexity_human_text\":30.0},\"previous\":\""
                + "0".repeat(64)
                + "\"}\n");
  }

  @Test
  void lineForPeopleSaysWhatWasKnown() {
    assertThat(AuditLine.words(AuditLine.of(event("one"))))
        .isEqualTo(
            "1970-01-01T00:00:01Z  reset approved by ada (claimed), step 12, version 13: fine"
                + " [reward 0.500, evaluated at step 10: 0.250 at 2.00 nats]");
  }

  @Test
  void lineThatIsChangedTakenOutOrPutInShows() throws IOException {
    try (AuditTrail trail = AuditTrail.open(run)) {
      trail.record(event("one"));
      trail.record(event("two"));
      trail.record(event("three"));
    }
    List<String> lines = Files.readAllLines(run.audit());

    Files.write(
        run.audit(), List.of(lines.get(0).replace("ada", "eve"), lines.get(1), lines.get(2)));
    assertThat(AuditTrail.broken(run.audit()).orElseThrow()).startsWith("line 2 does not follow");
    Files.write(run.audit(), List.of(lines.get(0), lines.get(2)));
    assertThat(AuditTrail.broken(run.audit()).orElseThrow()).startsWith("line 2 does not follow");
    Files.write(run.audit(), List.of(lines.get(0), lines.get(0), lines.get(1), lines.get(2)));
    assertThat(AuditTrail.broken(run.audit()).orElseThrow()).startsWith("line 2 does not follow");
    Files.write(run.audit(), List.of("no JSON"));
    assertThat(AuditTrail.broken(run.audit())).contains("line 1 is no JSON");
  }

  @Test
  void lineThatAProcessDiedOverIsTakenBack() throws IOException {
    try (AuditTrail trail = AuditTrail.open(run)) {
      trail.record(event("one"));
    }
    Files.writeString(run.audit(), "{\"id\":\"tw", StandardOpenOption.APPEND);

    try (AuditTrail trail = AuditTrail.open(run)) {
      trail.record(event("two"));
    }

    assertThat(Files.readAllLines(run.audit())).hasSize(2);
    assertThat(AuditTrail.broken(run.audit())).isEmpty();
  }

  @Test
  void auditEventsAreNoMetricsAndTakeNoneBack() throws IOException {
    try (RunRecorder recorder = new RunRecorder(run)) {
      SyntheticEvents.run(4, 2, 2).forEach(recorder::record);
      long before = Files.size(run.metrics());

      recorder.record(event("one"));

      assertThat(Files.size(run.metrics())).isEqualTo(before);
    }
    assertThat(AuditTrail.read(run.audit())).hasSize(1);
  }

  static TrainingEvent event(String id) {
    return TrainingEvent.newBuilder()
        .setRunId("audited")
        .setStep(12)
        .setPolicyVersion(13)
        .setResetEpoch(1)
        .setTimeMillis(1_000)
        .setAudit(
            AuditEvent.newBuilder()
                .setId(id)
                .setAction("reset-approved")
                .setWho("ada")
                .setProof("claimed")
                .setWhy("fine")
                .setFigures(
                    AuditFigures.newBuilder()
                        .setUpdatesSinceReset(3)
                        .setRewardMean(0.5)
                        .setEvaluation(
                            EvaluationFigures.newBuilder()
                                .setStep(10)
                                .setRewardMean(0.25)
                                .setKlToInitialNats(2)
                                .setPerplexityHumanText(30))))
        .build();
  }
}
