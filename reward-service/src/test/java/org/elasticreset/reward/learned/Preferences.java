package org.elasticreset.reward.learned;

import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;

/** Preferences for tests. */
final class Preferences {

  static final String RUN = "test-run";

  private Preferences() {}

  static Preference of(String request, String prompt, String better, String worse) {
    return of(request, prompt).addCandidates(text(worse, 0)).addCandidates(text(better, 1)).build();
  }

  static Preference.Builder of(String request, String prompt) {
    return Preference.newBuilder()
        .setRunId(RUN)
        .setRequestId(request)
        .setPrompt(prompt)
        .setRaters(1);
  }

  static PreferredCandidate text(String text, double value) {
    return PreferredCandidate.newBuilder().setText(text).setValue(value).build();
  }
}
