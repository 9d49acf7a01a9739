package org.elasticreset.cli.tracking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Brings the figures of a run to its sinks; a run that is not tracked has none. */
public final class Tracking {
  private final List<Delivery> deliveries;
  private boolean begun;

  Tracking(List<Delivery> deliveries) {
    this.deliveries = List.copyOf(deliveries);
  }

  /** Of a run that is not tracked. */
  public static Tracking off() {
    return new Tracking(List.of());
  }

  /** Begins to deliver: {@code metrics.jsonl} has all that was known of the run before. */
  public synchronized void begin() {
    if (!begun) {
      deliveries.forEach(Delivery::start);
    }
    begun = true;
  }

  /**
   * Delivers what is left.
   *
   * @param patience with each sink
   * @return what is not where it should be, in words
   */
  public synchronized List<String> end(RunOutcome outcome, Duration patience) {
    begin();
    List<String> problems = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      delivery.end(outcome, patience).ifPresent(problems::add);
    }
    return problems;
  }

  /** What each sink has, and where it is found, in words. */
  public List<String> delivered() {
    return deliveries.stream().map(Delivery::delivered).toList();
  }
}
