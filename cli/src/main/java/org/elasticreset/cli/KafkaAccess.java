package org.elasticreset.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How the launcher's own clients reach a broker.
 *
 * @param client settings that every client of Kafka takes
 */
record KafkaAccess(Map<String, Object> client) {

  /** What a secured broker asks for; other variables that begin like this are other programs'. */
  private static final List<String> SECURITY =
      List.of("KAFKA_SECURITY_", "KAFKA_SSL_", "KAFKA_SASL_");

  /** Of the launcher's own broker, which asks for nothing. */
  static KafkaAccess plain(String bootstrapServers) {
    return new KafkaAccess(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /**
   * Of a broker that may be secured: with what the environment says to the services, too, {@code
   * KAFKA_SASL_JAAS_CONFIG} for {@code sasl.jaas.config}.
   */
  static KafkaAccess of(String bootstrapServers, Map<String, String> environment) {
    Map<String, Object> client = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (SECURITY.stream().anyMatch(name::startsWith)) {
            client.put(setting(name), value);
          }
        });
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return new KafkaAccess(client);
  }

  private static String setting(String variable) {
    return variable.substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  String bootstrapServers() {
    return String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }

  /** Shows no password. */
  @Override
  public String toString() {
    return bootstrapServers();
  }
}
