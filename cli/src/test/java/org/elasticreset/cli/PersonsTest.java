package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.DecideResetRequest;
import org.elasticreset.proto.v1.DecideResetResponse;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What persons do from a shell: operate, promote, audit. */
class PersonsTest {
  @TempDir private Path root;
  private RunDirectory run;

  @BeforeEach
  void make() throws IOException {
    RunConfig config =
        InstallationFixture.create(root.resolve("installation"))
            .resolve("name=watched", "promotion.approvals=2");
    run = RunDirectory.create(root.resolve("runs"), "watched", "preset");
    run.createFolders();
    Files.writeString(run.config(), SettingsText.yaml(config));
    summary("unfinished");
  }

  private void summary(String outcome) {
    RunSummary begun = RunSummary.begun("watched", "preset", Instant.EPOCH);
    (outcome.equals("unfinished")
            ? begun
            : begun.endedAt(Instant.EPOCH, Duration.ofSeconds(1), outcome, "", null))
        .write(run.summary());
  }

  @Test
  void operationsOnARunThatIsNotUnderWayAreRefusedInWords() {
    assertThat(complaint("operate", "watched", "status"))
        .contains("a run that is under way; no launcher runs this one");
    assertThat(complaint("operate", "watched", "stop", "--by", "ada"))
        .contains("ACTION: stop (expected: status | pause | resume | reset | approve | refuse)");
    assertThat(complaint("operate", "watched", "approve"))
        .contains("--by: missing (expected: your name, for approve)");
    assertThat(complaint("operate", "watched", "pause", "--by", "ada"))
        .contains("--reason: missing (expected: why, for the record of pause)");
    assertThat(complaint("operate", "other", "status")).contains("RUN: other (expected:");
    assertThat(complaint("operate", "watched", "status", "--ema-service", "nowhere"))
        .contains("--ema-service: nowhere (expected: host:port)");
  }

