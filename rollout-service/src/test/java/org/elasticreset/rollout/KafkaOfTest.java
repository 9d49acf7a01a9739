package org.elasticreset.rollout;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.feed.Policies;

/** A broker with the topics of the run. */
public final class KafkaOfTest implements QuarkusTestResourceLifecycleManager {

  private final LocalBroker broker = LocalBroker.startTemporary();

  @Override
  public Map<String, String> start() {
    KafkaTopics.create(broker.bootstrapServers(), Policies.RUN);
    return Map.of(
        "kafka.bootstrap.servers", broker.bootstrapServers(),
        "quarkus.http.test-port", "0",
        "rollout.run-id", Policies.RUN,
        "rollout.model", "none",
        "rollout.ema-service", "localhost:1",
        "rollout.policy-timeout", "PT2S");
  }

  @Override
  public void stop() {
    broker.close();
  }
}
