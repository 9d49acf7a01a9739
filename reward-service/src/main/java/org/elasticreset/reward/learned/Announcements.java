package org.elasticreset.reward.learned;

import java.util.Optional;
import org.elasticreset.proto.v1.RewardModelVersion;

/** What is known on {@code reward-models}, to the one who may write it. */
interface Announcements extends AutoCloseable {

  /** The newest version, adopted or not. */
  Optional<RewardModelVersion> newest();

  /** The newest that is adopted, which scores. */
  Optional<RewardModelVersion> adopted();

  /** Tells of a version; behind it, it is the newest. */
  void announce(RewardModelVersion version);

  @Override
  void close();
}
