package org.elasticreset.ema;

import static io.grpc.Status.ABORTED;
import static io.grpc.Status.FAILED_PRECONDITION;
import static io.grpc.Status.INTERNAL;
import static io.grpc.Status.INVALID_ARGUMENT;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetDecision.ResetToAverage;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.algorithm.UpdateObserved;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.Update;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run: initial weights θ₀, average θ̄, and the policies that are served. Updates
 * come from one learner, one at a time; readers see a {@link View} that no update changes.
 *
 * <p>There is one learner. The newer {@code OpenRun} of a run wins and ends the stream of the older
 * one, so that a learner that died without saying so does not lock out its successor.
 *
 * <p>Methods refuse with a {@link io.grpc.StatusRuntimeException} that says the value and what was
 * expected; a refusal changes nothing.
 */
final class AveragedPolicy {

  private static final int DIGEST_BYTES = 32;

  /**
   * What is served, at one moment.
   *
   * @param policies newest first; empty before the initial policy was uploaded
   */
  record View(ElasticReset.State reset, List<PublishedPolicy> policies) {

    View {
      policies = List.copyOf(policies);
    }

    Optional<PublishedPolicy> newest() {
      return policies.stream().findFirst();
    }

    /** Number of the newest version; 0 if there is none. */
    long version() {
      return newest().map(policy -> policy.version().getVersion()).orElse(0L);
    }
  }

  /** The weights behind the served ones. The average is written at every update. */
  private record Averages(Weights initial, Weights average) {}

  private final String runId;
  private final ExponentialAverage exponentialAverage;
  private final ElasticReset elasticReset;
  private final int keepVersions;
  private final Optional<VersionFiles> files;

  private @Nullable Learner learner;
  private @Nullable OpenRun run;
  private @Nullable Averages averages;
  private @Nullable Exception failure;
  private volatile View view = new View(ElasticReset.State.initial(), List.of());

  AveragedPolicy(
      String runId,
      ExponentialAverage exponentialAverage,
      ElasticReset elasticReset,
      int keepVersions,
      Optional<VersionFiles> files) {
    this.runId = runId;
    this.exponentialAverage = exponentialAverage;
    this.elasticReset = elasticReset;
    this.keepVersions = keepVersions;
    this.files = files;
  }

  /** Goes on from the newest version on disk, if there is one. Before anything else. */
  synchronized void load() throws IOException {
    var saved = files.isPresent() ? files.get().load(runId) : Optional.<SavedVersion>empty();
    if (saved.isPresent()) {
      var found = saved.get();
      run = found.run();
      averages = new Averages(found.initial(), found.average());
      view = new View(found.resetState(), List.of(found.policy()));
    }
  }

  View view() {
    return view;
  }

  /** Opens the run, for this learner alone. */
  synchronized View open(Learner opening, OpenRun request) {
    requireRun(request.getRunId());
    var layout = layout(request);
    if (request.getInitialDigest().size() != DIGEST_BYTES) {
      throw INVALID_ARGUMENT
          .withDescription(
              "initial_digest: %d bytes (expected: the 32 of a SHA-256)"
                  .formatted(request.getInitialDigest().size()))
          .asRuntimeException();
    }
    if (run != null && averages != null) {
      requireSameStart(run, request, layout);
    }
    if (learner != null) {
      learner.superseded();
    }
    learner = opening;
    run = request;
    return view;
  }

  /** The learner's stream ended. */
  synchronized void close(Learner closing) {
    if (learner == closing) {
      learner = null;
    }
  }

  /** Refuses an update that cannot follow, before its weights travel. */
  synchronized void check(Learner updating, Update header) {
    if (learner != updating) {
      throw ABORTED
          .withDescription("another learner opened run %s".formatted(runId))
          .asRuntimeException();
    }
    if (failure != null) {
      throw INTERNAL
          .withDescription("version could not be written: " + failure)
          .withCause(failure)
          .asRuntimeException();
    }
    observed(header);
    var newest = view.newest();
    if (newest.isEmpty() && (header.getStep() != 0 || !header.getPublish())) {
      throw FAILED_PRECONDITION
          .withDescription(
              "update of step %d (expected: the initial policy first, as a published update of step 0)"
                  .formatted(header.getStep()))
          .asRuntimeException();
    }
    if (newest.isPresent() && header.getStep() <= newest.get().version().getStep()) {
      throw FAILED_PRECONDITION
          .withDescription(
              "update of step %d (expected: a step above %d, which version %d came out of)"
                  .formatted(header.getStep(), newest.get().version().getStep(), view.version()))
          .asRuntimeException();
    }
  }

  /**
   * Takes a complete upload: into the average, and, if it is published, among the served policies;
   * then resets, if that is due. A published version is on disk when this returns.
   *
   * <p>The state keeps the upload's weights if the update is published.
   */
  synchronized UpdateAnswer take(Learner updating, Upload upload) {
    var header = upload.header();
    check(updating, header);
    var opened = Objects.requireNonNull(run);
    var weights = upload.finite(layout(opened));
    return averages == null
        ? begin(opened, weights, upload.digest())
        : update(averages, header, weights, upload);
  }

