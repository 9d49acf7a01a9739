package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The choice of a reward and a drift on a page, which works without a script. */
record Choices(List<Measure> rewards, List<Measure> drifts) {
  Choices {
    rewards = List.copyOf(rewards);
    drifts = List.copyOf(drifts);
  }

  /** What a template lists; the first is chosen. */
  static List<Map<String, Object>> rows(List<Measure> measures) {
    List<Map<String, Object>> choices = new ArrayList<>();
    for (Measure measure : measures) {
      choices.add(
          Map.of("key", measure.key(), "name", measure.name(), "checked", choices.isEmpty()));
    }
    return choices;
  }

  /** Which view the choices show, and which choice looks chosen. */
  String css() {
    StringBuilder css = new StringBuilder();
    for (Measure reward : rewards) {
      for (Measure drift : drifts) {
        css.append(
            "#r-%1$s:checked~#d-%2$s:checked~.v-%1$s-%2$s{display:block}\n"
                .formatted(reward.key(), drift.key()));
      }
      css.append(chosen("r-" + reward.key()));
    }
    drifts.forEach(drift -> css.append(chosen("d-" + drift.key())));
    return css.toString();
  }

  private static String chosen(String id) {
    return ("#%1$s:checked~.choices label[for=%1$s]{background:var(--reward);color:var(--page);"
            + "border-color:var(--reward)}#%1$s:focus-visible~.choices label[for=%1$s]"
            + "{outline:2px solid var(--ink)}\n")
        .formatted(id);
  }
}
