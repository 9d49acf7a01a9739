package org.elasticreset.reward.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;

/**
 * What people prefer, as pairs of texts to learn from: any two candidates of a request of which one
 * has the higher value. Ties teach nothing, and neither do two equal texts. For one thread.
 */
final class PreferenceBook {

  private final String runId;

  /** By request, so that the same preferences are the same pairs in whatever order they came. */
  private final SortedMap<String, List<PreferencePair>> pairs = new TreeMap<>();

  private int size;

  PreferenceBook(String runId) {
    this.runId = runId;
  }

  /**
   * Puts down what is preferred of a request, in the place of what was before.
   *
   * @throws IllegalArgumentException naming the first field that cannot be used; then nothing of
   *     the request is left
   */
  void put(String requestId, Preference preference) {
    remove(requestId);
    check(requestId, preference);
    List<PreferencePair> ofRequest = pairs(preference);
    if (!ofRequest.isEmpty()) {
      pairs.put(requestId, ofRequest);
      size += ofRequest.size();
    }
  }

  /** Forgets what was taken back. */
  void remove(String requestId) {
    List<PreferencePair> before = pairs.remove(requestId);
    size -= before == null ? 0 : before.size();
  }

  /** Number of pairs. */
  int size() {
    return size;
  }

  /** A copy, in the order of request ids. */
  List<PreferencePair> pairs() {
    return pairs.values().stream().flatMap(List::stream).toList();
  }

  private void check(String requestId, Preference preference) {
    require(preference.getRunId().equals(runId), "run_id", preference.getRunId(), runId);
    require(
        preference.getRequestId().equals(requestId),
        "request_id",
        preference.getRequestId(),
        requestId + ", the key");
    require(
        preference.getCandidatesCount() >= 2,
        "candidates",
        preference.getCandidatesCount(),
        "at least 2");
    for (PreferredCandidate candidate : preference.getCandidatesList()) {
      double value = candidate.getValue();
      require(value >= 0 && value <= 1, "candidates.value", value, "0 to 1");
    }
  }

  private static List<PreferencePair> pairs(Preference preference) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (PreferredCandidate chosen : preference.getCandidatesList()) {
      for (PreferredCandidate rejected : preference.getCandidatesList()) {
        if (chosen.getValue() > rejected.getValue()
            && !chosen.getText().equals(rejected.getText())) {
          pairs.add(
              new PreferencePair(
                  preference.getPrompt(), chosen.getText(), rejected.getText(), Optional.empty()));
        }
      }
    }
    return pairs;
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          field + ": " + Untrusted.shown(value + " (expected: " + expected + ")"));
    }
  }
}
