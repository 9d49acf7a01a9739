package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.WorkerStatus;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private final Hands clock = new Hands();
  private final Workers workers = new Workers(clock);

  @Test
  void workerHasTheVersionThatItWasSentLast() {
    workers.fetched("b", version(1, 0));
    workers.fetched("a", version(1, 0));
    clock.now = clock.now.plusSeconds(3);
    workers.fetched("a", version(2, 1));

    assertThat(workers.known(2))
        .containsExactly(
            WorkerStatus.newBuilder()
                .setName("a")
                .setVersion(2)
                .setResetEpoch(1)
                .setFetchedMillis(3_000)
                .build(),
            WorkerStatus.newBuilder().setName("b").setVersion(1).setFetchedMillis(0).build());
  }

  @Test
  void whoWasScaledAwayIsForgottenAndWhoHasTheNewestIsNot() {
    workers.fetched("gone", version(1, 0));
    workers.fetched("here", version(2, 0));

    clock.now = clock.now.plus(Workers.AWAY).plusSeconds(1);

    assertThat(names(2)).containsExactly("here");
    assertThat(names(3)).isEmpty();
  }

  @Test
  void namesAreBoundedInNumberLengthAndCharacters() {
    workers.fetched("first", version(1, 0));
    for (int i = 0; i < 2 * Workers.MOST; i++) {
      clock.now = clock.now.plusMillis(1);
      workers.fetched("made-up-" + i, version(1, 0));
    }
    clock.now = clock.now.plusMillis(1);
    workers.fetched("\u202E\n" + "x".repeat(10_000), version(1, 0));

    assertThat(names(1)).hasSize(Workers.MOST).doesNotContain("first");
    assertThat(names(1)).anyMatch(name -> name.startsWith("\\u202e\\u000ax"));
    assertThat(names(1)).allMatch(name -> name.length() <= 101);
  }

  @Test
  void whoDoesNotSayItsNameIsNobody() {
    workers.fetched("", version(1, 0));

    assertThat(workers.known(1)).isEmpty();
  }

  private List<String> names(long newest) {
    return workers.known(newest).stream().map(WorkerStatus::getName).toList();
  }

  private static PolicyVersion version(long version, long epoch) {
    return PolicyVersion.newBuilder().setVersion(version).setResetEpoch(epoch).build();
  }

  /** A clock that a test sets. */
  private static final class Hands extends Clock {

    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("instants have no zone");
    }
  }
}
