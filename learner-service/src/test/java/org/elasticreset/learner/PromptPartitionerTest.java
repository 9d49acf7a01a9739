package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.elasticreset.proto.BatchIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptPartitionerTest {

  @ParameterizedTest
  @CsvSource({"2, 2, 1", "4, 2, 2", "4, 4, 1", "8, 4, 2", "8, 8, 1", "6, 3, 3"})
  void batchesOfAStepAreSharedOutAmongTheWorkers(int batches, int workers, int mostOfOne) {
    var ofNeighbours = new int[workers];
    var ofEveryNth = new int[workers];

    for (int index = 0; index < batches; index++) {
      int partition = PromptPartitioner.partition(index, 8);
      ofNeighbours[partition * workers / 8]++;
      ofEveryNth[partition % workers]++;
    }

    assertThat(ofNeighbours).satisfies(counts -> assertShared(counts, mostOfOne));
    assertThat(ofEveryNth).satisfies(counts -> assertShared(counts, mostOfOne));
  }

  private static void assertShared(int[] ofWorkers, int mostOfOne) {
    assertThat(Arrays.stream(ofWorkers).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(1, mostOfOne));
  }

  @ParameterizedTest
  @CsvSource({"1", "3", "8", "12"})
  void everyPartitionIsUsedAndNoOther(int partitions) {
    var used =
        IntStream.range(0, 64).map(index -> PromptPartitioner.partition(index, partitions)).boxed();

    assertThat(used.toList())
        .containsAll(IntStream.range(0, partitions).boxed().toList())
        .allSatisfy(partition -> assertThat(partition).isBetween(0, partitions - 1));
  }

  @Test
  void batchThatIsIssuedAgainGoesWhereItWentBefore() {
    var node = new Node(0, "localhost", 9092);
    var partitions =
        IntStream.range(0, 8)
            .mapToObj(i -> new PartitionInfo("prompts", i, node, new Node[0], new Node[0]))
            .toList();
    var cluster = new Cluster("c", List.of(node), partitions, Set.of(), Set.of());

    try (var partitioner = new PromptPartitioner()) {
      for (var id : List.of(BatchIds.training(12, 1), BatchIds.evaluation(0, 1))) {
        assertThat(partitioner.partition("prompts", id, new byte[0], id, new byte[0], cluster))
            .isEqualTo(5);
      }
    }
  }
}
