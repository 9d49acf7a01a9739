package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowTest {

  private final Flow flow = new Flow();

  @Test
  void rateIsThatOfTheLastHalfMinute() {
    flow.add(reading(0, 0, 9));
    assertThat(flow.perSecond("prompts")).isEmpty();
    flow.add(reading(40, 1_000, 3));
    flow.add(reading(60, 1_100, 5));

    assertThat(flow.perSecond("prompts")).hasValue(5);
    assertThat(flow.waiting(Stage.GENERATION)).hasValue(4);
  }

  @Test
  void whatTheBrokerDoesNotSayIsNotMadeUp() {
    flow.add(new Reading(0, Map.of(), Map.of(), Map.of(), "refused"));
    flow.add(new Reading(1, Map.of(), Map.of(), Map.of(), "refused"));

    assertThat(flow.perSecond("prompts")).isEmpty();
    assertThat(flow.waiting(Stage.GENERATION)).isEmpty();
  }

  private static Reading reading(int seconds, long end, long waiting) {
    return new Reading(
        TimeUnit.SECONDS.toNanos(seconds),
        Map.of("prompts", end),
        Map.of(Stage.GENERATION, waiting),
        Map.of(Stage.GENERATION, 1),
        "");
  }
}
