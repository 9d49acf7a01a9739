package org.elasticreset.ema;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.proto.v1.PendingReset;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.tracing.Spans;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a run as they are served, held and kept: does what {@link VersionLog} decides, on
 * the disk first and then for everybody. Where the disk fails it throws, and nothing has changed
 * for anybody. One writer; {@link #view} may be read by all.
 */
final class Versions {

  private static final Logger LOG = Logger.getLogger(Versions.class);

  private final Snapshots snapshots;
  private final int keep;
  private final boolean serveAverages;
  private final UnaryOperator<ElasticReset.State> decided;

  private VersionLog log = VersionLog.empty();
  private @Nullable PublishedPolicy held;
  private Optional<PendingReset> pending = Optional.empty();
  private volatile View view = View.empty();
  private volatile long goBacks;

  /**
   * Of a directory.
   *
   * @param keep newest versions that stay served
   * @param serveAverages whether the averages behind them do, too
   * @param decided adds to the state of a snapshot what persons have decided behind it
   */
  Versions(
      Snapshots snapshots,
      int keep,
      boolean serveAverages,
      UnaryOperator<ElasticReset.State> decided) {
    this.snapshots = snapshots;
    this.keep = keep;
    this.serveAverages = serveAverages;
    this.decided = decided;
  }

  /**
   * Serves the newest intact policy that was served before.
   *
   * @param layout of the run; empty if it has not begun
   * @return what is damaged, in words
   */
  List<String> load(Optional<PolicyLayout> layout) throws IOException {
    pending = snapshots.requested();
    log = new VersionLog(snapshots.served(), Optional.empty(), 0);
    view = view.counted(new ElasticReset.State(0, 0, 0, pending.map(Versions::request)));
    var steps = snapshots.steps();
    boolean trained = steps.stream().anyMatch(step -> step > 0);
    if (layout.isEmpty()
        ? log.served().isPresent() || !steps.isEmpty()
        : trained && log.served().isEmpty()) {
      throw new IOException(
          "ema.directory: %s has no %s, but snapshots of steps %s (expected: all that the ema-service wrote there)"
              .formatted(snapshots, layout.isEmpty() ? "initial" : "served.txtpb", steps));
    }
    var damaged = new ArrayList<String>();
    for (long step : steps) {
      try {
        var snapshot = snapshots.read(step, layout.orElseThrow());
        var servedAs = log.servedAs(snapshot.state());
        if (servedAs.isPresent()) {
          show(snapshot, servedAs.get(), layout.orElseThrow());
          return damaged;
        }
      } catch (DamagedCheckpointException e) {
        damaged.add(String.valueOf(e.getMessage()));
      }
    }
    return damaged;
  }

  private void show(Snapshot snapshot, PolicyVersion version, PolicyLayout layout) {
    view = view.serving(reset(snapshot, version), published(snapshot, version, layout), keep);
  }

  private PublishedPolicy published(Snapshot snapshot, PolicyVersion version, PolicyLayout layout) {
    return new PublishedPolicy(
        version,
        layout,
        snapshot.policy(),
        serveAverages
            ? Optional.of(PublishedPolicy.Average.copyOf(snapshot.average()))
            : Optional.empty());
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

  /** An operator wants a reset; known across a restart. */
  void request(ElasticReset.State reset, ResetRequest request) throws IOException {
    var asked =
        PendingReset.newBuilder()
            .setResetEpoch(reset.resetEpoch())
            .setRequestedBy(request.requestedBy())
            .setReason(request.reason())
            .build();
    snapshots.request(asked);
    pending = Optional.of(asked);
    view = view.counted(reset);
  }

  /** An operator refused a reset; the next snapshot knows it. */
  void decided(ElasticReset.State reset) {
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
    if (reset.request().isEmpty() && pending.isPresent()) {
      pending = Optional.empty();
      snapshots.requestIsMet();
    }
  }

  /** Makes a snapshot of a version, for whose release everybody has to wait. */
  void hold(ElasticReset.State reset, PublishedPolicy policy, Weights average) throws IOException {
    Spans.within(
        "snapshot",
        () -> snapshots.write(Snapshot.of(policy.version(), reset, policy.weights(), average)));
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
    serve(reset(snapshot, version), published(snapshot, version, layout));
    goBacks++;
    LOG.infof(
        "went back step=%d version=%d served_as=%d epoch=%d",
        snapshot.state().getStep(),
        snapshot.state().getPolicyVersion(),
        version.getVersion(),
        version.getResetEpoch());
  }

  /** The counters behind a snapshot; a reset that was asked for is due unless it is behind, too. */
  private ElasticReset.State reset(Snapshot snapshot, PolicyVersion version) {
    long epoch = snapshot.state().getResetEpoch();
    return decided.apply(
        snapshot.reset(
            version.getResetEpoch(),
            pending.filter(asked -> asked.getResetEpoch() >= epoch).map(Versions::request)));
  }

  private static ResetRequest request(PendingReset pending) {
    return new ResetRequest(pending.getRequestedBy(), pending.getReason());
  }

  /** Discards step 0, which is going to be uploaded again. */
  void forget() throws IOException {
    lose();
    snapshots.retain(Set.of());
    long epoch = log.served().map(PolicyVersion::getResetEpoch).orElse(0L);
    view = view.counted(new ElasticReset.State(0, 0, epoch, pending.map(Versions::request)));
  }

  /** There is nothing in memory any more that an update could follow. What is served stays so. */
  void lose() {
    log = log.lost();
    held = null;
    view = view.holdingNothing();
  }
}
