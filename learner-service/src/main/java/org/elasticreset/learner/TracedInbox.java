package org.elasticreset.learner;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What comes back, seen by the traces on its way into the loop. */
record TracedInbox(Inbox inbox, StepTraces traces) implements Inbox {

  @Override
  public void open(Map<Integer, Long> offsets) {
    inbox.open(offsets);
  }

  @Override
  public @Nullable ReceivedRollout poll(Duration patience) throws InterruptedException {
    ReceivedRollout received = inbox.poll(patience);
    if (received != null) {
      traces.received(received);
    }
    return received;
  }
}
