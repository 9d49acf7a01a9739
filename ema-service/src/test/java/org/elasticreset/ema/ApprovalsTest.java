package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetTarget;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.DecideResetRequest;
import org.elasticreset.proto.v1.DecideResetResponse;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.PauseRequest;
import org.elasticreset.proto.v1.ResumeRequest;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.Update;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two persons decide on resets, and all that they do is on the record, over real gRPC. */
class ApprovalsTest {

  private static final float[] INITIAL = Policies.random(8, 0);
  private static final ElasticReset GATED =
      new ElasticReset(new ResetTrigger.EveryNUpdates(2), 2, ResetTarget.AVERAGE);

  @TempDir Path directory;
  private TestServer server;
  private TestLearner learner;

  @BeforeEach
  void begin() throws Exception {
    server = new TestServer(GATED, directory);
    learner = server.learner();
    learner.open(Policies.openRun(INITIAL));
    learner.upload(Policies.checkpoint(0), Policies.bytes(INITIAL));
    learner.release(0);
    for (int step = 1; step <= 2; step++) {
      learner.upload(checkpoint(step), Policies.bytes(Policies.random(8, step)));
      learner.release(step);
    }
  }

  @AfterEach
  void end() throws Exception {
    learner.close();
    server.close();
  }

  @Test
  void resetWaitsForTwoPersonsAndTheStatusNamesTheFirst() throws Exception {
    assertThat(decide("ada", true).getApprovalsMissing()).isEqualTo(1);
    assertThat(status().getApprovedByList()).containsExactly("ada");
    assertThat(status().getApprovalsNeeded()).isEqualTo(2);
    assertThat(learner.upload(3, Policies.random(8, 3)).hasContinue()).isTrue();
    assertThat(decide("grace", true).getApprovalsMissing()).isZero();

    var answer = learner.upload(4, Policies.random(8, 4));

    assertThat(answer.getReset().getReason())
        .isEqualTo("requested by ada and grace: word of ada; word of grace");
    assertThat(actions())
        .containsExactly("reset-proposed", "reset-approved", "reset-approved", "reset-done");
  }

  @Test
  void nobodyApprovesTwice() throws Exception {
    decide("ada", true);

    assertThatThrownBy(() -> decide("ADA", true))
        .hasMessageContaining("approval by: ADA (expected: another person");

    assertThat(actions()).as("what is refused is not done").hasSize(2);
  }

  @Test
  void oneRefusalIsEnough() throws Exception {
    decide("ada", true);
    decide("grace", false);

    assertThat(status().getProposedReset()).isEmpty();
    assertThat(status().getApprovedByList()).isEmpty();
  }

  @Test
  void approvalsAndRefusalsOutliveTheService() throws Exception {
    decide("ada", true);
    var approved = restarted();
    assertThat(approved.status().getApprovedByList()).containsExactly("ada");
    decide("grace", false);

    var refused = restarted();

    assertThat(refused.status().getProposedReset()).isEmpty();
  }

  /** As if the service had died between the record of the last approval and what it leads to. */
  @Test
  void lastApprovalThatIsOnTheRecordIsARequestAtTheNextStart() throws Exception {
    decide("ada", true);
    decide("grace", true);
    java.nio.file.Files.delete(directory.resolve("requested.txtpb"));

    assertThat(restarted().status().getResetRequested()).isTrue();
  }

  @Test
  void pauseThatIsOnTheRecordHoldsAtTheNextStart() throws Exception {
    server
        .stub()
        .pause(PauseRequest.newBuilder().setRunId(Policies.RUN).setRequestedBy("ada").build());
    java.nio.file.Files.delete(directory.resolve("paused.txtpb"));

    assertThat(restarted().status().getPausedBy()).isEqualTo("ada");
  }

  @Test
  void eventsSayWhoDidWhatWhenWhyAndWhatWasKnown() throws Exception {
    decide("ada", true);
    server
        .stub()
        .pause(
            PauseRequest.newBuilder()
                .setRunId(Policies.RUN)
                .setRequestedBy("ada")
                .setReason("lunch")
                .build());
    server
        .stub()
        .resume(
            ResumeRequest.newBuilder()
                .setRunId(Policies.RUN)
                .setRequestedBy("grace")
                .setReason("back")
                .build());

    var approved = server.audited.get(1);
    assertThat(approved.getSequence()).isZero();
    assertThat(approved.getStep()).isEqualTo(2);
    assertThat(approved.getPolicyVersion()).isEqualTo(3);
    assertThat(approved.getAudit().getWho()).isEqualTo("ada");
    assertThat(approved.getAudit().getProof()).isEqualTo("claimed");
    assertThat(approved.getAudit().getWhy()).isEqualTo("word of ada");
    assertThat(approved.getAudit().getFigures().getRewardMean()).isEqualTo(0.25);
    assertThat(approved.getAudit().getFigures().getKlToInitialNats()).isEqualTo(2);
    assertThat(approved.getAudit().getFigures().getUpdatesSinceReset()).isEqualTo(2);
    assertThat(actions())
        .containsExactly("reset-proposed", "reset-approved", "run-paused", "run-resumed");
    assertThat(server.audited)
        .extracting(event -> event.getAudit().getId())
        .doesNotHaveDuplicates();
  }

  @Test
  void eventsAreSentAgainByAServiceThatStartsAgainUnderTheSameIds() throws Exception {
    decide("ada", true);
    var sent = List.copyOf(server.audited);
    var heard = new java.util.ArrayList<TrainingEvent>();

    var again = Policies.averagedPolicy(GATED, directory, heard::add);
    again.load();
    again.open(() -> {}, Policies.resume(INITIAL, 2, 3, Policies.digest(Policies.random(8, 2))));

    assertThat(heard).isEqualTo(sent);
  }

  private AveragedPolicy restarted() throws Exception {
    var again = Policies.averagedPolicy(GATED, directory, new Snapshots(directory));
    again.load();
    return again;
  }

  private static Update checkpoint(int step) {
    return Policies.checkpoint(step).toBuilder()
        .setRewardMean(0.25)
        .setKlToInitialNats(step)
        .build();
  }

  private List<String> actions() {
    return server.audited.stream().map(event -> event.getAudit().getAction()).toList();
  }

  private DecideResetResponse decide(String who, boolean approve) throws Exception {
    return server
        .stub()
        .decideReset(
            DecideResetRequest.newBuilder()
                .setRunId(Policies.RUN)
                .setApprove(approve)
                .setDecidedBy(who)
                .setReason("word of " + who)
                .build());
  }

  private Status status() throws Exception {
    return server.stub().getStatus(GetStatusRequest.getDefaultInstance());
  }
}
