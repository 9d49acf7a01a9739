package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Human texts for each optimizer step: the loss is the objective's plus coefficient · CE, the mean
 * cross-entropy of their tokens under the policy. Keeps the policy good at what people write, where
 * a KL penalty looks only at what the policy writes.
 *
 * <p>Lazaridou et al. 2020, arXiv 2005.07064, section 3 (multi-task learning of a functional and a
 * structural objective); Ouyang et al. 2022, arXiv 2203.02155, equation 2 ("PPO-ptx", whose γ is
 * the coefficient).
 */
final class Rehearsal {

  /** Nothing is predicted in a shorter one. */
  private static final int SHORTEST = 2;

  private final List<int[]> texts;
  private final int batchSize;
  private final Seeds seeds;

  /**
   * @param texts tokens of each; what is shorter than two of them is left out
   * @param longest tokens that are taken of a text, from its beginning on: as many as prompt and
   *     response have, so that rehearsal is of the positions that the policy writes at
   */
  Rehearsal(List<int[]> texts, int longest, int batchSize, Seeds seeds) {
    this.texts =
        texts.stream()
            .filter(text -> text.length >= SHORTEST)
            .map(text -> Arrays.copyOf(text, Math.min(text.length, longest)))
            .toList();
    this.batchSize = batchSize;
    this.seeds = seeds;
    if (this.texts.size() < batchSize) {
      throw new InvalidSettingsException(
          "learner.rehearsal.batch-size: %d (expected: at most %d, the texts of learner.rehearsal.texts)"
              .formatted(batchSize, this.texts.size()));
    }
  }

  /** The texts of an optimizer step, each once; they depend on the seed and its place alone. */
  List<int[]> texts(long step, int epoch, int minibatch) {
    var random =
        new SplittableRandom(seeds.of("rehearsal-" + step + "-" + epoch + "-" + minibatch));
    List<int[]> drawn = new ArrayList<>(batchSize);
    random.ints(0, texts.size()).distinct().limit(batchSize).forEach(i -> drawn.add(texts.get(i)));
    return drawn;
  }
}
