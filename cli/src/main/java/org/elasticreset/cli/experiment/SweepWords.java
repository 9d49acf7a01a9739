package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.elasticreset.cli.Figures;
import org.elasticreset.cli.experiment.SweptView.Ranked;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.MainEffect;
import org.elasticreset.evidence.MainEffect.Influence;
import org.elasticreset.evidence.Verdict;

/** Guidance out of a sweep, each sentence of it computed: what to set first, and what is flat. */
final class SweepWords {
  private final SweptView view;

  SweepWords(SweptView view) {
    this.view = view;
  }

  /** What was measured of a run. */
  String response() {
    return "the best "
        + view.reward().name()
        + " within "
        + view.drift().amount(view.level())
        + (view.isPlanned()
            ? ", as the experiment's file names it (verdict-at)"
            : ", as far as half of the combinations went (chosen from drifts alone)")
        + ". A combination that"
        + " never drifted so far is there with the best that it got";
  }

  /** The guidance, in the order of its use. */
  List<String> guidance() {
    if (view.effects().isEmpty()) {
      return List.of(
          "Fewer than four runs have finished: there is nothing to say about settings yet.");
    }
    List<String> sentences = new ArrayList<>();
    first(sentences);
    flat(sentences);
    unclear(sentences);
    share(sentences);
    best(sentences);
    return sentences;
  }

  private List<MainEffect> of(Influence influence) {
    return view.effects().stream().filter(effect -> effect.influence() == influence).toList();
  }

  private void first(List<String> sentences) {
    List<MainEffect> matter = of(Influence.MATTERS);
    if (matter.isEmpty()) {
      sentences.add(
          "No setting is shown to matter by itself at so many runs: nothing here says which to set"
              + " first.");
      return;
    }
    for (MainEffect effect : matter) {
      MainEffect.Level best = effect.best();
      sentences.add(
          "%s %s: it explains %s of the variance between runs (95 %% interval %s to %s), and its best value, %s, has %s more %s than its worst."
              .formatted(
                  effect == matter.get(0) ? "Set first" : "Then set",
                  effect.setting(),
                  percent(effect.share()),
                  percent(effect.shareInterval().low()),
                  percent(effect.shareInterval().high()),
                  value(effect.setting(), best),
                  Figures.of(effect.range(), decimals()),
                  view.reward().name()));
    }
  }

  private void flat(List<String> sentences) {
    String flat =
        of(Influence.FLAT).stream()
            .map(
                effect ->
                    effect.setting()
                        + " (at most "
                        + percent(effect.shareInterval().high())
                        + " of the variance)")
            .collect(Collectors.joining(", "));
    if (!flat.isEmpty()) {
      sentences.add("Flat within noise, by itself: " + flat + ".");
    }
  }

  private void unclear(List<String> sentences) {
    String unclear =
        of(Influence.UNCLEAR).stream()
            .map(
                effect ->
                    effect.setting()
                        + " ("
                        + percent(effect.share())
                        + ", "
                        + percent(effect.shareInterval().low())
                        + " to "
                        + percent(effect.shareInterval().high())
                        + ")")
            .collect(Collectors.joining(", "));
    if (!unclear.isEmpty()) {
      sentences.add(
          "Neither shown to matter nor shown to be small: " + unclear + ". More seeds would tell.");
    }
  }

  private void share(List<String> sentences) {
    view.shareEffect()
        .ifPresent(
            effect ->
                sentences.add(
                    "The share of the initial policy that a reset adopts, ηⁿ, which interval and decay make together, by itself explains %s (%s to %s)%s."
                        .formatted(
                            percent(effect.share()),
                            percent(effect.shareInterval().low()),
                            percent(effect.shareInterval().high()),
                            effect.influence() == Influence.MATTERS
                                ? "; the best runs adopted %s of it"
                                    .formatted(shares(effect.best()))
                                : ", which is not shown to be more than chance")));
  }

  private static String shares(MainEffect.Level level) {
    return level.low() == level.high()
        ? Figures.percent(level.low())
        : Figures.percent(level.low()) + " to " + Figures.percent(level.high());
  }

  private void best(List<String> sentences) {
    List<Ranked> ranking = view.ranking();
    if (ranking.size() < 2) {
      return;
    }
    Ranked best = ranking.get(0);
    Ranked second = ranking.get(1);
    StringBuilder text = new StringBuilder();
    text.append(
        "The best combination is %s, with %s; the runner-up, %s, has %s."
            .formatted(
                words(best.cell().values()),
                Figures.of(best.mean(), decimals()),
                words(second.cell().values()),
                Figures.of(second.mean(), decimals())));
    long alike =
        ranking.stream()
            .skip(1)
            .filter(
                each ->
                    each.besideBest().map(Comparison::verdict).orElse(Verdict.TOO_FEW_SEEDS)
                        != Verdict.WORSE)
            .count();
    Verdict verdict = second.besideBest().map(Comparison::verdict).orElse(Verdict.TOO_FEW_SEEDS);
    if (verdict == Verdict.WORSE) {
      text.append(" It is better than the runner-up beyond chance");
    } else if (verdict == Verdict.TOO_FEW_SEEDS) {
      text.append(" With fewer than two seeds in common nothing says that it is really better");
    } else {
      text.append(
          " The two cannot be told apart at %d seeds%s"
              .formatted(
                  best.seeds(),
                  alike > 1
                      ? ", nor can %d of the other %d from the best"
                          .formatted(alike - 1, ranking.size() - 2)
                      : ""));
    }
    text.append(
        "; the best of many is partly the luckiest, so run it beside the defaults with new seeds.");
    sentences.add(text.toString());
  }

  static String words(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** A value of a setting, or a range of them; shares are shown as such. */
  static String value(String setting, MainEffect.Level level) {
    if (setting.equals(SweptView.INITIAL_SHARE)) {
      return shares(level);
    }
    return level.low() == level.high()
        ? number(level.low())
        : number(level.low()) + " to " + number(level.high());
  }

  static String number(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(3))
        .stripTrailingZeros()
        .toPlainString();
  }

  static String percent(double share) {
    return Figures.of(100 * share, 0) + " %";
  }

  private int decimals() {
    return view.reward().decimals();
  }
}
