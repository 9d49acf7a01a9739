package org.elasticreset.rating.tools;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids ({@code webhook-id}) of deliveries that have been dealt with, the newest of them. One that is
 * forgotten too early does no harm: a rating that comes again has the revision that it had.
 */
public final class SeenDeliveries {

  private final Map<String, Boolean> ids;

  /** Remembers at most {@code capacity}. */
  public SeenDeliveries(int capacity) {
    ids = new Newest<>(capacity);
  }

  /** Whether this one has been dealt with. */
  public synchronized boolean has(String id) {
    return ids.containsKey(id);
  }

  /** It has been dealt with; not before, since one that failed comes again with the same id. */
  public synchronized void add(String id) {
    ids.put(id, true);
  }

  /** A map that forgets what was put first. */
  static final class Newest<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1;

    private final int capacity;

    Newest(int capacity) {
      if (capacity < 1) {
        throw new IllegalArgumentException("capacity: " + capacity + " (expected: at least 1)");
      }
      this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > capacity;
    }
  }
}
