package org.elasticreset.desk;

import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RequestState;
import org.elasticreset.rating.Outcome;
import org.elasticreset.rating.Outcome.Decided;

/** What people decided of order questions, with what they decided it of. */
final class CasePreferences {

  private CasePreferences() {}

  /**
   * Puts down what now stands of a request.
   *
   * @return whether that differs from what stood of it before
   */
  static boolean put(RatingRequest request, Outcome outcome, RequestState.Builder state) {
    List<Double> values = List.of();
    int raters = 0;
    if (request.hasOrder() && outcome instanceof Decided decided) {
      values = decided.values();
      raters = decided.raters().size();
    }
    if (values.equals(state.getPreferredList()) && raters == state.getPreferredBy()) {
      return false;
    }
    state.clearPreferred().addAllPreferred(values).setPreferredBy(raters);
    return true;
  }

  /** What stands of a request; empty: nothing, or nothing any more. */
  static Optional<Preference> of(
      RatingCase asked, RatingRequest request, RequestState state, long now) {
    if (state.getPreferredCount() == 0) {
      return Optional.empty();
    }
    Preference.Builder preference =
        Preference.newBuilder()
            .setRunId(request.getRunId())
            .setRequestId(request.getRequestId())
            .setPrompt(request.getPrompt())
            .setRaters(state.getPreferredBy())
            .setPolicyVersion(asked.getRollouts(0).getRollout().getPolicyVersion())
            .setTargetStep(asked.getRollouts(0).getTargetStep())
            .setDecidedMillis(now);
    for (int i = 0; i < request.getCandidatesCount(); i++) {
      preference.addCandidates(
          PreferredCandidate.newBuilder()
              .setText(request.getCandidates(i).getText())
              .setValue(state.getPreferred(i)));
    }
    return Optional.of(preference.build());
  }
}
