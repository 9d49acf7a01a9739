package org.elasticreset.reward.raters.tools;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted about tools, by tool. */
record ToolMetrics(MeterRegistry registry) {

  /** A delivery was answered. */
  void delivered(String tool, WebhookOutcome outcome) {
    Counter.builder("rating.webhooks")
        .description("Deliveries of tools that people rate in")
        .tag("tool", tool)
        .tag("outcome", outcome.label())
        .register(registry)
        .increment();
  }

  /** Requests were put into a tool, removed from it, or refused by it. */
  void requests(String tool, String what, int number) {
    Counter.builder("rating.tool.requests")
        .description("Requests put into tools that people rate in")
        .tag("tool", tool)
        .tag("what", what)
        .register(registry)
        .increment(number);
  }

  /** A tool did not answer, or not as it should. */
  void failed(String tool) {
    Counter.builder("rating.tool.failures")
        .description("Calls of tools that failed and are tried again")
        .tag("tool", tool)
        .register(registry)
        .increment();
  }
}
