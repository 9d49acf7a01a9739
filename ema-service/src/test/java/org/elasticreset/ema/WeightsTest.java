package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.elasticreset.algorithm.ExponentialAverage;
import org.junit.jupiter.api.Test;

class WeightsTest {

  /** More than two blocks of the average, and a few. */
  private static final int COUNT = 10_001;

  private static final int PIECE_BYTES = 4 * 5000;

  @Test
  void chunksOfAnySizeCrossPieces() {
    var sent = Policies.random(COUNT, 1);
    var bytes = Policies.bytes(sent);
    var weights = Weights.allocate(bytes.size(), PIECE_BYTES);

    for (int offset = 0; offset < bytes.size(); offset += 10_007) {
      weights.write(offset, bytes.substring(offset, Math.min(bytes.size(), offset + 10_007)));
    }

    assertThat(Policies.floats(weights)).isEqualTo(sent);
    assertThat(ByteString.copyFrom(weights.digest())).isEqualTo(Policies.digest(sent));
    assertThat(weights.read(PIECE_BYTES - 4, 1000).size())
        .as("to the end of the piece")
        .isEqualTo(4);
  }

  @Test
  void averageEqualsStraightRecomputationBitForBit() {
    var initial = Policies.random(COUNT, 1);
    var updates = List.of(Policies.random(COUNT, 2), Policies.random(COUNT, 3));
    var average = weights(initial);

    for (var update : updates) {
      average.average(new ExponentialAverage(Policies.DECAY), weights(update));
    }

    assertThat(Policies.floats(average)).isEqualTo(Policies.average(initial, updates));
  }

  @Test
  void averageByManyThreadsIsThatByOne() {
    int count = 700_001;
    var average = Weights.allocate((long) count * Float.BYTES);
    average.write(0, Policies.bytes(Policies.random(count, 1)));
    var latest = Weights.allocate((long) count * Float.BYTES);
    latest.write(0, Policies.bytes(Policies.random(count, 2)));

    average.average(new ExponentialAverage(Policies.DECAY), latest);

    assertThat(Policies.floats(average))
        .isEqualTo(Policies.average(Policies.random(count, 1), List.of(Policies.random(count, 2))));
  }

  @Test
  void copyIsIndependent() {
    var weights = weights(Policies.random(COUNT, 1));

    var copy = weights.copy();
    copy.write(0, ByteString.copyFrom(new byte[COUNT * Float.BYTES]));

    assertThat(Policies.floats(weights)).isEqualTo(Policies.random(COUNT, 1));
  }

  @Test
  void firstWeightThatIsNotFiniteIsFound() {
    var values = Policies.random(COUNT, 1);
    assertThat(weights(values).firstNotFinite()).isEmpty();

    values[100] = Float.NEGATIVE_INFINITY;
    values[200] = Float.NaN;

    assertThat(weights(values).firstNotFinite()).hasValue(400);
    assertThat(weights(values).get(800)).isNaN();
  }

  @Test
  void sizeMustBeWholeFloats() {
    assertThatThrownBy(() -> Weights.allocate(6))
        .hasMessage("size of weights: 6 bytes (expected: a positive multiple of 4)");
  }

  private static Weights weights(float[] values) {
    var weights = Weights.allocate((long) values.length * Float.BYTES, PIECE_BYTES);
    weights.write(0, Policies.bytes(values));
    return weights;
  }
}
