package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.elasticreset.proto.v1.AverageSnapshot;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Resume;
import org.junit.jupiter.api.Test;

class VersionLogTest {

  private static final ByteString A = ByteString.copyFromUtf8("a");
  private static final ByteString B = ByteString.copyFromUtf8("b");

  private final VersionLog begun = VersionLog.empty().served(version(1, 0, 0, A));

  @Test
  void numberOfAHeldVersionIsGivenBackIfItIsDiscarded() {
    var holding = begun.held(begun.next("run", 1, 0, B));

    assertThat(holding.held()).isEqualTo(2);
    assertThat(holding.highest()).isEqualTo(1);
    assertThat(holding.lost().held()).isZero();
    assertThat(holding.lost().next("run", 1, 0, A).getVersion()).isEqualTo(2);
  }

  @Test
  void snapshotThatWasHeldIsServedUnderItsOwnNumber() {
    assertThat(begun.wentBackTo(snapshot(2, 1, 0, B))).isEqualTo(version(2, 0, 1, B));
  }

  @Test
  void snapshotOfTheHighestVersionKeepsItsNumber() {
    assertThat(begun.wentBackTo(snapshot(1, 0, 0, A))).isEqualTo(version(1, 0, 0, A));
  }

  @Test
  void snapshotBehindServedVersionsGetsTheNextNumberAndNoLowerEpoch() {
    var later = begun.served(version(7, 2, 6, B));

    assertThat(later.wentBackTo(snapshot(3, 2, 1, A))).isEqualTo(version(8, 2, 2, A));
  }

  @Test
  void snapshotWhoseNumberWasGivenToOtherWeightsGetsANewOne() {
    var later = begun.served(version(2, 0, 1, A));

    assertThat(later.wentBackTo(snapshot(2, 1, 0, B))).isEqualTo(version(3, 0, 1, B));
    assertThat(later.servedAs(snapshot(2, 1, 0, B))).isEmpty();
  }

  @Test
  void updatesThatPublishedNothingCannotBeGoneOnFrom() {
    var point = Resume.newBuilder().setStep(0).setVersion(1).setDigest(A).build();

    assertThat(begun.standsAt(point)).isTrue();
    assertThat(begun.ticked(1).standsAt(point)).isFalse();
    assertThat(begun.lost().standsAt(point)).isFalse();
  }

  @Test
  void stepsDoNotGoBackwardsWithinAStepEither() {
    assertThat(begun.ticked(3).refusalOfUpdate(2, true))
        .contains("update of step 2 (expected: step 3 or a later one, as the update before it)");
    assertThat(begun.ticked(3).refusalOfUpdate(3, true)).isEmpty();
  }

  private static PolicyVersion version(long version, long epoch, long step, ByteString digest) {
    return PolicyVersion.newBuilder()
        .setRunId("run")
        .setVersion(version)
        .setResetEpoch(epoch)
        .setStep(step)
        .setDigest(digest)
        .build();
  }

  private static AverageSnapshot snapshot(long version, long step, long epoch, ByteString digest) {
    return AverageSnapshot.newBuilder()
        .setRunId("run")
        .setPolicyVersion(version)
        .setResetEpoch(epoch)
        .setStep(step)
        .setPolicyDigest(digest)
        .build();
  }
}
