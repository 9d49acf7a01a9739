package org.elasticreset.ema;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a run as they are served, held and kept: does what {@link VersionLog} decides, on
 * the disk first and then for everybody. Where the disk fails it throws, and nothing has changed
 * for anybody. One writer; {@link #view} may be read by all.
 */
final class Versions {

  private final Snapshots snapshots;
  private final int keep;

  private VersionLog log = VersionLog.empty();
  private @Nullable PublishedPolicy held;
  private volatile View view = View.empty();
  private volatile long goBacks;

  /**
   * Of a directory.
   *
   * @param keep newest versions that stay served
   */
  Versions(Snapshots snapshots, int keep) {
    this.snapshots = snapshots;
    this.keep = keep;
  }

  /**
   * Serves the newest intact policy that was served before.
   *
   * @return what is damaged, in words
   */
  List<String> load(PolicyLayout layout) throws IOException {
    log = new VersionLog(snapshots.served(), Optional.empty(), 0);
    var damaged = new ArrayList<String>();
    for (long step : snapshots.steps()) {
      try {
        var snapshot = snapshots.read(step, layout);
        var servedAs = log.servedAs(snapshot.state());
        if (servedAs.isPresent()) {
          var version = servedAs.get();
          var policy = new PublishedPolicy(version, layout, snapshot.policy());
          view =
              view.serving(snapshot.reset(version.getResetEpoch(), Optional.empty()), policy, keep);
          return damaged;
        }
      } catch (DamagedCheckpointException e) {
        damaged.add(String.valueOf(e.getMessage()));
      }
    }
    return damaged;
  }

  VersionLog log() {
    return log;
  }

  View view() {
    return view;
  }

  /** How often the run went back to a snapshot. */
  long goBacks() {
    return goBacks;
  }

  /** The counters moved, and no version is published. */
  void count(ElasticReset.State reset, long step) {
    log = log.ticked(step);
    view = view.counted(reset);
  }

  /** An operator wants a reset. */
  void request(ElasticReset.State reset) {
    view = view.counted(reset);
  }

  /** Serves a version that has no snapshot. */
  void serve(ElasticReset.State reset, PublishedPolicy policy) throws IOException {
    if (!log.served().equals(Optional.of(policy.version()))) {
      snapshots.serve(policy.version());
    }
    log = log.served(policy.version());
    held = null;
    view = view.serving(reset, policy, keep);
  }

  /** Makes a snapshot of a version, for whose release everybody has to wait. */
  void hold(ElasticReset.State reset, PublishedPolicy policy, Weights average) throws IOException {
    snapshots.write(Snapshot.of(policy.version(), reset, policy.weights(), average));
    log = log.held(policy.version());
    held = policy;
    view = view.holding(reset, policy.version());
  }

  /** Serves the version that is held, if one is. */
  void release() throws IOException {
    if (held != null) {
      serve(view.reset(), held);
    }
  }

  /** Deletes the snapshots of all other steps. */
  void retain(List<Long> steps) throws IOException {
    Set<Long> kept = new HashSet<>(steps);
    log.stands().ifPresent(policy -> kept.add(policy.getStep()));
    snapshots.retain(kept);
  }

  /**
   * Serves the policy of a snapshot, under its own number or the next one; what is behind it is
   * discarded.
   */
  void goBack(Snapshot snapshot, PolicyLayout layout) throws IOException {
    lose();
    // Snapshots of what is abandoned go first: their numbers may be given to other weights.
    snapshots.discardBeyond(snapshot.state().getStep());
    var version = log.wentBackTo(snapshot.state());
    serve(
        snapshot.reset(version.getResetEpoch(), view.reset().request()),
        new PublishedPolicy(version, layout, snapshot.policy()));
    goBacks++;
  }

  /** Discards step 0, which is going to be uploaded again. */
  void forget() throws IOException {
    lose();
    snapshots.retain(Set.of());
    long epoch = log.served().map(PolicyVersion::getResetEpoch).orElse(0L);
    view = view.counted(new ElasticReset.State(0, 0, epoch, view.reset().request()));
  }

  /** There is nothing in memory any more that an update could follow. What is served stays so. */
  void lose() {
    log = log.lost();
    held = null;
    view = view.holdingNothing();
  }
}
