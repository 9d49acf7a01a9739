package org.elasticreset.model.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is trained on and what is measured on: every row of a prompt on one side.
 *
 * @param removed rows of the training part whose prompt is held out too; they are on neither side
 */
public record DataSplit<T>(List<T> training, List<T> heldOut, int removed) {

  private static final Set<String> TRAINING = Set.of("train", "training");
  private static final Set<String> HELD_OUT =
      Set.of("test", "validation", "valid", "val", "dev", "eval", "evaluation", "held-out");

  public DataSplit {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
    if (training.isEmpty() || heldOut.isEmpty()) {
      throw new IllegalArgumentException(
          "split: %d rows to train on, %d held out (expected: at least 1 of each, of other prompts)"
              .formatted(training.size(), heldOut.size()));
    }
  }

  /** Rows of two files. */
  public static <T> DataSplit<T> of(List<T> training, List<T> heldOut, Function<T, String> prompt) {
    var heldOutPrompts = heldOut.stream().map(prompt).collect(Collectors.toSet());
    var others =
        training.stream().filter(row -> !heldOutPrompts.contains(prompt.apply(row))).toList();
    return new DataSplit<>(others, heldOut, training.size() - others.size());
  }

  /**
   * Rows of one file: by the parts that they name, or where none names one a share of the prompts,
   * drawn from the seed.
   *
   * @param part the part that a row names: train, or test, validation and the like
   * @param share of the prompts to hold out, at least one
   * @throws IllegalArgumentException if some rows name a part and others none, or an unknown one
   */
  public static <T> DataSplit<T> of(
      List<T> rows,
      Function<T, String> prompt,
      Function<T, Optional<String>> part,
      double share,
      long seed) {
    if (rows.stream().noneMatch(row -> part.apply(row).isPresent())) {
      return drawn(rows, prompt, share, seed);
    }
    var training = new ArrayList<T>();
    var heldOut = new ArrayList<T>();
    for (var row : rows) {
      (isHeldOut(part.apply(row).orElse("")) ? heldOut : training).add(row);
    }
    return of(training, heldOut, prompt);
  }

  private static boolean isHeldOut(String part) {
    var name = part.strip().toLowerCase(Locale.ROOT);
    if (!TRAINING.contains(name) && !HELD_OUT.contains(name)) {
      throw new IllegalArgumentException(
          "split: '%s' (expected: train or test in every row, or in none)".formatted(part));
    }
    return HELD_OUT.contains(name);
  }

  private static <T> DataSplit<T> drawn(
      List<T> rows, Function<T, String> prompt, double share, long seed) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("share held out: " + share + " (expected: 0 < share < 1)");
    }
    var prompts =
        new ArrayList<>(
            rows.stream().map(prompt).collect(Collectors.toCollection(LinkedHashSet::new)));
    var random = new SplittableRandom(seed);
    long wanted = Math.max(1, Math.round(share * prompts.size()));
    var chosen = new LinkedHashSet<String>();
    while (chosen.size() < wanted) {
      chosen.add(prompts.remove(random.nextInt(prompts.size())));
    }
    var training = rows.stream().filter(row -> !chosen.contains(prompt.apply(row))).toList();
    var heldOut = rows.stream().filter(row -> chosen.contains(prompt.apply(row))).toList();
    return new DataSplit<>(training, heldOut, 0);
  }
}
