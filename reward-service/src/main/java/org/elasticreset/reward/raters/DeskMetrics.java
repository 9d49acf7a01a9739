package org.elasticreset.reward.raters;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.elasticreset.desk.RatingDesk;

/** What is counted of the desk of this instance. */
final class DeskMetrics {

  private DeskMetrics() {}

  static void register(MeterRegistry registry, RatingDesk desk) {
    FunctionCounter.builder("rating.desk.failures", desk, RatingDesk::failures)
        .description("How often the desk of this instance failed and began again")
        .register(registry);
  }
}
