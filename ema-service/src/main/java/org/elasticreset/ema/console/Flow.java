package org.elasticreset.ema.console;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What goes through the stages, out of the readings of the last half minute: a step begins with
 * full queues and ends with empty ones, so that one moment says little.
 */
final class Flow {

  private static final long WINDOW_NANOS = 30_000_000_000L;

  private final ArrayDeque<Reading> readings = new ArrayDeque<>();

  void add(Reading reading) {
    readings.addLast(reading);
    while (reading.nanos() - readings.getFirst().nanos() > WINDOW_NANOS) {
      readings.removeFirst();
    }
  }

  Optional<Reading> newest() {
    return Optional.ofNullable(readings.peekLast());
  }

  /** Records a second that a topic got; nothing before two readings know of it. */
  OptionalDouble perSecond(String topic) {
    var known = readings.stream().filter(r -> r.ends().containsKey(topic)).toList();
    if (known.size() < 2) {
      return OptionalDouble.empty();
    }
    Reading first = known.get(0);
    Reading last = known.get(known.size() - 1);
    long records = last.ends().getOrDefault(topic, 0L) - first.ends().getOrDefault(topic, 0L);
    return OptionalDouble.of(records * 1e9 / (last.nanos() - first.nanos()));
  }

  /** Records that waited for a stage or were worked on, on average. */
  OptionalDouble waiting(Stage stage) {
    return readings.stream()
        .filter(reading -> reading.waiting().containsKey(stage))
        .mapToLong(reading -> reading.waiting().getOrDefault(stage, 0L))
        .average();
  }
}
