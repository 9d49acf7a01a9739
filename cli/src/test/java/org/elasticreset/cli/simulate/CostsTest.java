package org.elasticreset.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostsTest {

  @TempDir private Path directory;

  @Test
  void measuredOnesAreThereAndAllCostSomething() {
    Costs costs = Costs.measured();

    assertThat(costs.secondsPerStep()).isPositive();
    assertThat(costs.fanOutBytesPerSecond()).isPositive();
    assertThat(costs.brokerBytesPerSecond()).isPositive();
  }

  @Test
  void fileThatLacksAFigureOrIsNoneIsRefused() throws IOException {
    Path file = directory.resolve("costs.json");
    Files.writeString(file, "{\"secondsPerStep\": 1}");
    assertThatThrownBy(() -> Costs.read(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("secondsPerBatch");

    Files.writeString(file, "not JSON");
    assertThatThrownBy(() -> Costs.read(file)).hasMessageContaining("expected: JSON");

    assertThatThrownBy(() -> Costs.read(directory.resolve("none")))
        .hasMessageContaining("expected: a file that can be read");
  }
}
