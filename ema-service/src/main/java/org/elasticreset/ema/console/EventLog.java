package org.elasticreset.ema.console;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.jspecify.annotations.Nullable;

/**
 * The events of the run that count, by their offset. A learner that goes back tells again what came
 * behind its checkpoint, which replaces what it told before; a copy of an audit event is known by
 * its id. Samples are kept of the newest evaluation alone, and of a very long run every second step
 * of its first half, so that memory has a bound.
 */
final class EventLog {

  static final int MOST = 20_000;

  /**
   * An event.
   *
   * @param id offset in the topic
   */
  record Entry(long id, long sequence, EventCase kind, String json) {}

  private final String runId;
  private final LearnerTime learner;
  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private final Set<String> audits = new HashSet<>();
  private @Nullable TrainingEvent withSamples;
  private long offsetOfSamples;

  EventLog(String runId, LearnerTime learner) {
    this.runId = runId;
    this.learner = learner;
  }

  synchronized void add(long offset, TrainingEvent event) {
    boolean copy = event.hasAudit() && !audits.add(event.getAudit().getId());
    boolean readAlready = !entries.isEmpty() && offset <= entries.lastKey();
    if (!event.getRunId().equals(runId) || readAlready || copy) {
      return;
    }
    forgetFrom(event.getSequence());
    learner.take(event);
    boolean samples = event.getEvaluation().getSamplesCount() > 0;
    if (samples) {
      leaveOutSamples();
      withSamples = event;
      offsetOfSamples = offset;
    }
    put(offset, event, samples);
    if (entries.size() > MOST) {
      thin();
    }
  }

  private void put(long offset, TrainingEvent event, boolean samples) {
    entries.put(
        offset,
        new Entry(offset, event.getSequence(), event.getEventCase(), EventJson.of(event, samples)));
  }

  /** What was told before under this number and above is not what happened. */
  private void forgetFrom(long sequence) {
    if (sequence > 0) {
      entries.values().removeIf(entry -> entry.sequence() >= sequence);
    }
  }

  private void leaveOutSamples() {
    if (withSamples != null && entries.containsKey(offsetOfSamples)) {
      put(offsetOfSamples, withSamples, false);
    }
  }

  private void thin() {
    int inFirstHalf = entries.size() / 2;
    boolean drop = false;
    Iterator<Entry> all = entries.values().iterator();
    for (int i = 0; i < inFirstHalf; i++) {
      if (all.next().kind() == EventCase.TRAINING_STEP) {
        if (drop) {
          all.remove();
        }
        drop = !drop;
      }
    }
  }

  /** The next events behind that of this id, in order; all of them behind -1. */
  synchronized List<Entry> after(long id, int most) {
    return entries.tailMap(id, false).values().stream().limit(most).toList();
  }
}
