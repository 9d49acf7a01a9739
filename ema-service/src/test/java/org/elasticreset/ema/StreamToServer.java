package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.file.Path;
import java.util.Objects;
import org.elasticreset.algorithm.ResetTrigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A learner's stream to a server, over Netty. */
abstract class StreamToServer {

  /** More than two chunks, the last one short. */
  static final int COUNT = (2 * Upload.CHUNK_BYTES + 4000) / Float.BYTES;

  final float[] initial = Policies.random(COUNT, 0);

  @TempDir Path directory;
  TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(new ResetTrigger.EveryNUpdates(3), directory);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  static void sendAll(TestLearner learner, float[] weights) throws Exception {
    var bytes = Policies.bytes(weights);
    for (int offset = 0; offset < bytes.size(); offset += Upload.CHUNK_BYTES) {
      learner.send(
          offset, bytes.substring(offset, Math.min(bytes.size(), offset + Upload.CHUNK_BYTES)));
    }
  }

  /** A learner that has uploaded the initial policy. */
  TestLearner begun() throws Exception {
    var learner = server.learner();
    learner.open(Policies.openRun(initial));
    learner.upload(0, initial);
    return learner;
  }

  /** A learner that has a checkpoint of step 0, too. */
  TestLearner durablyBegun() throws Exception {
    var learner = server.learner();
    learner.open(Policies.openRun(initial));
    learner.uploadDurably(0, initial);
    return learner;
  }

  /** A learner that goes on from its checkpoint of step 0. */
  TestLearner resumed() throws Exception {
    var learner = server.learner();
    learner.open(Policies.resume(initial, 0, 1, Policies.digest(initial)));
    return learner;
  }

  static void assertEnded(TestLearner learner, Status.Code code, String reason) {
    assertThatThrownBy(learner::receive)
        .isInstanceOfSatisfying(
            StatusException.class,
            e -> {
              assertThat(Objects.requireNonNull(e.getStatus().getDescription())).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(code);
            });
  }
}
