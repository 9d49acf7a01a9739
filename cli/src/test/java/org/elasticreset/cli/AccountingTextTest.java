package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.elasticreset.proto.v1.Accounting;
import org.junit.jupiter.api.Test;

class AccountingTextTest {
  @Test
  void lineIsTheSumThatHolds() {
    Accounting accounting =
        Accounting.newBuilder()
            .setAdmitted(1_280)
            .setReceived(1_283)
            .setTrained(1_240)
            .setEvaluated(40)
            .putDropped("duplicate", 3)
            .putDropped("stale-epoch", 0)
            .build();

    assertThat(AccountingText.line(accounting))
        .isEqualTo(
            "rollouts: admitted 1,280 = trained 1,240 + evaluated 40; dropped copies: 3 duplicate");
    assertThat(AccountingText.json(accounting).toString())
        .isEqualTo(
            "{\"admitted\":1280,\"received\":1283,\"trained\":1240,\"evaluated\":40,"
                + "\"discarded\":0,\"dropped\":{\"duplicate\":3,\"stale-epoch\":0},"
                + "\"in_flight\":0,\"waiting\":0}");
  }

  @Test
  void whatWasDiscardedOrIsUnderWayIsNamed() {
    Accounting accounting =
        Accounting.newBuilder()
            .setAdmitted(96)
            .setTrained(32)
            .setDiscarded(32)
            .setInFlight(32)
            .build();

    assertThat(AccountingText.line(accounting))
        .isEqualTo(
            "rollouts: admitted 96 = trained 32 + evaluated 0 + discarded 32 + in flight 32");
  }
}
