package org.elasticreset.reward.raters.tools;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;

/** A broker, both tools, and the settings of a service that asks people there. */
public final class ToolsAndBroker implements QuarkusTestResourceLifecycleManager {

  static final FakeArgilla ARGILLA = new FakeArgilla();
  static final FakeLabelStudio LABEL_STUDIO = new FakeLabelStudio();

  private LocalBroker broker;

  @Override
  public Map<String, String> start() {
    broker = LocalBroker.startTemporary();
    KafkaTopics.create(broker.bootstrapServers(), ToolRequests.RUN);
    KafkaTopics.createForPeople(
        Map.of("bootstrap.servers", broker.bootstrapServers()), ToolRequests.RUN);
    var settings = new HashMap<String, String>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("quarkus.http.test-port", "0");
    settings.put("reward.run-id", ToolRequests.RUN);
    settings.put("reward.scorers.good.type", "regex");
    settings.put("reward.scorers.good.pattern", "good");
    settings.put("reward.raters.enabled", "true");
    settings.put("reward.raters.grpc.port", "0");
    settings.put("reward.raters.argilla.webhook-secrets", Deliveries.SECRET);
    settings.put("reward.raters.argilla.url", ARGILLA.address().toString());
    settings.put("reward.raters.argilla.api-key", FakeArgilla.KEY);
    settings.put("reward.raters.argilla.workspace", "people");
    settings.put("reward.raters.argilla.tidy-every", "PT0.5S");
    settings.put("reward.raters.label-studio.webhook-secrets", Deliveries.HEADER_SECRET);
    settings.put("reward.raters.label-studio.url", LABEL_STUDIO.address().toString());
    settings.put("reward.raters.label-studio.api-key", FakeLabelStudio.LEGACY);
    settings.put("reward.raters.label-studio.tidy-every", "PT0.5S");
    return settings;
  }

  @Override
  public void stop() {
    Objects.requireNonNull(broker).close();
  }
}
