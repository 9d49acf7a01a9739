package org.elasticreset.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;

/**
 * What people preferred as pairs, as TRL reads them: of several responses each with each.
 *
 * @param rows of {@code prompt}, {@code chosen}, {@code rejected} and where they are from
 * @param ties pairs of which neither was preferred
 * @param empty pairs with a text that is blank, or with two that are the same
 * @param requests that the pairs are of
 * @param answers of raters that they are made of
 */
record PreferenceRows(List<ObjectNode> rows, int ties, int empty, int requests, long answers) {

  /** What becomes of pairs of which neither is preferred. */
  enum Ties {
    /** They are left out: TRL has no rows for them. */
    DROP,
    /** Two rows, one each way, between which a trainer learns no difference. */
    BOTH
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  PreferenceRows {
    rows = List.copyOf(rows);
  }

  /**
   * Makes rows.
   *
   * @param origin whether columns say where each is from
   */
  static PreferenceRows of(List<Preference> preferences, Ties how, boolean origin) {
    List<ObjectNode> rows = new ArrayList<>();
    int ties = 0;
    int empty = 0;
    long answers = 0;
    for (Preference preference : preferences) {
      answers += preference.getRaters();
      for (int i = 0; i < preference.getCandidatesCount(); i++) {
        for (int j = i + 1; j < preference.getCandidatesCount(); j++) {
          PreferredCandidate one = preference.getCandidates(i);
          PreferredCandidate other = preference.getCandidates(j);
          boolean tie = one.getValue() == other.getValue();
          if (isEmpty(preference.getPrompt(), one.getText(), other.getText())) {
            empty++;
          } else if (!tie) {
            boolean better = one.getValue() > other.getValue();
            rows.add(row(preference, better ? one : other, better ? other : one, origin));
          } else {
            ties++;
            if (how == Ties.BOTH) {
              rows.add(row(preference, one, other, origin));
              rows.add(row(preference, other, one, origin));
            }
          }
        }
      }
    }
    return new PreferenceRows(rows, ties, empty, preferences.size(), answers);
  }

  private static boolean isEmpty(String prompt, String one, String other) {
    return prompt.isBlank() || one.isBlank() || other.isBlank() || one.equals(other);
  }

  private static ObjectNode row(
      Preference preference,
      PreferredCandidate chosen,
      PreferredCandidate rejected,
      boolean origin) {
    ObjectNode row = JSON.objectNode();
    row.put("prompt", preference.getPrompt());
    row.put("chosen", chosen.getText());
    row.put("rejected", rejected.getText());
    if (origin) {
      row.put("run_id", preference.getRunId());
      row.put("request_id", preference.getRequestId());
      row.put("policy_version", preference.getPolicyVersion());
      row.put("raters", (long) preference.getRaters());
      row.put("chosen_value", chosen.getValue());
      row.put("rejected_value", rejected.getValue());
    }
    return row;
  }

  /** What came of it, in a line. */
  String summary(Ties how) {
    return String.format(
        Locale.ROOT,
        "%,d pairs of %,d requests and %,d answers; %,d ties %s; %,d left out (a text is blank, or both are the same)",
        rows.size(),
        requests,
        answers,
        ties,
        how == Ties.DROP ? "left out" : "both ways",
        empty);
  }
}
