package org.elasticreset.model;

import java.util.List;
import java.util.Set;
import org.elasticreset.model.files.ConfigBounds;

/**
 * Low-rank adapters (LoRA, Hu et al. 2021, arXiv 2106.09685), with PEFT's names and meaning.
 *
 * @param rank r of A [r, in] and B [out, r]
 * @param alpha {@code lora_alpha}: B A is scaled by alpha / rank
 * @param dropout {@code lora_dropout}: share of an adapter's inputs that training drops
 * @param targetModules {@code target_modules}: last names of the modules that get one, e.g. {@code
 *     q_proj}, longer ends of their paths, or {@link #ALL_LINEAR} alone
 */
public record LoraSettings(int rank, double alpha, double dropout, List<String> targetModules) {

  /** Every linear map within a block. */
  public static final String ALL_LINEAR = "all-linear";

  private static final int MAX_RANK = 4096;

  public LoraSettings {
    if (rank < 1 || rank > MAX_RANK) {
      throw new IllegalArgumentException("r: " + rank + " (expected: 1 to " + MAX_RANK + ")");
    }
    ConfigBounds.positive("lora_alpha", alpha);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "lora_dropout: " + dropout + " (expected: 0 <= lora_dropout < 1)");
    }
    targetModules = List.copyOf(targetModules);
    if (targetModules.isEmpty()) {
      throw new IllegalArgumentException(
          "target_modules: none (expected: names of modules, or " + ALL_LINEAR + ")");
    }
  }

  /** Whether adapters of these and of other settings are the same map. */
  boolean hasShapeOf(LoraSettings other) {
    return rank == other.rank
        && alpha == other.alpha
        && Set.copyOf(targetModules).equals(Set.copyOf(other.targetModules));
  }

  /** What B A is multiplied by. */
  double scale() {
    return alpha / rank;
  }
}
