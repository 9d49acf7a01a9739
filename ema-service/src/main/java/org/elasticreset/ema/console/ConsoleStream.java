package org.elasticreset.ema.console;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What one page is sent: events behind the last that it has, and the status when it changes and
 * every few seconds, by which a page knows that the connection is there. A page that does not read
 * is not sent more, and nothing waits for it.
 */
final class ConsoleStream {

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final int SIGN_OF_LIFE_EVERY = 12;
  private static final int MOST_AT_ONCE = 500;

  private final EventLog log;
  private final Supplier<String> status;
  private final Supplier<String> queues;
  private final Sse sse;
  private long last;
  private String said = "";
  private String saidOfQueues = "";
  private int looks;

  ConsoleStream(
      EventLog log, Supplier<String> status, Supplier<String> queues, Sse sse, long last) {
    this.log = log;
    this.status = status;
    this.queues = queues;
    this.sse = sse;
    this.last = last;
  }

  /** Ends when the reader may read no more. */
  Multi<OutboundSseEvent> events(BooleanSupplier mayRead) {
    return Multi.createFrom()
        .ticks()
        .every(LOOK_EVERY)
        .onOverflow()
        .drop()
        .select()
        .first(tick -> mayRead.getAsBoolean())
        .onItem()
        .transformToMultiAndConcatenate(tick -> Multi.createFrom().iterable(next()));
  }

  private List<OutboundSseEvent> next() {
    var events = new ArrayList<OutboundSseEvent>();
    for (EventLog.Entry entry : log.after(last, MOST_AT_ONCE)) {
      events.add(
          sse.newEventBuilder()
              .id(Long.toString(entry.id()))
              .name("training")
              .data(entry.json())
              .build());
      last = entry.id();
    }
    String now = status.get();
    if (!now.equals(said) || looks++ % SIGN_OF_LIFE_EVERY == 0) {
      said = now;
      events.add(sse.newEventBuilder().name("status").data(now).build());
    }
    String flow = queues.get();
    if (!flow.isEmpty() && !flow.equals(saidOfQueues)) {
      saidOfQueues = flow;
      events.add(sse.newEventBuilder().name("queues").data(flow).build());
    }
    return events;
  }
}
