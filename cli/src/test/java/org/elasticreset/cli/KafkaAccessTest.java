package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaAccessTest {

  @Test
  void launcherComesInAsItsServicesDo() {
    KafkaAccess access =
        KafkaAccess.of(
            "broker:9093",
            Map.of(
                "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "KAFKA_SSL_TRUSTSTORE_LOCATION", "/tls/ca.crt",
                "KAFKA_SASL_JAAS_CONFIG", "login required password=\"planted-secret\";",
                "KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092",
                "KAFKA_HOME", "/opt/kafka",
                "PATH", "/bin"));

    assertThat(access.client())
        .containsOnly(
            Map.entry("bootstrap.servers", "broker:9093"),
            Map.entry("security.protocol", "SASL_SSL"),
            Map.entry("ssl.truststore.location", "/tls/ca.crt"),
            Map.entry("sasl.jaas.config", "login required password=\"planted-secret\";"));
    assertThat(access.toString()).isEqualTo("broker:9093");
  }
}
