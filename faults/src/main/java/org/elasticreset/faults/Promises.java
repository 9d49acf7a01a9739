package org.elasticreset.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/** What holds of every run, whatever befell it. Each check returns in words what does not. */
final class Promises {
  private Promises() {}

  /** All of them, of a run that has ended and on whose topics nothing was planted. */
  static List<String> broken(FaultyRun run, Outcome undisturbed) throws IOException {
    List<String> broken = new ArrayList<>();
    broken.addAll(Outcome.of(run.directory()).differencesFrom(undisturbed));
    broken.addAll(versionsNeverGoBackwards(run.witness().versions()));
    broken.addAll(accountsBalance(run.witness().end()));
    broken.addAll(eventsHaveNoGaps(run.witness().settledEvents()));
    for (Witness.DeadLetter letter : run.witness().deadLetters()) {
      broken.add("dead letter of " + letter.topic() + ": " + letter.reason());
    }
    return broken;
  }

  /** Versions and epochs as they were announced never go backwards. */
  static List<String> versionsNeverGoBackwards(List<PolicyVersion> announced) {
    List<String> broken = new ArrayList<>();
    for (int i = 1; i < announced.size(); i++) {
      PolicyVersion before = announced.get(i - 1);
      PolicyVersion after = announced.get(i);
      if (after.getVersion() < before.getVersion()
          || after.getResetEpoch() < before.getResetEpoch()) {
        broken.add(
            "policy-versions: version %d of epoch %d after version %d of epoch %d"
                .formatted(
                    after.getVersion(),
                    after.getResetEpoch(),
                    before.getVersion(),
                    before.getResetEpoch()));
      }
      if (after.getVersion() == before.getVersion()
          && !after.getDigest().equals(before.getDigest())) {
        broken.add("policy-versions: version " + after.getVersion() + " with two digests");
      }
    }
    return broken;
  }

  /** Both identities of {@link Accounting}, at the end of a run. */
  static List<String> accountsBalance(@Nullable TrainingEvent end) {
    if (end == null) {
      return List.of("training-events: no run_ended");
    }
    Accounting accounts = end.getRunEnded().getAccounting();
    long dropped = accounts.getDroppedMap().values().stream().mapToLong(Long::longValue).sum();
    long used = accounts.getTrained() + accounts.getEvaluated() + accounts.getDiscarded();
    List<String> broken = new ArrayList<>();
    if (accounts.getAdmitted() != used + accounts.getInFlight()) {
      broken.add("admitted is not trained + evaluated + discarded + in flight: " + accounts);
    }
    if (accounts.getReceived() != used + dropped + accounts.getWaiting()) {
      broken.add(
          "received is not trained + evaluated + discarded + dropped + waiting: " + accounts);
    }
    return broken;
  }

  /** Each number of an event once, without gaps, from 1. */
  static List<String> eventsHaveNoGaps(List<TrainingEvent> settled) {
    List<String> broken = new ArrayList<>();
    for (int i = 0; i < settled.size(); i++) {
      if (settled.get(i).getSequence() != i + 1) {
        broken.add(
            "training-events: number %d in place %d"
                .formatted(settled.get(i).getSequence(), i + 1));
      }
    }
    return broken;
  }
}
