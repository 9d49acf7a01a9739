package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.proto.v1.PolicyVersion;
import org.junit.jupiter.api.Test;

class KafkaAnnouncementsTest {

  @Test
  void learnerDoesNotWaitForABrokerThatIsAway() {
    var broker = new AwayBroker();
    var version = PolicyVersion.newBuilder().setRunId("run").setVersion(7).build();

    new KafkaAnnouncements(broker).announce(version);

    assertThat(broker.sent).extracting(Record::value).containsExactly(version);
  }

  /** Takes what is sent, and never says that it has it. */
  private static final class AwayBroker implements MutinyEmitter<Record<String, PolicyVersion>> {

    final List<Record<String, PolicyVersion>> sent = new ArrayList<>();

    @Override
    public Uni<Void> send(Record<String, PolicyVersion> record) {
      sent.add(record);
      return Uni.createFrom().nothing();
    }

    @Override
    public void sendAndAwait(Record<String, PolicyVersion> record) {
      send(record).await().atMost(Duration.ofMillis(100));
    }

    @Override
    public Cancellable sendAndForget(Record<String, PolicyVersion> record) {
      return send(record).subscribe().with(ignored -> {});
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"})
    public <M extends Message<? extends Record<String, PolicyVersion>>> void send(M message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <M extends Message<? extends Record<String, PolicyVersion>>> Uni<Void> sendMessage(
        M message) {
      return send(message.getPayload());
    }

    @Override
    public <M extends Message<? extends Record<String, PolicyVersion>>> void sendMessageAndAwait(
        M message) {
      sendAndAwait(message.getPayload());
    }

    @Override
    public <M extends Message<? extends Record<String, PolicyVersion>>>
        Cancellable sendMessageAndForget(M message) {
      return sendAndForget(message.getPayload());
    }

    @Override
    public void complete() {}

    @Override
    public void error(Exception failure) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean hasRequests() {
      return true;
    }
  }
}