  /** An operator wants a reset; it follows the next published update. */
  synchronized View request(String ofRun, ResetRequest request) {
    requireRun(ofRun);
    view = new View(elasticReset.request(view.reset(), request), view.policies());
    return view;
  }

  /** Where the run stands, in the words of the contract. */
  Status status() {
    var now = view;
    var status =
        Status.newBuilder()
            .setUpdates(now.reset().updates())
            .setUpdatesSinceReset(now.reset().updatesSinceReset())
            .setDecay(exponentialAverage.decay())
            .setInitialShare(exponentialAverage.initialShare(now.reset().updatesSinceReset()))
            .setTrigger(elasticReset.trigger().description())
            .setResetRequested(now.reset().request().isPresent());
    now.newest().ifPresent(policy -> status.setRunId(runId).setNewest(policy.version()));
    return status.build();
  }

  void requireRun(String asked) {
    if (!asked.equals(runId)) {
      throw INVALID_ARGUMENT
          .withDescription("run-id: %s (expected: %s)".formatted(asked, runId))
          .asRuntimeException();
    }
  }

  private UpdateAnswer begin(OpenRun opened, Weights weights, byte[] digest) {
    if (!opened.getInitialDigest().equals(ByteString.copyFrom(digest))) {
      throw INVALID_ARGUMENT
          .withDescription("initial policy: other weights than initial_digest of open_run says")
          .asRuntimeException();
    }
    var start = new Averages(weights, weights.copy());
    var policy = publish(view.reset(), 0, weights, digest);
    serve(view.reset(), policy, start);
    averages = start;
    return new UpdateAnswer.Continued(policy.version(), true);
  }

  private UpdateAnswer update(Averages current, Update header, Weights weights, Upload upload) {
    boolean requested = view.reset().request().isPresent();
    current.average().average(exponentialAverage, weights);
    var transition = elasticReset.decide(view.reset(), observed(header));
    var next = transition.next();
    if (!header.getPublish()) {
      view = new View(next, view.policies());
      return new UpdateAnswer.Continued(view.policies().get(0).version(), false);
    }
    if (transition.decision() instanceof ResetToAverage reset) {
      var policy = publish(next, header.getStep(), current.average(), current.average().digest());
      var restarted = new Averages(current.initial(), current.initial().copy());
      serve(next, policy, restarted);
      averages = restarted;
      return new UpdateAnswer.WasReset(policy, reset.reason(), requested);
    }
    var policy = publish(next, header.getStep(), weights, upload.digest());
    serve(next, policy, current);
    return new UpdateAnswer.Continued(policy.version(), true);
  }

  private PublishedPolicy publish(
      ElasticReset.State state, long step, Weights weights, byte[] digest) {
    var version =
        PolicyVersion.newBuilder()
            .setRunId(runId)
            .setVersion(view.version() + 1)
            .setResetEpoch(state.resetEpoch())
            .setStep(step)
            .setDigest(UnsafeByteOperations.unsafeWrap(digest))
            .build();
    return new PublishedPolicy(version, layout(Objects.requireNonNull(run)), weights);
  }

  /** On disk first, then for everybody. */
  private void serve(ElasticReset.State state, PublishedPolicy policy, Averages behind) {
    if (files.isPresent()) {
      var version =
          new SavedVersion(
              Objects.requireNonNull(run), policy, state, behind.initial(), behind.average());
      try {
        files.get().save(version);
      } catch (IOException e) {
        // The average has this update and the disk has not; a restart begins from the disk.
        failure = e;
        throw INTERNAL
            .withDescription("version could not be written: " + e)
            .withCause(e)
            .asRuntimeException();
      }
    }
    view =
        new View(
            state,
            Stream.concat(Stream.of(policy), view.policies().stream())
                .limit(keepVersions)
                .toList());
  }

  private void requireSameStart(OpenRun begun, OpenRun request, PolicyLayout layout) {
    var difference = layout.difference(layout(begun));
    if (difference.isPresent()) {
      throw FAILED_PRECONDITION
          .withDescription("%s, as run %s began with".formatted(difference.get(), runId))
          .asRuntimeException();
    }
    if (!request.getInitialDigest().equals(begun.getInitialDigest())) {
      throw FAILED_PRECONDITION
          .withDescription(
              "initial_digest: other initial weights than run %s began with (expected: the same, or another run-id)"
                  .formatted(runId))
          .asRuntimeException();
    }
  }

  private static UpdateObserved observed(Update header) {
    try {
      return new UpdateObserved(
          header.getStep(),
          header.getPublish(),
          header.hasKlToInitialNats()
              ? OptionalDouble.of(header.getKlToInitialNats())
              : OptionalDouble.empty());
    } catch (IllegalArgumentException e) {
      throw INVALID_ARGUMENT.withDescription(e.getMessage()).withCause(e).asRuntimeException();
    }
  }

  static PolicyLayout layout(OpenRun run) {
    try {
      var layout = new PolicyLayout(run.getTensorsList());
      layout.totalBytes();
      return layout;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw INVALID_ARGUMENT.withDescription(e.getMessage()).withCause(e).asRuntimeException();
    }
  }
}
