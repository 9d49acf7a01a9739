package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.EmaService.Answer;
import org.elasticreset.learner.EmaService.Drift;
import org.elasticreset.learner.EmaService.Update;
import org.elasticreset.learner.FakeEmaServer.Fault;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.proto.v1.ResetTo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmaServiceClientTest {

  private static final int FLOATS = 5_000_003;
  private static final ByteString DIGEST = ByteString.copyFrom(new byte[] {7, 8, 9});
  private static final ByteString POLICY = ByteString.copyFrom(new byte[32]);

  private final byte[] initial = randomBytes(1);
  private final byte[] average = randomBytes(2);
  private final ByteArrayWeights weights = new ByteArrayWeights(initial.clone());
  private final FakeEmaServer server = new FakeEmaServer(2, average);
  private final EmaServiceClient client = client(server.address(), 10);

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void runIsOpenedWithShapesDigestAndTheDecayOfTheService() throws Exception {
    EmaService.Opened opened = client.open(weights, DIGEST, Optional.empty());

    assertThat(opened.decay()).isEqualTo(0.5);
    assertThat(server.opened.get(0).getRunId()).isEqualTo("run");
    assertThat(server.opened.get(0).getTensors(0).getShapeList()).containsExactly((long) FLOATS);
    assertThat(server.opened.get(0).getInitialDigest().toByteArray()).containsExactly(7, 8, 9);
  }

  @Test
  void updatesArriveWholeInMebibyteChunksAndAreAnswered() throws Exception {
    client.open(weights, DIGEST, Optional.empty());

    Answer answer = client.upload(update(0), weights);
    client.upload(new Update(1, false, false, Optional.of(new Drift(0.25, 0.75))), weights);

    assertThat(answer).isEqualTo(new Answer.Continue(new PolicyStamp(1, 0), false, POLICY));
    assertThat(server.uploaded).allSatisfy(bytes -> assertThat(bytes).isEqualTo(initial));
    assertThat(server.chunkSizes).hasSize(40).allSatisfy(s -> assertThat(s).isLessThan(1048577));
    assertThat(server.updates.get(0).hasKlToInitialNats()).isFalse();
    assertThat(server.updates.get(1).getKlToInitialNats()).isEqualTo(0.25);
    assertThat(server.updates.get(1).getRewardMean()).isEqualTo(0.75);
    assertThat(server.updates.get(1).getPublish()).isFalse();
  }

  @Test
  void resetReplacesTheWeightsByTheAverage() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    client.upload(update(0), weights);

    Answer answer = client.upload(update(2), weights);

    assertThat(answer)
        .isEqualTo(
            new Answer.Reset(
                new PolicyStamp(2, 1), true, POLICY, "as told", ResetTo.RESET_TO_AVERAGE));
    assertThat(weights.bytes).isEqualTo(average);
    client.upload(update(3), weights);
    assertThat(server.uploaded.get(2)).isEqualTo(average);
  }

  @Test
  void resetOfAnotherSizeIsRefusedBeforeAnythingIsAdopted() throws Exception {
    server.announcedSurplusBytes = 4;
    client.open(weights, DIGEST, Optional.empty());

    assertThatThrownBy(() -> client.upload(update(2), weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessage(
            "reset of %d bytes (expected: %d, the size of the policy)", 4 * FLOATS + 4, 4 * FLOATS);
    assertThat(weights.bytes).isEqualTo(initial);
  }

  @Test
  void refusalOfTheServiceIsPassedOnInItsWords() throws Exception {
    client.open(weights, DIGEST, Optional.empty());

    assertThatThrownBy(() -> client.upload(update(99), weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessageContaining("the update of step 99")
        .hasMessageContaining("INVALID_ARGUMENT, step: 99 (expected: 1)");
  }

  @Test
  void serviceThatIsNotThereIsNamed() {
    try (EmaServiceClient lonely = client("127.0.0.1:1", 1)) {
      assertThatThrownBy(() -> lonely.open(weights, DIGEST, Optional.empty()))
          .isInstanceOf(EmaServiceException.class)
          .hasMessageContaining("127.0.0.1:1 did not answer within 1 s")
          .hasMessageContaining("learner.ema-service");
    }
  }

  @Test
  void serviceThatDiesAndDoesNotComeBackEndsTheUploadReadably() throws Exception {
    String address = server.address();
    try (EmaServiceClient impatient = client(address, 2)) {
      impatient.open(weights, DIGEST, Optional.empty());
      server.close();

      assertThatThrownBy(() -> impatient.upload(update(0), weights))
          .isInstanceOf(EmaServiceException.class)
          .hasMessageContaining("ema-service at " + address);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT_BEFORE", "CUT_BEHIND", "SILENT"})
  void updateWhoseAnswerDoesNotComeIsTakenOnceFromWhereBothStood(Fault fault) throws Exception {
    try (EmaServiceClient patient = client(server.address(), 3)) {
      patient.open(weights, DIGEST, Optional.empty());
      patient.upload(held(0), weights);
      patient.release(0, List.of(0L));
      server.faults.add(fault);

      Answer answer = patient.upload(held(1), weights);

      assertThat(answer.newest()).isEqualTo(new PolicyStamp(2, 0));
      assertThat(server.opened).hasSize(2);
      assertThat(server.opened.get(1).getResume().getStep()).isZero();
      assertThat(server.opened.get(1).getResume().getVersion()).isEqualTo(1);
    }
  }

  @Test
  void resetWhoseAnswerIsLostIsAskedForAgainWithTheWeightsOfTheUpdate() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    client.upload(held(0), weights);
    client.release(0, List.of(0L));
    server.faults.add(Fault.CUT_BEHIND);

    client.upload(update(2), weights);

    assertThat(server.uploaded.get(2)).isEqualTo(initial);
    assertThat(weights.bytes).isEqualTo(average);
  }

  @Test
  void answerThatComesTwiceIsNotTakenForTheNext() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    server.faults.add(Fault.TWICE);
    client.upload(held(0), weights);
    client.release(0, List.of(0L));

    assertThat(client.upload(held(1), weights).newest()).isEqualTo(new PolicyStamp(2, 0));
    assertThat(server.opened).hasSize(2);
  }

  @Test
  void releaseWhoseAnswerIsLostIsSaidAgainBehindTheReleasedStep() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    client.upload(held(0), weights);
    server.faults.add(Fault.CUT_BEHIND);

    client.release(0, List.of(0L));

    assertThat(server.released).containsExactly(0L, 0L);
    assertThat(server.opened.get(1).getResume().getVersion()).isEqualTo(1);
  }

  @Test
  void lostUpdatesOfAStepAreNotMadeUp() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    client.upload(held(0), weights);
    client.release(0, List.of(0L));
    client.upload(new Update(1, false, false, Optional.empty()), weights);
    server.faults.add(Fault.CUT_BEFORE);

    assertThatThrownBy(() -> client.upload(held(1), weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessageContaining("CUT_BEFORE");
    assertThat(server.opened).hasSize(1);
  }

  /** Its newest checkpoint has one: a learner that is started again finds it. */
  @Test
  void standingThatTheServiceLostForWantOfASnapshotAsksForAnotherStart() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    client.upload(update(77), weights);
    server.faults.add(Fault.CUT_BEFORE);

    assertThatThrownBy(() -> client.upload(update(78), weights))
        .hasMessageContaining("no snapshot of step 77")
        .extracting(LearnerApplication::exitCode)
        .isEqualTo(LearnerApplication.START_AGAIN);
  }

  @Test
  void aVersionThatWasLostWithTheServiceAsksForAnotherStart() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    server.served = 11;
    client.requireServed(new PolicyStamp(11, 0));
    client.requireServed(new PolicyStamp(10, 0));

    assertThatThrownBy(() -> client.requireServed(new PolicyStamp(13, 0)))
        .hasMessageContaining("goes on from version 11 (expected: 13;")
        .extracting(LearnerApplication::exitCode)
        .isEqualTo(LearnerApplication.START_AGAIN);
  }

  /** It is asked again at the next silence; what it serves then says whether anything is lost. */
  @Test
  void aServiceThatIsAwayHasLostNothingYet() throws Exception {
    try (EmaServiceClient impatient = client(server.address(), 1)) {
      impatient.open(weights, DIGEST, Optional.empty());
      server.close();

      impatient.requireServed(new PolicyStamp(13, 0));
    }
  }

  @Test
  void serviceOfAnotherRunIsRefused() {
    server.faults.add(Fault.OTHER_RUN);

    assertThatThrownBy(() -> client.open(weights, DIGEST, Optional.empty()))
        .isInstanceOf(EmaServiceException.class)
        .hasMessageContaining("opened run another (expected: run)");
  }

  @Test
  void learnerThatIsSupersededDoesNotFightBack() throws Exception {
    client.open(weights, DIGEST, Optional.empty());
    server.faults.add(Fault.SUPERSEDED);

    assertThatThrownBy(() -> client.upload(held(0), weights))
        .isInstanceOf(SupersededException.class);
    assertThat(server.opened).hasSize(1);
  }

  @Test
  void standingThatTheServiceDoesNotHaveIsRefusedInItsWords() {
    var standing = new EmaService.Standing(77, new PolicyStamp(78, 0), POLICY);

    assertThatThrownBy(() -> client.open(weights, DIGEST, Optional.of(standing)))
        .isInstanceOf(ResumeRefusedException.class)
        .hasMessageContaining("no snapshot of step 77");
  }

  private static Update update(long step) {
    return new Update(step, true, false, Optional.empty());
  }

  private static Update held(long step) {
    return new Update(step, true, true, Optional.empty());
  }

  private static EmaServiceClient client(String address, int seconds) {
    return new EmaServiceClient(address, "run", Duration.ofSeconds(seconds), Optional.empty());
  }

  private static byte[] randomBytes(long seed) {
    byte[] bytes = new byte[4 * FLOATS];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private record ByteArrayWeights(byte[] bytes) implements TrainedWeights {

    @Override
    public List<TensorShape> tensors() {
      return List.of(new TensorShape("all", new long[] {FLOATS}));
    }

    @Override
    public long totalBytes() {
      return bytes.length;
    }

    @Override
    public ByteBuffer read(long offset, int length) {
      return ByteBuffer.wrap(bytes, (int) offset, length).slice();
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      source.get(bytes, (int) offset, source.remaining());
    }

    @Override
    public byte[] digest() {
      return new byte[] {7, 8, 9};
    }
  }
}
