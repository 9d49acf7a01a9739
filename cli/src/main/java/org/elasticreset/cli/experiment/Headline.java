package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.elasticreset.cli.Figures;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.Verdict;

/** The comparison in three sentences: at equal drift, at the end, and what is missing. */
final class Headline {
  private Headline() {}

  static List<String> of(ComparedArms compared, List<ComparedView> views) {
    List<String> sentences = new ArrayList<>();
    ComparedView view = views.get(0);
    if (view.primary().isEmpty()) {
      sentences.add(view.problem());
    } else {
      ComparedView.AtLevel primary = view.primary().get();
      sentences.add(
          "At equal drift ("
              + view.drift().amount(primary.level().drift())
              + "), beside "
              + compared.baseline()
              + ": "
              + named(primary, Verdict.BETTER, "more reward")
              + named(primary, Verdict.WORSE, "less reward")
              + named(primary, Verdict.NOT_DISTINGUISHABLE, "no difference shown")
              + named(primary, Verdict.TOO_FEW_SEEDS, "too few seeds to say")
              + "the front below shows what each gets for its drift.");
    }
    String ends =
        compared.names().stream()
            .filter(arm -> !compared.lastOf(arm).isEmpty())
            .map(arm -> end(compared, arm))
            .collect(Collectors.joining("; "));
    if (!ends.isEmpty()) {
      sentences.add("At the last step: " + ends + ".");
    }
    return sentences;
  }

  private static String named(ComparedView.AtLevel level, Verdict verdict, String words) {
    List<Comparison> arms =
        level.comparisons().stream().filter(each -> each.verdict() == verdict).toList();
    if (arms.isEmpty()) {
      return "";
    }
    return words
        + " for "
        + arms.stream()
            .map(each -> each.arm() + " (" + SignedFigures.of(each.meanDifference(), 3) + ")")
            .collect(Collectors.joining(", "))
        + "; ";
  }

  private static String end(ComparedArms compared, String arm) {
    String reward =
        compared
            .atEnd(arm, Measure.REWARDS.get(0))
            .map(spread -> "reward " + Figures.of(spread.mean(), 3))
            .orElse("no reward");
    String drift =
        compared
            .atEnd(arm, Measure.DRIFTS.get(0))
            .map(spread -> " at " + Figures.of(spread.mean(), 1) + " nats")
            .orElse("");
    return arm + " has " + reward + drift;
  }
}
