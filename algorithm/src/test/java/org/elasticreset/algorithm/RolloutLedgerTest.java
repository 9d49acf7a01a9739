package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;

class RolloutLedgerTest {
  /**
   * Eight asked for: four trained, one evaluated, one discarded, two in flight of which one waits.
   */
  private final RolloutLedger ledger =
      received(RolloutLedger.empty().admit(8), 9)
          .train(4)
          .evaluate(1)
          .discard(1)
          .drop(DropReason.DUPLICATE)
          .drop(DropReason.UNKNOWN);

  @Example
  void booksThatBalancePass() {
    assertThatCode(() -> ledger.requireBalanced(2, 1)).doesNotThrowAnyException();
    assertThat(ledger.dropped())
        .containsOnlyKeys(DropReason.values())
        .containsEntry(DropReason.DUPLICATE, 1L)
        .containsEntry(DropReason.STALE_EPOCH, 0L);
  }

  @Example
  void aLostRolloutIsSaidWithAllFigures() {
    assertThatThrownBy(() -> ledger.requireBalanced(1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("admitted=8")
        .hasMessageContaining("in flight 1");
  }

  @Example
  void aRolloutThatWasUsedTwiceIsSaid() {
    assertThatThrownBy(() -> ledger.train(1).requireBalanced(1, 1))
        .hasMessageContaining("trained=5");
  }

  @Example
  void aRunThatGoesOnAdmitsAndReceivesAgainWhatWasInFlight() {
    RolloutLedger goesOn = ledger.withoutFlight(2, 1);

    assertThatCode(() -> goesOn.requireBalanced(0, 0)).doesNotThrowAnyException();
    assertThatCode(() -> received(goesOn.admit(2), 1).requireBalanced(2, 1))
        .doesNotThrowAnyException();
  }

  private static RolloutLedger received(RolloutLedger ledger, int copies) {
    RolloutLedger after = ledger;
    for (int copy = 0; copy < copies; copy++) {
      after = after.receive();
    }
    return after;
  }
}
