package org.elasticreset.learner;

import java.nio.file.Path;
import java.util.Optional;
import org.elasticreset.model.simulated.Distribution;

/**
 * A policy for simulations of scale. No key has a default: it would make every learner a simulated
 * one.
 */
public interface SimulatedConfig {

  /** What stands for {@code learner.model}. */
  Path MODEL = Path.of("simulated");

  /** Weights of the policy; each is four bytes that are uploaded, averaged and fetched. */
  long parameters();

  /** What an optimizer step takes: {@code 500ms}, {@code lognormal:500ms,0.5}; absent: nothing. */
  Optional<String> optimizerStepTime();

  /** What the learner's own pass over a step's rollouts takes; absent: nothing. */
  Optional<String> evaluationTime();

  /**
   * In seconds.
   *
   * @throws IllegalArgumentException naming the key
   */
  default Distribution optimizerStepTimes() {
    return durations("optimizer-step-time", optimizerStepTime());
  }

  /**
   * In seconds.
   *
   * @throws IllegalArgumentException naming the key
   */
  default Distribution evaluationTimes() {
    return durations("evaluation-time", evaluationTime());
  }

  private static Distribution durations(String key, Optional<String> text) {
    return text.map(words -> Distribution.ofDurations("learner.simulated." + key, words))
        .orElse(Distribution.NONE);
  }
}
