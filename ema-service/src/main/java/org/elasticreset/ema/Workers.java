package org.elasticreset.ema;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.WorkerStatus;

/**
 * Which version each worker was sent last, by what the workers call themselves. One that is started
 * again under its name takes its place. One that fetches nothing although newer versions are there
 * is forgotten after a while: it was scaled away, or has another name now. Of names, which a caller
 * may make up, there is a bound, and who has been away longest goes first.
 */
final class Workers {

  static final int MOST = 256;
  static final Duration AWAY = Duration.ofMinutes(10);

  private static final int LONGEST_NAME = 100;

  private record Seen(PolicyVersion version, Instant at) {}

  private final Clock clock;
  private final Map<String, Seen> seen = new HashMap<>();

  Workers(Clock clock) {
    this.clock = clock;
  }

  /** The worker of this name has been sent all of this version. */
  synchronized void fetched(String name, PolicyVersion version) {
    if (name.isBlank()) {
      return;
    }
    String shown = Untrusted.shown(name);
    seen.put(
        shown.length() <= LONGEST_NAME ? shown : shown.substring(0, LONGEST_NAME) + "…",
        new Seen(version, clock.instant()));
    if (seen.size() > MOST) {
      seen.entrySet().stream()
          .min(Comparator.comparing(entry -> entry.getValue().at()))
          .ifPresent(oldest -> seen.remove(oldest.getKey()));
    }
  }

  /**
   * Those who are there, by name.
   *
   * @param newest the version that is served; who has it is there, however long ago it fetched it
   */
  synchronized List<WorkerStatus> known(long newest) {
    Instant away = clock.instant().minus(AWAY);
    seen.values().removeIf(one -> one.version().getVersion() < newest && one.at().isBefore(away));
    return seen.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> status(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static WorkerStatus status(String name, Seen seen) {
    return WorkerStatus.newBuilder()
        .setName(name)
        .setVersion(seen.version().getVersion())
        .setResetEpoch(seen.version().getResetEpoch())
        .setFetchedMillis(seen.at().toEpochMilli())
        .build();
  }
}
