package org.elasticreset.batches;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndedOffsetsTest {

  private static final TopicPartition ONE = new TopicPartition("prompts", 1);
  private static final TopicPartition TWO = new TopicPartition("prompts", 2);

  private final EndedOffsets offsets = new EndedOffsets();

  @BeforeEach
  void own() {
    offsets.assign(List.of(ONE, TWO));
  }

  @Test
  void batchThatEndsWhileNothingIsOnItsWayIsCommittedAtOnce() {
    offsets.add(ONE, 6);

    assertThat(offsets.next()).isEqualTo(Map.of(ONE, new OffsetAndMetadata(7)));
    assertThat(offsets.next()).isEmpty();
  }

  @Test
  void whatEndsWhileACommitIsOnItsWayGoesTogether() {
    offsets.add(ONE, 0);
    offsets.next();
    for (int offset = 1; offset < 100; offset++) {
      offsets.add(ONE, offset);
      assertThat(offsets.next()).isEmpty();
    }
    offsets.add(TWO, 4);
    offsets.answered();

    assertThat(offsets.next())
        .isEqualTo(Map.of(ONE, new OffsetAndMetadata(100), TWO, new OffsetAndMetadata(5)));
    offsets.answered();
    assertThat(offsets.next()).isEmpty();
  }

  @Test
  void recordThatIsDeliveredAgainTakesNothingBack() {
    offsets.add(ONE, 6);
    offsets.add(ONE, 5);

    assertThat(offsets.next()).isEqualTo(Map.of(ONE, new OffsetAndMetadata(7)));
  }

  @Test
  void failedCommitIsMadeAgainWithWhatEndedMeanwhile() {
    offsets.add(ONE, 6);
    offsets.add(TWO, 1);
    var failed = offsets.next();
    offsets.add(TWO, 2);
    offsets.putBack(failed);

    assertThat(offsets.next()).isEmpty();
    offsets.answered();
    assertThat(offsets.next())
        .isEqualTo(Map.of(ONE, new OffsetAndMetadata(7), TWO, new OffsetAndMetadata(3)));
  }

  @Test
  void whatEndsOfAPartitionThatAnotherConsumerHasIsNotCommitted() {
    offsets.add(ONE, 6);
    var failed = offsets.next();
    offsets.revoke(List.of(ONE));
    offsets.putBack(failed);
    offsets.add(ONE, 7);
    offsets.answered();

    assertThat(offsets.next()).isEmpty();
  }

  @Test
  void revokedPartitionLeavesWithWhatHadEndedAndIsCommittedByNobodyElse() {
    offsets.add(ONE, 0);
    offsets.next();
    offsets.add(ONE, 1);
    offsets.add(TWO, 1);

    assertThat(offsets.revoke(List.of(ONE))).isEqualTo(Map.of(ONE, new OffsetAndMetadata(2)));
    offsets.answered();
    assertThat(offsets.next()).isEqualTo(Map.of(TWO, new OffsetAndMetadata(2)));
  }

  @Test
  void whoStopsTakesWhatIsLeftThoughACommitIsOnItsWay() {
    offsets.add(ONE, 0);
    offsets.next();
    offsets.add(ONE, 1);

    assertThat(offsets.revokeAll()).isEqualTo(Map.of(ONE, new OffsetAndMetadata(2)));
    assertThat(offsets.revokeAll()).isEmpty();
  }
}
