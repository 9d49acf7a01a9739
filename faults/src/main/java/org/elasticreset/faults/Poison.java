package org.elasticreset.faults;

import org.jspecify.annotations.Nullable;

/**
 * A record that no service can use.
 *
 * @param topic without the run id
 * @param kind in words; the key of the record, by which its dead letter is found
 * @param value the bytes; {@code null} for a tombstone
 * @param reason what its dead letter must say; empty if none is written, see {@link #fate}
 */
record Poison(String topic, String kind, byte @Nullable [] value, Fate fate, String reason) {
  /** A record of this kind travels compressed. */
  static final String COMPRESSED = "100 MB that compress well";

  /** What becomes of it. */
  enum Fate {
    /** The service that reads the topic writes it to the dead letters. */
    DEAD_LETTER,
    /** The broker does not take it. */
    REFUSED_BY_BROKER,
    /** A reader passes over it: there is nothing in it, or it is not a service that reads. */
    PASSED_OVER
  }

  static Poison deadLetter(String topic, String kind, byte[] value, String reason) {
    return new Poison(topic, kind, value, Fate.DEAD_LETTER, reason);
  }

  static Poison refused(String topic, String kind, byte[] value) {
    return new Poison(topic, kind, value, Fate.REFUSED_BY_BROKER, "");
  }

  static Poison passedOver(String topic, String kind, byte @Nullable [] value) {
    return new Poison(topic, kind, value, Fate.PASSED_OVER, "");
  }

  /** Unique within a run. */
  String key() {
    return "poison: " + topic + ", " + kind;
  }
}