  @Test
  void approvalGoesToTheEmaServiceOfTheRunAndItsAnswerIsSaid() throws Exception {
    FakeEma ema = new FakeEma();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ema)
            .build()
            .start();
    Files.writeString(run.emaServiceAddress(), "127.0.0.1:" + server.getPort() + "\n");
    try {
      assertThat(said("operate", "watched", "approve", "--by", "ada", "--reason", "fine"))
          .isEqualTo("approved; it waits for 1 more\n");
      assertThat(ema.asked)
          .containsExactly(
              DecideResetRequest.newBuilder()
                  .setRunId("watched")
                  .setApprove(true)
                  .setDecidedBy("ada")
                  .setReason("fine")
                  .build());
      assertThat(said("operate", "watched", "status"))
          .contains("run watched, step 12, version 13, epoch 1")
          .contains("proposed: 12 updates since the last reset; approved by: grace");
    } finally {
      server.shutdownNow();
    }
    assertThat(complaint("operate", "watched", "refuse", "--by", "ada", "--reason", "no"))
        .contains("ema-service at 127.0.0.1:")
        .contains("UNAVAILABLE");
  }

  @Test
  void promotionWaitsForTwoPersonsAndLeavesANoteAndTwoRecords() throws Exception {
    finish();
    Path to = root.resolve("production/reviews");

    assertThat(promote(to, "ada"))
        .isEqualTo(
            "approved; it waits for 1 more\nrecorded in %s only: the run's own broker ended with it\n"
                .formatted(run.audit()));
    assertThat(to).doesNotExist();
    assertThat(complaint(promotion(to, " ADA")))
        .contains("expected: another person than those who have approved of this promotion");
    assertThat(promote(to, "grace")).startsWith("promoted: " + to + "\n");

    assertThat(to.resolve("model.safetensors")).hasContent("weights");
    JsonNode note = new ObjectMapper().readTree(to.resolve("promotion.json").toFile());
    assertThat(note.path("run").asText()).isEqualTo("watched");
    assertThat(note.path("approved").findValuesAsText("who")).containsExactly("ada", "grace");
    assertThat(note.path("evaluation").path("reward_mean").isNumber()).isTrue();
    assertThat(note.path("sha256").size()).isEqualTo(1);
    assertThat(note.path("policy_sha256").asText())
        .as("of the copy, as of what it is a copy of")
        .isEqualTo(PolicyDigest.of(to).sha256());
    List<JsonNode> lines = AuditTrail.read(run.audit());
    assertThat(lines)
        .extracting(line -> line.path("action").asText())
        .containsExactly("promotion-approved", "promotion-approved", "promoted");
    assertThat(said("audit", "watched")).contains("every line follows the one before it");
  }

  @Test
  void approvalOfOneDirectoryIsNoneOfAnother() throws Exception {
    finish();
    promote(root.resolve("one"), "ada");

    assertThat(promote(root.resolve("another"), "grace"))
        .startsWith("approved; it waits for 1 more\n");
  }

  @Test
  void runWhoseBrokerDoesNotAnswerIsPromotedOnlyByWhoeverSaysThatItIsGone() throws Exception {
    finish();
    Files.writeString(
        run.config(),
        SettingsText.yaml(
            InstallationFixture.create(root.resolve("another"))
                .resolve("name=watched", "kafka.bootstrap-servers=127.0.0.1:1")));
    Path to = root.resolve("production");

    assertThat(complaint(promotion(to, "ada")))
        .contains("watched.training-events at 127.0.0.1:1: ", "--directory-only");
    assertThat(to).doesNotExist();

    List<String> words = new ArrayList<>(List.of(promotion(to, "ada")));
    words.add("--directory-only");
    assertThat(said(words.toArray(String[]::new)))
        .isEqualTo("promoted: %s\nrecorded in %s only\n".formatted(to, run.audit()));
    assertThat(AuditTrail.read(run.audit()))
        .extracting(line -> line.path("action").asText())
        .containsExactly("promotion-approved", "promoted");
  }

  @Test
  void secondCommandAtTheSameTimeIsRefused() throws Exception {
    finish();
    try (RunLock first = RunLock.take(run.path(), "RUN", run.path(), "a promotion")) {
      assertThat(complaint(promotion(root.resolve("to"), "ada")))
          .contains("a promotion that is not under way; process");
    }
    assertThat(run.audit()).isEmptyFile();
  }

  @Test
  void badPromotionsAreRefusedInWords() throws Exception {
    assertThat(complaint(promotion(root.resolve("to"), "ada")))
        .contains("expected: a run that has finished, with its policy");
    finish();
    assertThat(complaint(promotion(root, "ada")))
        .contains("expected: a directory that does not exist yet");
    assertThat(complaint(promotion(root.resolve("to"), " "))).contains("--by: ' '");
    promote(root.resolve("to"), "ada");
    Files.writeString(run.audit(), Files.readString(run.audit()).replace("ada", "eve") + "{}\n");

    assertThat(complaint(promotion(root.resolve("to"), "grace")))
        .contains("line 2 does not follow the line before it");
    assertThat(complaint("audit", "watched")).contains("line 2 does not follow");
  }

  private void finish() throws IOException {
    summary("finished");
    Files.createDirectory(run.policy());
    Files.writeString(run.policy().resolve("model.safetensors"), "weights");
    try (RunRecorder recorder = new RunRecorder(run)) {
      SyntheticEvents.run(4, 2, 2).forEach(recorder::record);
    }
  }

  private String promote(Path to, String by) {
    return said(promotion(to, by));
  }

  private static String[] promotion(Path to, String by) {
    return new String[] {
      "promote", "watched", "--to", to.toString(), "--by", by, "--reason", "it is good"
    };
  }

  private String said(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertThat(ElasticResetCommand.execute(inRuns(arguments))).isZero();
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complaint(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertThat(ElasticResetCommand.execute(inRuns(arguments))).isNotZero();
    } finally {
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  private String[] inRuns(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--runs");
    all.add(root.resolve("runs").toString());
    return all.toArray(String[]::new);
  }

  private static final class FakeEma extends ElasticResetGrpc.ElasticResetImplBase {
    final List<DecideResetRequest> asked = new ArrayList<>();

    @Override
    public void decideReset(
        DecideResetRequest request, StreamObserver<DecideResetResponse> answers) {
      asked.add(request);
      answers.onNext(DecideResetResponse.newBuilder().setApprovalsMissing(1).build());
      answers.onCompleted();
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<Status> answers) {
      answers.onNext(
          Status.newBuilder()
              .setRunId("watched")
              .setNewest(PolicyVersion.newBuilder().setVersion(13).setStep(12).setResetEpoch(1))
              .setTrigger("every 12 updates")
              .setApprovalsNeeded(2)
              .addApprovedBy("grace")
              .setProposedReset("12 updates since the last reset")
              .build());
      answers.onCompleted();
    }
  }
}
