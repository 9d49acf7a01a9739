package org.elasticreset.model;

import java.nio.file.Path;

/** A training was asked to stop and did so before it was over; the message says what was kept. */
public final class TrainingStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingStoppedException(Path output, String kept) {
    super("stopped before the end: %s holds %s".formatted(output, kept));
  }
}
