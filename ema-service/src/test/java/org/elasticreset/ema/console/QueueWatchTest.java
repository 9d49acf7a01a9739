package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueWatchTest {

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final QueueWatch watch = new QueueWatch(this::connect, new LearnerTime(), now::get);

  @AfterEach
  void stop() {
    watch.close();
  }

  @Test
  void looksWhileAPageIsOpenAndHasNoConnectionOtherwise() throws Exception {
    assertThat(watch.isLooking()).isFalse();
    assertThat(watch.want()).isEmpty();
    await(() -> watch.want().contains("7.0 batches of prompts in front of 2 rollout workers"));
    assertThat(watch.want()).contains("\"trouble\":\"some\"");

    now.set(Duration.ofMinutes(1).toNanos());
    await(() -> !watch.isLooking());

    assertThat(opened.get()).isEqualTo(1);
    assertThat(closed.get()).isEqualTo(1);
    assertThat(watch.want()).as("nothing of a minute ago").isEmpty();
    await(() -> opened.get() == 2);
  }

  private QueueWatch.Queues connect() {
    opened.incrementAndGet();
    return new QueueWatch.Queues() {
      @Override
      public Reading read(long nanos) {
        return new Reading(
            nanos,
            Map.of(),
            Map.of(Stage.GENERATION, 7L, Stage.SCORING, 0L),
            Map.of(Stage.GENERATION, 2, Stage.SCORING, 1),
            "some");
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(end);
      Thread.sleep(10);
    }
  }
}
