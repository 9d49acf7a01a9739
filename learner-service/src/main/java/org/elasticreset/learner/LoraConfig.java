package org.elasticreset.learner;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Low-rank adapters (LoRA, arXiv 2106.09685), with PEFT's meaning. No setting has a
 * {@code @WithDefault}, with which there would be adapters in every run.
 */
public interface LoraConfig {

  /** Rank of the adapters, {@code r}. */
  int rank();

  /** Adapters are scaled by alpha / rank; absent: twice the rank. */
  OptionalDouble alpha();

  /** Share of an adapter's inputs that training drops; absent: 0. */
  OptionalDouble dropout();

  /**
   * Last names of the linear maps that get an adapter, or {@code all-linear}; absent: PEFT's for
   * the architecture, {@code q_proj,v_proj} or {@code c_attn}.
   */
  Optional<List<String>> targetModules();
}
