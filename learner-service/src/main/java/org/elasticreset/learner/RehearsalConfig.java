package org.elasticreset.learner;

import java.nio.file.Path;
import java.util.List;

/**
 * Cross-entropy on human text beside the objective; {@link Rehearsal} has the formula. All of it or
 * nothing: one default would turn it on.
 */
public interface RehearsalConfig {
  /** Weight of the cross-entropy, in nats a token, in the loss. */
  double coefficient();

  /** Text files with one human text a line, of which none is the evaluation's. */
  List<Path> texts();

  /** Texts of an optimizer step. */
  int batchSize();
}
