package org.elasticreset.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What a run's topics hold, asked of the broker. */
final class TopicGauges implements AutoCloseable {
  private final Admin admin;
  private final String runId;

  TopicGauges(KafkaAccess kafka, String runId) {
    this.admin = Admin.create(new HashMap<>(kafka.client()));
    this.runId = runId;
  }

  /** Records of {@code topic} that the group has not acknowledged. */
  long lag(String group, String topic) throws InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> done =
          admin.listConsumerGroupOffsets(runId + "." + group).partitionsToOffsetAndMetadata().get();
      String name = runId + "." + topic;
      var described = admin.describeTopics(List.of(name)).allTopicNames().get();
      var partitions = Objects.requireNonNull(described.get(name)).partitions();
      Map<TopicPartition, OffsetSpec> wanted =
          partitions.stream()
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(name, partition.partition()),
                      partition -> OffsetSpec.latest()));
      long lag = 0;
      for (var end : admin.listOffsets(wanted).all().get().entrySet()) {
        OffsetAndMetadata read = done.get(end.getKey());
        lag += end.getValue().offset() - (read == null ? 0 : read.offset());
      }
      return lag;
    } catch (ExecutionException e) {
      return 0; // A group that has not begun, or a broker that is away for a moment.
    }
  }

  /** Bytes of the run's topics on the disks of all brokers. */
  long bytes() throws InterruptedException {
    try {
      var brokers = admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
      return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
          .flatMap(directories -> directories.values().stream())
          .flatMap(directory -> directory.replicaInfos().entrySet().stream())
          .filter(replica -> replica.getKey().topic().startsWith(runId + "."))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    } catch (ExecutionException e) {
      return 0; // Whoever may not ask does not learn it.
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
