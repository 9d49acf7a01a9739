package org.elasticreset.ema;

import static io.grpc.Status.ABORTED;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetDecision.Reset;
import org.elasticreset.algorithm.ResetDecision.ResetToInitial;
import org.elasticreset.ema.PublishedPolicy.Average;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Release;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.tracing.Spans;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run: initial weights θ₀, average θ̄, and the versions of the policy. Updates come
 * from one learner, one at a time; readers see a {@link View} that no update changes.
 *
 * <p>There is one learner. The newer {@code OpenRun} of a run wins and ends the stream of the older
 * one, so that a learner that died without saying so does not lock out its successor.
 *
 * <p>Methods refuse with a {@link StatusRuntimeException} that says the value and what was
 * expected; a refusal changes nothing. Where the disk fails, the average may have an update that
 * the disk has not: then nothing follows until a learner opens the run at a point that is on it.
 */
final class AveragedPolicy {

  private static final Logger LOG = Logger.getLogger(AveragedPolicy.class);

  /** The weights behind the served ones. The average is written at every update. */
  private record Averages(Weights initial, Weights average) {}

  private final RunStart start;
  private final ExponentialAverage exponentialAverage;
  private final ElasticReset elasticReset;
  private final Snapshots snapshots;
  private final Versions versions;
  private final Pause pause;
  private final AuditLog audit;
  private final Operators operators;
  private final boolean serveAverages;
  private final KeptPolicies kept;

  private @Nullable Learner learner;
  private @Nullable OpenRun run;
  private @Nullable Averages averages;
  private @Nullable String failure;

  /** Whose audit events nobody listens to. */
  AveragedPolicy(EmaSettings settings, Snapshots snapshots) {
    this(settings, snapshots, event -> {});
  }

  AveragedPolicy(EmaSettings settings, Snapshots snapshots, AuditTopic auditTopic) {
    this.start = new RunStart(settings);
    this.exponentialAverage = settings.average();
    this.elasticReset = settings.elasticReset();
    this.snapshots = snapshots;
    this.pause = new Pause(settings.directory());
    this.kept = new KeptPolicies(snapshots);
    this.audit =
        new AuditLog(
            settings.runId(),
            new AuditJournal(settings.directory()),
            auditTopic,
            Clock.systemUTC());
    this.versions =
        new Versions(
            snapshots,
            settings.keepVersions(),
            settings.serveAverages(),
            state -> audit.decisions(state.resetEpoch()).applied(elasticReset, state));
    this.operators = new Operators(this, start, elasticReset, versions, pause, audit);
    this.serveAverages = settings.serveAverages();
  }

  /**
   * Serves the newest intact policy on the disk that was served before, so that workers go on while
   * the learner is away. Before anything else.
   *
   * @return what is damaged, in words
   */
  synchronized List<String> load() throws IOException {
    snapshots.clean();
    audit.load();
    pause.load();
    pause.follow(audit.lastWordOnPause());
    var begun = snapshots.run();
    if (begun.isPresent() && !begun.get().getRunId().equals(start.runId())) {
      throw new IOException(
          "ema.directory: %s holds run %s (expected: run %s, or an empty directory)"
              .formatted(snapshots, begun.get().getRunId(), start.runId()));
    }
    return versions.load(begun.map(RunStart::layout));
  }

  View view() {
    return versions.view();
  }

  /** A version that was served and is no longer in memory, if its snapshot is kept. */
  Optional<PublishedPolicy> kept(long version) {
    return kept.find(version, view().version());
  }

  /** How often the run went back to a snapshot. */
  long goBacks() {
    return versions.goBacks();
  }

  Snapshots snapshots() {
    return snapshots;
  }

  /** Opens the run, for this learner alone, at a point that both can go on from. */
  synchronized RunOpened open(Learner opening, OpenRun request) {
    var layout = start.require(request);
    var opened = request.toBuilder().clearResume().build();
    try {
      var point = start.point(request, versions.log(), failure == null, snapshots);
      takeOver(opening, opened);
      if (point instanceof StartingPoint.InMemory) {
        versions.release();
      } else if (point instanceof StartingPoint.OnDisk onDisk) {
        averages = null;
        audit.nothingObserved();
        versions.goBack(onDisk.snapshot(), layout);
        averages = new Averages(onDisk.initial(), onDisk.snapshot().average());
      } else {
        averages = null;
        audit.nothingObserved();
        versions.forget();
      }
    } catch (IOException e) {
      var refusal = Refusals.disk("open_run", e);
      throw learner == opening ? failed(refusal) : refusal;
    }
    audit.publishAll();
    var reset = view().reset();
    return RunOpened.newBuilder()
        .setRunId(opened.getRunId())
        .setVersion(versions.log().stands().map(PolicyVersion::getVersion).orElse(0L))
        .setResetEpoch(reset.resetEpoch())
        .setUpdatesSinceReset(reset.updatesSinceReset())
        .build();
  }

  private void takeOver(Learner opening, OpenRun opened) {
    if (learner != null && learner != opening) {
      learner.superseded();
    }
    learner = opening;
    run = opened;
    failure = null;
  }

  /** The learner's stream ended. */
  synchronized void close(Learner closing) {
    if (learner == closing) {
      learner = null;
    }
  }

  /** Refuses an update that cannot follow, before its weights travel. */
  synchronized void check(Learner updating, Update header) {
    requireCurrent(updating);
    Upload.observed(header);
    Refusals.throwIfAny(versions.log().refusalOfUpdate(header.getStep(), header.getPublish()));
  }

