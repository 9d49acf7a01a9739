package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.ema.Policies.RUN;

import java.nio.file.Path;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetTarget;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.DecideResetRequest;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.PauseRequest;
import org.elasticreset.proto.v1.ResumeRequest;
import org.elasticreset.proto.v1.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks for, over a socket, with a learner beside. */
class OperatorCallsTest {

  private static final float[] INITIAL = Policies.random(8, 1);

  @TempDir Path directory;

  private TestServer server;
  private TestLearner learner;

  @BeforeEach
  void begin() throws Exception {
    server =
        new TestServer(
            new ElasticReset(new ResetTrigger.EveryNUpdates(2), 1, ResetTarget.AVERAGE), directory);
    learner = server.learner();
    learner.open(Policies.openRun(INITIAL));
    learner.upload(Policies.checkpoint(0), Policies.bytes(INITIAL));
  }

  @AfterEach
  void end() throws Exception {
    learner.close();
    server.close();
  }

  @Test
  void pausedRunIsSaidToTheLearnerAndInTheStatusUntilItGoesOn() throws Exception {
    server
        .stub()
        .pause(
            PauseRequest.newBuilder()
                .setRunId(RUN)
                .setRequestedBy("ada")
                .setReason("the samples look odd")
                .build());

    assertThat(learner.release(0).getPaused()).isTrue();
    assertThat(status().getPausedBy()).isEqualTo("ada");
    assertThat(status().getNewest().getVersion()).as("served all the same").isEqualTo(1);

    server.stub().resume(ResumeRequest.newBuilder().setRunId(RUN).setRequestedBy("ada").build());

    assertThat(status().getPausedBy()).isEmpty();
    assertThat(learner.release(0).getPaused()).isFalse();
  }

  @Test
  void pauseOutlivesTheService() throws Exception {
    server.stub().pause(PauseRequest.newBuilder().setRunId(RUN).setRequestedBy("ada").build());

    var again = Policies.averagedPolicy(new ResetTrigger.OnRequest(), directory);
    again.load();

    assertThat(again.status().getPausedBy()).isEqualTo("ada");
  }

  @Test
  void resetThatNeedsApprovalIsProposedAndHappensOnceItIsApproved() throws Exception {
    learner.release(0);
    train(1, 2);

    assertThat(status().getProposedReset()).isEqualTo("2 updates since the last reset");
    assertThat(status().getNewest().getResetEpoch()).isZero();

    decide(true);
    var answer = learner.upload(3, Policies.random(8, 3));

    assertThat(answer.getReset().getReason()).isEqualTo("requested by ada: fine");
    assertThat(status().getProposedReset()).isEmpty();
  }

  @Test
  void refusedResetIsProposedAgainWhenItIsDueFromThere() throws Exception {
    learner.release(0);
    train(1, 2);
    decide(false);

    train(3, 3);
    assertThat(status().getProposedReset()).isEmpty();
    assertThat(status().getUpdatesSinceReset()).isEqualTo(3);
    train(4, 4);
    assertThat(status().getProposedReset()).isEqualTo("2 updates since the last reset");
  }

  @Test
  void decisionOnNothingAndCallsOfAnotherRunAreRefusedInWords() {
    assertThatThrownBy(() -> decide(true)).hasMessageContaining("no reset is proposed");
    assertThatThrownBy(
            () ->
                server
                    .stub()
                    .pause(PauseRequest.newBuilder().setRunId("other").setRequestedBy("a").build()))
        .hasMessageContaining("run-id: other (expected: " + RUN);
    assertThatThrownBy(() -> server.stub().pause(PauseRequest.newBuilder().setRunId(RUN).build()))
        .hasMessageContaining("requestedBy: '' (expected: not blank)");
    assertThatThrownBy(() -> server.stub().resume(ResumeRequest.newBuilder().setRunId(RUN).build()))
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  private void train(int from, int to) throws Exception {
    for (int step = from; step <= to; step++) {
      assertThat(learner.upload(step, Policies.random(8, step)).hasContinue()).isTrue();
    }
  }

  private void decide(boolean approve) throws Exception {
    server
        .stub()
        .decideReset(
            DecideResetRequest.newBuilder()
                .setRunId(RUN)
                .setApprove(approve)
                .setDecidedBy("ada")
                .setReason("fine")
                .build());
  }

  private Status status() throws Exception {
    return server.stub().getStatus(GetStatusRequest.getDefaultInstance());
  }
}
