package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crowd before a desk in a process of its own. By hand it is as large as one likes: {@code
 * -Dcrowd.raters=500 -Dcrowd.cases=10000}, with a desk that dies ({@code -Dcrowd.kill-after=9000}
 * ratings); {@code -Dcrowd.table=FILE} writes down what it came to.
 */
class RaterCrowdTest {

  private static final CrowdSize SIZE =
      new CrowdSize(
          Integer.getInteger("crowd.raters", 60),
          Integer.getInteger("crowd.cases", 400),
          3,
          Integer.getInteger("crowd.gold", 40),
          Integer.getInteger("crowd.gold-percent", 33) / 100.0,
          Duration.ofMillis(Integer.getInteger("crowd.latency-millis", 60)),
          Duration.ofMinutes(Integer.getInteger("crowd.minutes", 3)),
          Integer.getInteger("crowd.kill-after", 0),
          Integer.getInteger("crowd.seed", 1));

  @TempDir Path logs;

  private Process desk;
  private Path log;

  @Test
  void nothingIsLostOrCountedTwiceAndAdversariesAreMuted() throws Exception {
    try (LocalBroker broker = LocalBroker.startTemporary()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      KafkaTopics.create(client, Cases.RUN);
      KafkaTopics.createForPeople(client, Cases.RUN);
      begin(broker, "desk.log");
      try {
        CrowdFigures figures =
            new Crowd(SIZE, broker.bootstrapServers())
                .run(
                    () -> {
                      desk.destroyForcibly().waitFor();
                      begin(broker, "successor.log");
                    });

        String table = figures.table(DeskProcess.memory(desk, log));
        System.out.println(table);
        if (System.getProperty("crowd.table") != null) {
          Files.writeString(Path.of(System.getProperty("crowd.table")), table);
        }
        assertThat(figures.lost()).as("requests lost").isZero();
        assertThat(figures.countedTwice()).as("counted twice, %s", figures.wrong()).isZero();
        assertThat(figures.mutedAdversaries()).isEqualTo(figures.adversaries());
        assertThat(figures.mutedHonest()).as("honest raters muted").isZero();
      } finally {
        desk.destroyForcibly().waitFor();
      }
    }
  }

  private void begin(LocalBroker broker, String name) throws IOException {
    log = logs.resolve(name);
    desk = DeskProcess.start(broker.bootstrapServers(), log);
  }
}
