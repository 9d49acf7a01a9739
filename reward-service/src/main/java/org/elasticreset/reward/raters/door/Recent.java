package org.elasticreset.reward.raters.door;

import java.util.LinkedHashMap;
import java.util.Map;

/** The newest of what would otherwise grow for ever. */
final class Recent<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1;

  private final int most;

  /**
   * Empty.
   *
   * @param most entries that are kept: beyond it the one is forgotten that was put or read longest
   *     ago
   */
  Recent(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
