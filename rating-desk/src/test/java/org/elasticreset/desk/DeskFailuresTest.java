package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class DeskFailuresTest {

  private Instant now = Instant.EPOCH;
  private final List<Long> pauses = new ArrayList<>();
  private final DeskFailures failures =
      new DeskFailures(new SetClock(), pause -> pauses.add(pause.toSeconds()));

  @Test
  void pausesLongerFromFailureToFailureAndNeverGivesUp() {
    for (int i = 0; i < 8; i++) {
      assertThat(failures.handle(new IllegalStateException("again")))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
      now = now.plusSeconds(pauses.get(i));
    }

    assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    assertThat(failures.count()).isEqualTo(8);
  }

  @Test
  void failureAfterALongQuietTimeIsTheFirstAgain() {
    failures.handle(new IllegalStateException("once"));
    failures.handle(new IllegalStateException("twice"));
    now = now.plus(Duration.ofMinutes(11));

    failures.handle(new IllegalStateException("much later"));

    assertThat(pauses).containsExactly(1L, 2L, 1L);
  }

  private final class SetClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
