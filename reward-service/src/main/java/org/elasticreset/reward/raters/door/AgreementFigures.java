package org.elasticreset.reward.raters.door;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.elasticreset.rating.Agreement;
import org.jspecify.annotations.Nullable;

/** How far raters agree. It is not computed anew whenever somebody looks. */
final class AgreementFigures {

  private static final Duration KEPT = Duration.ofSeconds(10);

  private final AgreementWindow window;
  private final Raters raters;
  private final Clock clock;
  private @Nullable Agreement newest;
  private Instant computed = Instant.MIN;

  AgreementFigures(AgreementWindow window, Raters raters, Clock clock) {
    this.window = window;
    this.raters = raters;
    this.clock = clock;
  }

  /** Of all raters: Krippendorff's α, NaN if it cannot be told. */
  double alpha() {
    return agreement().krippendorffAlpha().orElse(Double.NaN);
  }

  /** Of one with the others: Cohen's κ. */
  OptionalDouble kappa(String raterId) {
    return agreement().cohenKappa(raterId);
  }

  private synchronized Agreement agreement() {
    Instant now = clock.instant();
    Agreement agreement = newest;
    if (agreement == null || computed.plus(KEPT).isBefore(now)) {
      agreement = window.agreement(raters.muted());
      newest = agreement;
      computed = now;
    }
    return agreement;
  }
}
