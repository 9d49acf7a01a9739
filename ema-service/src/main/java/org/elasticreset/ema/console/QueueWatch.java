package org.elasticreset.ema.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the queues every two seconds while a page is open, and has neither a thread nor a
 * connection while none is: a run that nobody watches pays nothing.
 */
final class QueueWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(QueueWatch.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final long LOOK_EVERY_MILLIS = 2_000;
  private static final long FORGOTTEN_NANOS = Duration.ofSeconds(20).toNanos();

  private final String runId;
  private final Map<String, ?> client;
  private final LearnerTime learner;
  private final LongSupplier nanoTime;
  private long wantedAt;
  private boolean stopped;
  private @Nullable Thread thread;
  private volatile String known = "";

  QueueWatch(String runId, Map<String, ?> client, LearnerTime learner, LongSupplier nanoTime) {
    this.runId = runId;
    this.client = client;
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
    var flow = new Flow();
    try (var queues = new KafkaQueues(runId, client)) {
      while (isWanted()) {
        flow.add(queues.read(nanoTime.getAsLong()));
        known = json(flow);
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      // The service stops.
    } catch (KafkaException e) {
      LOG.warnf("queues not looked at reason=\"%s\"", e);
      known = "";
      synchronized (this) {
        thread = null;
      }
    }
  }

  /** Gives up its place, under the lock, if it is not: the next who wants it begins anew. */
  private synchronized boolean isWanted() {
    boolean wanted = !stopped && nanoTime.getAsLong() - wantedAt < FORGOTTEN_NANOS;
    if (!wanted) {
      known = "";
      thread = null;
    }
    return wanted;
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
