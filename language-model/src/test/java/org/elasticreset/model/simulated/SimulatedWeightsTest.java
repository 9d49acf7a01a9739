package org.elasticreset.model.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedWeightsTest {

  private final SimulatedWeights weights = new SimulatedWeights(3000);

  @Test
  void twoOfALengthBeginAlike() {
    assertThat(new SimulatedWeights(3000).digest()).isEqualTo(weights.digest());
    assertThat(weights.totalBytes()).isEqualTo(12_000);
    assertThat(weights.drift()).isZero();
  }

  @Test
  void optimizerStepMovesOneWeightOfEveryPage() {
    ByteBuffer before = ByteBuffer.allocate(12_000).put(weights.read(0, 12_000)).flip();

    weights.move(0.5f);

    assertThat(weights.drift()).isEqualTo(0.5f);
    before.order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer now = weights.read(0, 12_000);
    for (int i = 0; i < 3000; i++) {
      float moved = i % 1024 == 0 ? 0.5f : 0;
      assertThat(now.getFloat(4 * i)).isEqualTo(before.getFloat(4 * i) + moved);
    }
  }

  @Test
  void whatIsWrittenPieceByPieceIsRead() {
    var other = new SimulatedWeights(3000);
    other.move(1);

    for (int offset = 0; offset < 12_000; offset += 1000) {
      weights.write(offset, other.read(offset, 1000));
    }

    assertThat(weights.digest()).isEqualTo(other.digest());
  }

  @Test
  void goesOnFromItsFileAndRefusesThatOfAnother(@TempDir Path directory) throws IOException {
    weights.move(2);
    Path file = directory.resolve("weights");
    weights.save(file);
    var again = new SimulatedWeights(3000);

    again.load(file);

    assertThat(again.digest()).isEqualTo(weights.digest());
    assertThatThrownBy(() -> new SimulatedWeights(2999).load(file))
        .hasMessage(file + " has 12000 bytes (expected: 11996)");
  }

  @Test
  void textIsATokenForEveryFourLettersFromItsEnd() {
    assertThat(SimulatedTokens.encode("abcdefghi", 24)).hasSize(3);
    assertThat(SimulatedTokens.encode("xxxxefghi", 2))
        .isEqualTo(SimulatedTokens.encode("abcdefghi", 2));
    assertThat(SimulatedTokens.encode("", 24)).isEmpty();
    assertThat(SimulatedTokens.decode(new int[] {1, 2, 3})).hasSize(12);
  }
}
