package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.algorithm.TriggerMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TriggerMemoriesTest {

  static Stream<TriggerMemory> memories() {
    var kept = new TriggerMemory.Kept(0.1 + 0.2, 1e-9, 3);
    return Stream.of(
        new TriggerMemory.Nothing(),
        new TriggerMemory.Disarmed(),
        new TriggerMemory.Steps(
            List.of(new TriggerMemory.Step(0.1, 2), new TriggerMemory.Step(-1, 0))),
        new TriggerMemory.Cycle(kept, kept, kept, 0.7, 1.5, 12, 4, 0.3, Double.NEGATIVE_INFINITY));
  }

  @ParameterizedTest
  @MethodSource("memories")
  void memoryComesBackFromTheTextOfASnapshotToTheBit(TriggerMemory memory) throws Exception {
    String text = TriggerMemories.message(memory).toString();

    var read = TextFormat.parse(text, org.elasticreset.proto.v1.TriggerMemory.class);

    assertThat(TriggerMemories.of(read)).isEqualTo(memory);
  }
}
