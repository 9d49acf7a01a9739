package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.elasticreset.cli.Figures;
import org.elasticreset.cli.experiment.ComparedView.AtLevel;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.SignFlip;
import org.elasticreset.evidence.Verdict;

/** A comparison in sentences: which differences are shown, which are not, and at how many seeds. */
final class ComparisonWords {
  private final ComparedView view;

  ComparisonWords(ComparedView view) {
    this.view = view;
  }

  /** What "equal drift" means here, and how it was chosen; empty where nothing can be compared. */
  String level() {
    Optional<AtLevel> primary = view.primary();
    if (primary.isEmpty()) {
      return view.problem();
    }
    String within = "Within " + view.drift().amount(primary.get().level().drift());
    if (view.isPlanned()) {
      return within + ": what the experiment's file names (verdict-at).";
    }
    return within
        + ": the furthest that all arms went which drifted at all (the smallest of their reaches,"
        + " an arm's reach being the median over its seeds of the largest drift that a run had;"
        + " rounded down to two digits). It was chosen from drifts alone, before any "
        + view.reward().name()
        + " was looked at.";
  }

  /** A sentence for each arm that is shown to differ, and one for all that are not. */
  List<String> verdicts() {
    if (view.primary().isEmpty()) {
      return List.of(view.problem());
    }
    AtLevel primary = view.primary().get();
    List<String> sentences = new ArrayList<>();
    for (Verdict verdict : List.of(Verdict.BETTER, Verdict.WORSE)) {
      for (Comparison comparison : primary.comparisons()) {
        if (comparison.verdict() == verdict) {
          sentences.add(shown(comparison, primary));
        }
      }
    }
    notShown(primary).ifPresent(sentences::add);
    for (Comparison comparison : primary.comparisons()) {
      if (comparison.verdict() == Verdict.TOO_FEW_SEEDS) {
        sentences.add(tooFew(comparison));
      }
    }
    signFlip(primary).ifPresent(sentences::add);
    return sentences;
  }

  private String shown(Comparison comparison, AtLevel primary) {
    Comparison.Inference inference = comparison.inference().orElseThrow();
    return "%s has %s %s %s than %s within %s: %s%% interval %s to %s, %d seeds, p = %s%s."
        .formatted(
            comparison.arm(),
            Figures.of(Math.abs(comparison.meanDifference()), decimals()),
            comparison.meanDifference() > 0 ? "more" : "less",
            view.reward().name(),
            comparison.baseline(),
            view.drift().amount(primary.level().drift()),
            Figures.of(100 * inference.interval().confidence(), 0) + " ",
            signed(inference.interval().low()),
            signed(inference.interval().high()),
            comparison.differences().seeds().size(),
            SignedFigures.probability(inference.pHolm()),
            corrected(primary));
  }

  private static String corrected(AtLevel primary) {
    long arms = primary.comparisons().stream().filter(c -> c.inference().isPresent()).count();
    return arms > 1 ? " after Holm's correction for " + arms + " arms" : "";
  }

  private Optional<String> notShown(AtLevel primary) {
    List<Comparison> unclear =
        primary.comparisons().stream()
            .filter(comparison -> comparison.verdict() == Verdict.NOT_DISTINGUISHABLE)
            .toList();
    if (unclear.isEmpty()) {
      return Optional.empty();
    }
    String arms =
        unclear.stream()
            .map(
                comparison ->
                    "%s (%s, %s)"
                        .formatted(
                            comparison.arm(),
                            signed(comparison.meanDifference()),
                            SignedFigures.of(
                                comparison.inference().orElseThrow().interval(), decimals())))
            .collect(Collectors.joining(", "));
    double detectable =
        unclear.stream()
            .mapToDouble(comparison -> comparison.inference().orElseThrow().smallestDetectable())
            .max()
            .orElseThrow();
    int seeds = unclear.stream().mapToInt(c -> c.differences().seeds().size()).min().orElseThrow();
    return Optional.of(
        ("Not distinguishable from %s at %d seeds: %s. That does not show them equal: with so many"
                + " seeds, scattered as these, a true difference of %s would be found four times out"
                + " of five.")
            .formatted(unclear.get(0).baseline(), seeds, arms, Figures.of(detectable, decimals())));
  }

  private String tooFew(Comparison comparison) {
    int seeds = comparison.differences().seeds().size();
    return seeds == 0
        ? "%s and %s have no finished seed in common that both have a policy of within this drift."
            .formatted(comparison.arm(), comparison.baseline())
        : "%s differs from %s by %s at one seed: nothing is known of chance."
            .formatted(
                comparison.arm(), comparison.baseline(), signed(comparison.meanDifference()));
  }

  /** An interval of few seeds leans on a shape; the test that does not says little then. */
  private Optional<String> signFlip(AtLevel primary) {
    return primary.comparisons().stream()
        .filter(comparison -> comparison.inference().isPresent())
        .map(comparison -> comparison.differences().seeds().size())
        .min(Integer::compare)
        .filter(seeds -> SignFlip.smallestPossible(seeds) > 0.05)
        .map(
            seeds ->
                ("The intervals assume that differences over seeds scatter roughly evenly around"
                        + " their mean. The sign-flip test, which does not, cannot fall below p = %s"
                        + " with %d seeds: six is the least at which it could speak.")
                    .formatted(SignedFigures.probability(SignFlip.smallestPossible(seeds)), seeds));
  }

  /** Arms that are at a level only by standing still: their best reward stands for them. */
  String beyond(AtLevel level) {
    return level.level().beyond().isEmpty()
        ? ""
        : "most runs of "
            + String.join(", ", level.level().beyond())
            + " never drifted so far; their best reward within it stands";
  }

  private int decimals() {
    return view.reward().decimals();
  }

  private String signed(double value) {
    return SignedFigures.of(value, decimals());
  }
}
