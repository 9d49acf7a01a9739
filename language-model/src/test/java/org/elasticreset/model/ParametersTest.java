package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import org.elasticreset.model.files.TensorShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParametersTest {

  private final NDManager scope = Engine.scope();
  private final Parameters parameters =
      new Parameters(scope, List.of(TensorShape.of("first", 2, 3), TensorShape.of("second", 4)));

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void bytesAreTheTensorsOneAfterTheOther() {
    parameters.write(0, floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertThat(parameters.totalBytes()).isEqualTo(40);
    assertThat(parameters.views().get(0).toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(parameters.views().get(0).getShape().getShape()).containsExactly(2, 3);
    assertThat(parameters.views().get(1).toFloatArray()).containsExactly(6, 7, 8, 9);
  }

  @Test
  void aChunkMayCrossTensors() {
    parameters.write(0, floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    parameters.write(20, floats(50, 60));
    assertThat(parameters.read(16, 16)).isEqualTo(floats(4, 50, 60, 7));
  }

  @Test
  void onlyTheRemainingBytesOfABufferAreWritten() {
    var buffer = floats(1, 2, 3, 4).position(4).limit(12);
    parameters.write(0, buffer);
    assertThat(parameters.read(0, 12)).isEqualTo(floats(2, 3, 0));
    assertThat(buffer.position()).isEqualTo(4);
  }

  @Test
  void theDigestIsSha256OfAllBytes() throws Exception {
    parameters.write(0, floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    var expected =
        MessageDigest.getInstance("SHA-256").digest(floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).array());
    assertThat(parameters.digest()).isEqualTo(expected);
  }

  @Test
  void aBufferThatWasReadStaysWhatItWas() {
    var before = parameters.read(0, 8);
    parameters.write(0, floats(7, 7));
    assertThat(before).isEqualTo(floats(0, 0));
  }

  @Test
  void rangesOutsideAreNamed() {
    assertThatThrownBy(() -> parameters.read(36, 8))
        .hasMessage("bytes from 36, 8 long (expected: within 40 bytes)");
    assertThatThrownBy(() -> parameters.write(2, floats(1)))
        .hasMessage("bytes from 2, 4 long (expected: multiples of 4)");
    assertThatThrownBy(() -> TensorShape.of("none", 3, 0))
        .hasMessage("none: shape [3, 0] (expected: sizes of at least 1)");
  }

  private static ByteBuffer floats(float... values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
