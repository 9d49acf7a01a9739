package org.elasticreset.model;

import java.nio.file.Path;

/**
 * Lets another thread stop a training: it asks, and the training looks here between steps and
 * between the batches of a measurement.
 */
final class StopRequest {
  private final Path output;
  private String kept = "no trained model";
  private volatile boolean made;

  /** Of a training that writes there. */
  StopRequest(Path output) {
    this.output = output;
  }

  /** From any thread. */
  void make() {
    made = true;
  }

  /** What the output holds from now on, in words. */
  void kept(String words) {
    kept = words;
  }

  /**
   * Goes on unless a stop was asked for.
   *
   * @throws TrainingStoppedException saying what was kept
   */
  void check() {
    if (made) {
      throw new TrainingStoppedException(output, kept);
    }
  }
}
