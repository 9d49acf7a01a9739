package org.elasticreset.reward.raters.tools;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.reward.raters.tools.LabellingTool.Posted;
import org.jboss.logging.Logger;

/**
 * Holds what is open against what a tool has, and makes them alike: what is missing is put there,
 * what has ended is removed unless somebody has answered it. It trusts nothing that it did before:
 * whoever begins asks the tool. Not thread-safe.
 */
final class ToolMirror {

  private static final Logger LOG = Logger.getLogger(ToolMirror.class);
  private static final int MOST_POSTED = 100;
  private static final int MOST_POSTED_BYTES = 4 << 20;

  private final LabellingTool tool;
  private final ToolMetrics metrics;
  private final Clock clock;
  private final Duration tidyEvery;

  private final Map<String, RatingRequest> open = new LinkedHashMap<>();
  private final Set<String> unaskable = new HashSet<>();

  /** Ids of requests that the tool has, and of those among them that have ended and stay. */
  private final Set<String> there = new HashSet<>();

  private final Set<String> kept = new HashSet<>();
  private boolean listed;
  private Instant nextTidy = Instant.MIN;

  /**
   * Begins with nothing.
   *
   * @param tidyEvery how often what has ended is looked for
   */
  ToolMirror(LabellingTool tool, ToolMetrics metrics, Clock clock, Duration tidyEvery) {
    this.tool = tool;
    this.metrics = metrics;
    this.clock = clock;
    this.tidyEvery = tidyEvery;
  }

  /** Forgets everything: another instance may have been at it. */
  void begin() {
    open.clear();
    unaskable.clear();
    listed = false;
    nextTidy = Instant.MIN;
  }

  /** A request is open, or open again. */
  void asked(RatingRequest request) {
    open.put(request.getRequestId(), request);
    kept.remove(request.getRequestId());
  }

  /** A request has ended. */
  void ended(String requestId) {
    open.remove(requestId);
    unaskable.remove(requestId);
  }

  /**
   * Does a piece of what is to be done.
   *
   * @return whether there may be more to do at once
   * @throws IOException if the tool is away, or does not answer as it should
   */
  boolean step() throws IOException, InterruptedException {
    if (!listed || hasEnded() && !clock.instant().isBefore(nextTidy)) {
      tidy();
    }
    List<RatingRequest> missing = missing();
    if (missing.isEmpty()) {
      return false;
    }
    post(missing);
    return true;
  }

  private boolean hasEnded() {
    return there.stream().anyMatch(id -> !open.containsKey(id) && !kept.contains(id));
  }

  private void tidy() throws IOException, InterruptedException {
    listed = false;
    List<Posted> posted = new ArrayList<>(tool.list());
    // Of two of the same request the one stays that has answers.
    posted.sort(Comparator.comparing(each -> !each.answered()));
    there.clear();
    kept.clear();
    List<Posted> surplus = new ArrayList<>();
    for (Posted each : posted) {
      boolean isOpen = open.containsKey(each.requestId());
      if (!each.answered() && (!isOpen || there.contains(each.requestId()))) {
        surplus.add(each);
      } else {
        there.add(each.requestId());
        if (!isOpen) {
          kept.add(each.requestId());
        }
      }
    }
    if (!surplus.isEmpty()) {
      tool.remove(surplus);
      metrics.requests(tool.source(), "removed", surplus.size());
    }
    listed = true;
    nextTidy = clock.instant().plus(tidyEvery);
  }

  /** Requests of one place, the oldest first. */
  private List<RatingRequest> missing() {
    List<RatingRequest> alike = new ArrayList<>();
    String place = "";
    int bytes = 0;
    for (RatingRequest request : open.values()) {
      String id = request.getRequestId();
      if (there.contains(id) || unaskable.contains(id)) {
        continue;
      }
      try {
        String belongs = tool.place(request);
        if (alike.isEmpty()) {
          place = belongs;
        }
        bytes += request.getSerializedSize();
        boolean full = alike.size() == MOST_POSTED || bytes > MOST_POSTED_BYTES;
        if (full && !alike.isEmpty()) {
          return alike;
        }
        if (belongs.equals(place)) {
          alike.add(request);
        }
      } catch (IllegalArgumentException e) {
        refused(request, String.valueOf(e.getMessage()));
      }
    }
    return alike;
  }

  private void post(List<RatingRequest> alike) throws IOException, InterruptedException {
    try {
      tool.post(alike);
      alike.forEach(request -> there.add(request.getRequestId()));
      metrics.requests(tool.source(), "posted", alike.size());
    } catch (ToolRefused e) {
      if (!e.isOfContent()) {
        throw e;
      }
      if (alike.size() == 1) {
        refused(alike.get(0), String.valueOf(e.getMessage()));
        return;
      }
      // One of them is to blame; the others are not held up by it.
      for (RatingRequest request : alike) {
        post(List.of(request));
      }
    }
  }

  private void refused(RatingRequest request, String why) {
    unaskable.add(request.getRequestId());
    metrics.requests(tool.source(), "refused", 1);
    LOG.warnf(
        "request not asked tool=%s request=%s reason=%s",
        tool.source(), Untrusted.shown(request.getRequestId()), Untrusted.shown(why));
  }
}
