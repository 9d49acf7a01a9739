package org.elasticreset.cli.simulate;

import java.util.Locale;

/** What a training step spends its time on. */
public enum Stage {
  /** Weights of a new version on their way to all workers. */
  FAN_OUT,
  GENERATION,
  /** What scoring takes beyond the generation beside it. */
  SCORING,
  /** Batches on their way through Kafka and three services. */
  MESSAGING,
  LEARNING,
  /** Upload, average, snapshot, checkpoint. */
  AVERAGING,
  /** The broker's own bandwidth, where it is the limit. */
  BROKER;

  /** As reports show it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
