package org.elasticreset.reward.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.RewardModelVersion;

/** A topic in memory; terms that share one follow each other. */
final class FakeAnnouncements implements Announcements {

  final List<RewardModelVersion> told = new ArrayList<>();
  boolean broken;

  @Override
  public Optional<RewardModelVersion> newest() {
    return told.isEmpty() ? Optional.empty() : Optional.of(told.get(told.size() - 1));
  }

  @Override
  public Optional<RewardModelVersion> adopted() {
    return told.stream().filter(RewardModelVersion::getAdopted).reduce((older, newer) -> newer);
  }

  @Override
  public void announce(RewardModelVersion version) {
    if (broken) {
      throw new IllegalStateException("killed before it was announced");
    }
    told.add(version);
  }

  @Override
  public void close() {}
}
