package org.elasticreset.model;

import java.util.Optional;

/**
 * How a model is held in memory.
 *
 * @param weights what the model's own weights are stored as; they can be trained as float32 only,
 *     since an update of 10⁻⁶ is lost on 8 bits of mantissa
 * @param lora adapters beside the weights, which are frozen then; adapters are float32
 * @param seed of new adapters
 */
public record ModelSettings(Precision weights, Optional<LoraSettings> lora, long seed) {

  /** Float32, without adapters. */
  public static final ModelSettings PLAIN =
      new ModelSettings(Precision.FLOAT32, Optional.empty(), 0);
}
