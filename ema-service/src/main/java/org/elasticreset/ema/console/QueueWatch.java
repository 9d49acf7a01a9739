package org.elasticreset.ema.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the queues every two seconds while a page is open, and has neither a thread nor a
 * connection while none is: a run that nobody watches pays nothing.
 */
final class QueueWatch implements AutoCloseable {

  /** Who knows what waits. */
  interface Queues extends AutoCloseable {

    /** Looks, which may take seconds. */
    Reading read(long nanos) throws InterruptedException;

    @Override
    void close();
  }

  private static final Logger LOG = Logger.getLogger(QueueWatch.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final long LOOK_EVERY_MILLIS = 2_000;
  private static final long RETRY_AFTER_MILLIS = 5_000;
  private static final long FORGOTTEN_NANOS = Duration.ofSeconds(20).toNanos();

  private final Supplier<Queues> connecting;
  private final LearnerTime learner;
  private final LongSupplier nanoTime;
  private long wantedAt;
  private boolean stopped;
  private @Nullable Thread thread;
  private volatile String known = "";

  QueueWatch(Supplier<Queues> connecting, LearnerTime learner, LongSupplier nanoTime) {
    this.connecting = connecting;
    this.learner = learner;
    this.nanoTime = nanoTime;
  }

  /** What is known, as the page reads it; empty before the first look, which begins now. */
  String want() {
    synchronized (this) {
      wantedAt = nanoTime.getAsLong();
      if (thread == null && !stopped) {
        thread = new Thread(this::look, "console-queues");
        thread.setDaemon(true);
        thread.start();
      }
    }
    return known;
  }

  private void look() {
    try {
      while (isWanted()) {
        watch();
      }
    } catch (InterruptedException e) {
      // The service stops.
    }
  }

  /** Until nobody wants it; a trouble is told and tried again. */
  private void watch() throws InterruptedException {
    var flow = new Flow();
    try (Queues queues = connecting.get()) {
      do {
        flow.add(queues.read(nanoTime.getAsLong()));
        known = json(flow);
        Thread.sleep(LOOK_EVERY_MILLIS);
      } while (isWantedStill());
    } catch (RuntimeException e) {
      LOG.warnf("queues not looked at, tried again reason=\"%s\"", e);
      known = "";
      Thread.sleep(RETRY_AFTER_MILLIS);
    }
  }

  private synchronized boolean isWantedStill() {
    return !stopped && nanoTime.getAsLong() - wantedAt < FORGOTTEN_NANOS;
  }

  /** Gives up its place, under the lock, if it is not: the next who wants it begins anew. */
  private synchronized boolean isWanted() {
    boolean wanted = isWantedStill();
    if (!wanted) {
      known = "";
      thread = null;
    }
    return wanted;
  }

  /** Whether somebody looks. */
  synchronized boolean isLooking() {
    return thread != null;
  }

  private String json(Flow flow) {
    var node = JSON.createObjectNode();
    Reading newest = flow.newest().orElseThrow();
    var waiting = new EnumMap<Stage, Double>(Stage.class);
    var stages = node.putArray("stages");
    for (Stage stage : Stage.values()) {
      flow.waiting(stage).ifPresent(some -> waiting.put(stage, some));
      var one = stages.addObject();
      one.put("stage", stage.word());
      one.put("work", stage.work());
      one.put("done", stage.done());
      flow.perSecond(stage.output()).ifPresent(rate -> one.put("perSecond", rate));
      if (newest.waiting().containsKey(stage)) {
        one.put("waiting", newest.waiting().get(stage));
        one.put("waitingMean", waiting.get(stage));
      }
      if (newest.members().containsKey(stage)) {
        one.put("servers", stage.servers(newest.members().get(stage)));
      }
    }
    Map<String, Double> shares = learner.shares();
    var spent = node.putObject("learner");
    shares.forEach(spent::put);
    learner.secondsPerStep().ifPresent(seconds -> node.put("secondsPerStep", seconds));
    node.put("words", new WhereItWaits(waiting, newest.members(), shares).inWords());
    node.put("trouble", newest.trouble());
    return node.toString();
  }

  @Override
  public void close() {
    @Nullable Thread looking;
    synchronized (this) {
      stopped = true;
      looking = thread;
    }
    if (looking != null) {
      looking.interrupt();
    }
  }
}
