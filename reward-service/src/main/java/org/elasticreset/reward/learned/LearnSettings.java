package org.elasticreset.reward.learned;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What can be set of a reward model that learns, under {@code reward.raters.learn.}. Its score is
 * that of scorers of type {@code learned}.
 */
public interface LearnSettings {

  /** Whether there is one; if not, nothing else here matters. */
  @WithDefault("false")
  boolean enabled();

  /**
   * What every training begins as: a reward model of one label, or a decoder, which gets a head.
   */
  Optional<Path> base();

  /** Where versions lie; the same for all instances. */
  Optional<Path> directory();

  /** Pairs that have to come, or to be taken back, before it is trained again; at least 1. */
  @WithDefault("100")
  int everyPairs();

  /** Pairs that there have to be before it is trained at all; at least 2. */
  @WithDefault("100")
  int leastPairs();

  /** Time from the end of a training to the next. */
  @WithDefault("PT5M")
  Duration atMostEvery();

  /** Share of the prompts that it is measured on and never trained on; 0 &lt; share &lt; 1. */
  @WithDefault("0.2")
  double heldOut();

  /** Passes over the pairs; at least 1. */
  @WithDefault("2")
  int epochs();

  /** The highest; rises for a tenth of the steps, then falls to 0. */
  @WithDefault("1e-4")
  double learningRate();

  /** Pairs of an optimizer step. */
  @WithDefault("16")
  int batchSize();

  /** Pairs of one pass, which bounds memory. */
  @WithDefault("4")
  int microBatchSize();

  /** Of heads, orders and dropout. */
  @WithDefault("1")
  long seed();
}
