package org.elasticreset.ema;

import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.Reset;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.TrainResponse;

/** What became of an update, in the words of the contract. */
final class Answers {

  private Answers() {}

  static TrainResponse to(UpdateAnswer answer) {
    var version = answer.newest();
    if (answer instanceof UpdateAnswer.WasReset reset) {
      return TrainResponse.newBuilder()
          .setReset(
              Reset.newBuilder()
                  .setVersion(version.getVersion())
                  .setResetEpoch(version.getResetEpoch())
                  .setReason(reset.reason())
                  .setTotalBytes(reset.adopted().weights().size())
                  .setTo(reset.toInitial() ? ResetTo.RESET_TO_INITIAL : ResetTo.RESET_TO_AVERAGE)
                  .setHeld(answer.held())
                  .setDigest(version.getDigest()))
          .build();
    }
    return TrainResponse.newBuilder()
        .setContinue(
            Continue.newBuilder()
                .setVersion(version.getVersion())
                .setResetEpoch(version.getResetEpoch())
                .setHeld(answer.held())
                .setDigest(version.getDigest()))
        .build();
  }
}
