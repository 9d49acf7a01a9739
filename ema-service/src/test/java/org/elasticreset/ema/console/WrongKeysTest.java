package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WrongKeysTest {

  private long now;
  private final WrongKeys wrong = new WrongKeys(() -> now);

  @Test
  void addressThatGuessesIsNotListenedToUntilItsMinuteIsOver() {
    for (int i = 0; i < WrongKeys.MOST; i++) {
      assertThat(wrong.secondsToWait("a")).isZero();
      wrong.add("a");
    }
    now += TimeUnit.SECONDS.toNanos(20);

    assertThat(wrong.secondsToWait("a")).isBetween(40L, 41L);
    assertThat(wrong.secondsToWait("b")).as("another address").isZero();
    now += TimeUnit.SECONDS.toNanos(40);
    assertThat(wrong.secondsToWait("a")).isZero();
    wrong.add("a");
    assertThat(wrong.secondsToWait("a")).isZero();
  }
}