  /**
   * Takes a complete upload: into the average, and, if it is published, among the versions; then
   * resets, if that is due. What the answer says is on the disk when this returns.
   *
   * <p>The state keeps the upload's weights if the update is published.
   */
  synchronized UpdateAnswer take(Learner updating, Upload upload) {
    check(updating, upload.header());
    var opened = Objects.requireNonNull(run);
    var weights = upload.finite(RunStart.layout(opened));
    try {
      return averages == null
          ? begin(opened, upload, weights)
          : update(opened, averages, upload, weights);
    } catch (IOException e) {
      // The average has this update and the disk has not.
      averages = null;
      versions.lose();
      throw failed(Refusals.disk("update of step " + upload.header().getStep(), e));
    }
  }

  private UpdateAnswer begin(OpenRun opened, Upload upload, Weights weights) throws IOException {
    var digest = upload.digest();
    if (!opened.getInitialDigest().equals(ByteString.copyFrom(digest))) {
      throw Refusals.invalid("initial policy: other weights than initial_digest of open_run says");
    }
    snapshots.begin(opened, weights);
    var started = new Averages(weights, weights.copy());
    var reset = view().reset();
    var policy = policy(opened, upload.header(), reset, weights, digest, started);
    return publish(upload.header(), reset, policy, started);
  }

  private UpdateAnswer update(OpenRun opened, Averages current, Upload upload, Weights weights)
      throws IOException {
    var header = upload.header();
    boolean requested = view().reset().request().isPresent();
    Spans.within("average", () -> current.average().average(exponentialAverage, weights));
    var transition = elasticReset.decide(view().reset(), Upload.observed(header));
    var next = transition.next();
    if (!header.getPublish()) {
      versions.count(next, header.getStep());
      return new UpdateAnswer.Continued(versions.log().stands().orElseThrow(), false, false);
    }
    audit.observed(header);
    if (transition.decision() instanceof Reset reset) {
      boolean toInitial = reset instanceof ResetToInitial;
      var adopted = toInitial ? current.initial() : current.average();
      // The learner drops these weights, too; their memory is the new average's.
      weights.set(current.initial());
      var restarted = new Averages(current.initial(), weights);
      var policy = policy(opened, header, next, adopted, adopted.digest(), restarted);
      audit.byService(AuditLog.DONE, reset.reason(), policy.version(), reset.updatesSinceReset());
      // Held whatever the learner asked for: no version behind a reset may be lost across it.
      versions.hold(next, policy, restarted.average());
      averages = restarted;
      return new UpdateAnswer.WasReset(policy, toInitial, reset.reason(), requested);
    }
    boolean proposes = next.proposal().isPresent() && view().reset().proposal().isEmpty();
    var policy = policy(opened, header, next, weights, upload.digest(), current);
    if (proposes) {
      audit.byService(
          AuditLog.PROPOSED,
          next.proposal().get().reason(),
          policy.version(),
          next.updatesSinceReset());
    }
    return publish(header, next, policy, current);
  }

  private UpdateAnswer publish(
      Update header, ElasticReset.State next, PublishedPolicy policy, Averages behind)
      throws IOException {
    if (header.getCheckpoint()) {
      versions.hold(next, policy, behind.average());
    } else {
      versions.serve(next, policy);
    }
    averages = behind;
    return new UpdateAnswer.Continued(policy.version(), true, header.getCheckpoint());
  }

  private PublishedPolicy policy(
      OpenRun opened,
      Update header,
      ElasticReset.State next,
      Weights weights,
      byte[] digest,
      Averages behind) {
    var version =
        versions
            .log()
            .next(
                start.runId(),
                header.getStep(),
                next.resetEpoch(),
                UnsafeByteOperations.unsafeWrap(digest));
    return new PublishedPolicy(
        version,
        RunStart.layout(opened),
        weights,
        serveAverages ? Optional.of(Average.copyOf(behind.average())) : Optional.empty());
  }

  /**
   * The learner's checkpoint is durable: serves the version that was held for it.
   *
   * @return the newest version that is served
   */
  synchronized PolicyVersion release(Learner releasing, Release release) {
    requireCurrent(releasing);
    Refusals.throwIfAny(versions.log().refusalOfRelease(release.getStep()));
    try {
      versions.release();
    } catch (IOException e) {
      throw Refusals.disk("release of step " + release.getStep(), e);
    }
    return versions.log().served().orElseThrow();
  }

  /**
   * Deletes the snapshots that the learner no longer keeps, behind the answer to its release, for
   * which everybody waits. Whoever is not the learner any more may have kept too little.
   */
  synchronized void retain(Learner released, Release release) {
    if (learner != released) {
      return;
    }
    try {
      versions.retain(release.getKeptStepsList());
    } catch (IOException e) {
      // The next release deletes them.
      LOG.warnf("old snapshots not deleted step=%d reason=\"%s\"", release.getStep(), e);
    }
  }

  /** What persons may do about the run. */
  Operators operators() {
    return operators;
  }

  /** Whether an operator holds the run. */
  Pause pause() {
    return pause;
  }

  /** Where the run stands, in the words of the contract. */
  Status status() {
    var status = view().status(start.runId(), exponentialAverage, elasticReset);
    pause.asked().ifPresent(by -> status.setPausedBy(by.getRequestedBy()));
    return status.build();
  }

  void requireRun(String asked) {
    start.require(asked);
  }

  private StatusRuntimeException failed(StatusRuntimeException refusal) {
    failure = refusal.getStatus().getDescription();
    return refusal;
  }

  private void requireCurrent(Learner asking) {
    if (learner != asking) {
      throw ABORTED
          .withDescription("another learner opened run %s".formatted(start.runId()))
          .asRuntimeException();
    }
    if (failure != null) {
      throw Refusals.precondition(failure + " (expected: open_run first)");
    }
  }
}
