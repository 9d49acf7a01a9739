package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.EmaService.Answer;
import org.elasticreset.learner.EmaService.Drift;
import org.elasticreset.learner.EmaService.Update;
import org.elasticreset.model.TensorShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmaServiceClientTest {

  private static final int FLOATS = 5_000_003;

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
    EmaService.Opened opened = client.open(weights);

    assertThat(opened.decay()).isEqualTo(0.5);
    assertThat(server.opened.get(0).getRunId()).isEqualTo("run");
    assertThat(server.opened.get(0).getTensors(0).getShapeList()).containsExactly((long) FLOATS);
    assertThat(server.opened.get(0).getInitialDigest().toByteArray()).containsExactly(7, 8, 9);
  }

  @Test
  void updatesArriveWholeInMebibyteChunksAndAreAnswered() throws Exception {
    client.open(weights);

    Answer answer = client.upload(new Update(0, true, Optional.empty()), weights);
    client.upload(new Update(1, false, Optional.of(new Drift(0.25, 0.75))), weights);

    assertThat(answer).isEqualTo(new Answer.Continue(new PolicyStamp(1, 0)));
    assertThat(server.uploaded).allSatisfy(bytes -> assertThat(bytes).isEqualTo(initial));
    assertThat(server.chunkSizes).hasSize(40).allSatisfy(s -> assertThat(s).isLessThan(1048577));
    assertThat(server.updates.get(0).hasKlToInitialNats()).isFalse();
    assertThat(server.updates.get(1).getKlToInitialNats()).isEqualTo(0.25);
    assertThat(server.updates.get(1).getRewardMean()).isEqualTo(0.75);
    assertThat(server.updates.get(1).getPublish()).isFalse();
  }

  @Test
  void resetReplacesTheWeightsByTheAverage() throws Exception {
    client.open(weights);
    client.upload(new Update(0, true, Optional.empty()), weights);

    Answer answer = client.upload(new Update(2, true, Optional.empty()), weights);

    assertThat(answer).isEqualTo(new Answer.Reset(new PolicyStamp(2, 1), "as told"));
    assertThat(weights.bytes).isEqualTo(average);
    client.upload(new Update(3, true, Optional.empty()), weights);
    assertThat(server.uploaded.get(2)).isEqualTo(average);
  }

  @Test
  void resetOfAnotherSizeIsRefusedBeforeAnythingIsAdopted() throws Exception {
    server.announcedSurplusBytes = 4;
    client.open(weights);

    assertThatThrownBy(() -> client.upload(new Update(2, true, Optional.empty()), weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessage(
            "reset of %d bytes (expected: %d, the size of the policy)", 4 * FLOATS + 4, 4 * FLOATS);
    assertThat(weights.bytes).isEqualTo(initial);
  }

  @Test
  void refusalOfTheServiceIsPassedOnInItsWords() throws Exception {
    client.open(weights);

    assertThatThrownBy(() -> client.upload(new Update(99, true, Optional.empty()), weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessageContaining("the update of step 99")
        .hasMessageContaining("INVALID_ARGUMENT, step: 99 (expected: 1)");
  }

  @Test
  void runThatHasBegunIsRefused() {
    server.versionOnOpening = 12;

    assertThatThrownBy(() -> client.open(weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessageContaining("run is at version 12")
        .hasMessageContaining("choose another run-id");
  }

  @Test
  void serviceThatIsNotThereIsNamed() {
    try (EmaServiceClient lonely = client("127.0.0.1:1", 1)) {
      assertThatThrownBy(() -> lonely.open(weights))
          .isInstanceOf(EmaServiceException.class)
          .hasMessageContaining("127.0.0.1:1 did not answer within 1 s")
          .hasMessageContaining("learner.ema-service");
    }
  }

  @Test
  void serviceThatDiesEndsTheUploadReadably() throws Exception {
    client.open(weights);
    server.close();

    assertThatThrownBy(() -> client.upload(new Update(0, true, Optional.empty()), weights))
        .isInstanceOf(EmaServiceException.class)
        .hasMessageContaining("ended the stream on the update of step 0");
  }

  private static EmaServiceClient client(String address, int seconds) {
    return new EmaServiceClient(address, "run", Duration.ofSeconds(seconds));
  }

  private static byte[] randomBytes(long seed) {
    byte[] bytes = new byte[4 * FLOATS];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private record ByteArrayWeights(byte[] bytes) implements Weights {

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
