package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SeenDeliveriesTest {

  @Test
  void aReplayIsKnownByItsIdOnceTheFirstIsDealtWith() {
    var seen = new SeenDeliveries(10);
    assertThat(seen.has("msg_1")).isFalse();
    assertThat(seen.has("msg_1")).as("one that failed comes again").isFalse();
    seen.add("msg_1");
    assertThat(seen.has("msg_1")).isTrue();
    assertThat(seen.has("msg_2")).isFalse();
  }

  @Test
  void theNewestAreRemembered() {
    var seen = new SeenDeliveries(3);
    for (int i = 0; i < 1_000; i++) {
      seen.add("msg_" + i);
    }
    assertThat(seen.has("msg_999")).isTrue();
    assertThat(seen.has("msg_997")).isTrue();
    assertThat(seen.has("msg_996")).isFalse();
    assertThatThrownBy(() -> new SeenDeliveries(0))
        .hasMessage("capacity: 0 (expected: at least 1)");
  }
}
