package org.elasticreset.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which fault comes next, and when: derived from a seed, so that a schedule can be had again. */
final class FaultSchedule {
  private final Random random;
  private final int longestDelayMillis;

  /**
   * A schedule from its beginning.
   *
   * @param longestDelay from the recovery from a fault to the next one
   */
  FaultSchedule(long seed, Duration longestDelay) {
    this.random = new Random(seed);
    this.longestDelayMillis = Math.toIntExact(longestDelay.toMillis());
  }

  /** Time to wait before a fault: any instant of a step may be hit. */
  Duration delay() {
    return millis(longestDelayMillis);
  }

  /** True if the next fault does not wait until the run has recovered from the last one. */
  boolean impatient() {
    return random.nextInt(8) == 0;
  }

  /** Of twenty faults on average eleven kill a service, five kill two, and four do other harm. */
  Fault next() {
    int die = random.nextInt(20);
    if (die < 11) {
      return new Fault.Kill(services(1));
    } else if (die < 16) {
      return new Fault.Kill(services(2));
    } else if (die < 18) {
      return new Fault.Pause(services(1).get(0), millis(3_000));
    }
    return die == 18 ? new Fault.KillBroker(millis(1_500)) : new Fault.KillLauncher();
  }

  private List<String> services(int count) {
    List<String> services = new ArrayList<>(FaultyRun.SERVICES);
    Collections.shuffle(services, random);
    return services.subList(0, count);
  }

  private Duration millis(int limit) {
    return Duration.ofMillis(random.nextInt(limit + 1));
  }
}
