package org.elasticreset.ema;

import static io.grpc.Status.ABORTED;
import static io.grpc.Status.FAILED_PRECONDITION;
import static io.grpc.Status.INTERNAL;
import static io.grpc.Status.INVALID_ARGUMENT;
import static io.grpc.Status.UNAVAILABLE;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.SpanKind;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Release;
import org.elasticreset.proto.v1.Released;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.proto.v1.WeightsChunk;
import org.elasticreset.tracing.Spans;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A learner's stream: translates messages, takes them no faster than they are worked off, and ends
 * with a status in words at the first one that cannot be. A partial upload ends with its stream.
 *
 * <p>gRPC calls one method at a time; another learner's {@link #superseded} and the end of the
 * service come from other threads, so whatever sends is synchronized.
 */
final class TrainStream implements StreamObserver<TrainRequest>, Learner {

  private static final Logger LOG = Logger.getLogger(TrainStream.class);

  /** Messages asked for ahead, so that the next chunk is decoded while one is copied. */
  private static final int MESSAGES_AHEAD = 4;

  private final AveragedPolicy policy;
  private final Announcements announcements;
  private final EmaMetrics metrics;
  private final ServerCallStreamObserver<TrainResponse> learner;

  private Stage stage = new Silent();
  private @Nullable WeightsSender adopting;
  private boolean ended;

  /** What the learner has said so far, and with it what it may say next. */
  private sealed interface Stage {}

  /** Nothing: it opens the run first. */
  private record Silent() implements Stage {}

  /**
   * The run is open and no update is under way.
   *
   * @param spare the buffer of an update that was not published, for the next
   */
  private record Between(PolicyLayout layout, @Nullable Weights spare) implements Stage {

    Receiving receiving(Update header) {
      var buffer = spare == null ? Weights.allocate(layout.totalBytes()) : spare;
      return new Receiving(layout, new Upload(header, buffer), UpdateTrace.of(header));
    }
  }

  /** The weights of an update are on their way. */
  private record Receiving(PolicyLayout layout, Upload upload, UpdateTrace trace) implements Stage {

    /** The state keeps the weights of a published update. */
    Between complete() {
      return new Between(layout, upload.header().getPublish() ? null : upload.buffer());
    }
  }

  TrainStream(
      AveragedPolicy policy,
      Announcements announcements,
      EmaMetrics metrics,
      ServerCallStreamObserver<TrainResponse> learner) {
    this.policy = policy;
    this.announcements = announcements;
    this.metrics = metrics;
    this.learner = learner;
  }

  /**
   * Takes over the call; while its method runs.
   *
   * @param onEnd runs once, however the call ends: of its two handlers gRPC calls one
   */
  void start(Runnable onEnd) {
    learner.disableAutoRequest();
    learner.setOnReadyThreshold(ElasticResetService.READY_THRESHOLD_BYTES);
    learner.setOnReadyHandler(this::pump);
    learner.setOnCloseHandler(onEnd);
    learner.setOnCancelHandler(
        () -> {
          cancelled();
          onEnd.run();
        });
    learner.request(MESSAGES_AHEAD);
  }

  @Override
  public void onNext(TrainRequest request) {
    if (hasEnded()) {
      return;
    }
    try {
      switch (request.getMessageCase()) {
        case OPEN_RUN -> open(request.getOpenRun());
        case UPDATE -> begin(request.getUpdate());
        case CHUNK -> add(request.getChunk());
        case RELEASE -> release(request.getRelease());
        case MESSAGE_NOT_SET ->
            throw refused(INVALID_ARGUMENT, "message: none that this version of the service knows");
      }
    } catch (StatusRuntimeException e) {
      end(e);
    } catch (RuntimeException e) {
      LOG.error("learner failed", e);
      end(INTERNAL.withDescription(e.toString()).withCause(e).asRuntimeException());
    }
    learner.request(1);
  }

  private void open(OpenRun request) {
    if (!(stage instanceof Silent)) {
      throw refused(FAILED_PRECONDITION, "open_run: a second one on this stream (expected: one)");
    }
    var opened = policy.open(this, request);
    var layout = RunStart.layout(request);
    stage = new Between(layout, null);
    LOG.infof(
        "run opened run=%s tensors=%d bytes=%d version=%d epoch=%d resume=%s",
        request.getRunId(),
        request.getTensorsCount(),
        layout.totalBytes(),
        opened.getVersion(),
        opened.getResetEpoch(),
        request.hasResume()
            ? request.getResume().getStep() + "@" + request.getResume().getVersion()
            : "none");
    // In case the version was not announced when it was published, or is new.
    policy.view().newest().ifPresent(newest -> announce(newest.version()));
    send(TrainResponse.newBuilder().setRunOpened(opened).build());
  }

  private void begin(Update header) {
    var between = between("update of step " + Long.toUnsignedString(header.getStep()));
    policy.check(this, header);
    stage = between.receiving(header);
  }

  private void add(WeightsChunk chunk) {
    if (!(stage instanceof Receiving receiving)) {
      throw refused(
          FAILED_PRECONDITION,
          "chunk at offset %d outside of an update (expected: update first)",
          chunk.getOffset());
    }
    receiving.upload().add(chunk);
    metrics.received(chunk.getData().size());
    if (receiving.upload().isComplete()) {
      take(receiving);
      stage = receiving.complete();
    }
  }

  private void take(Receiving complete) {
    var upload = complete.upload();
    var header = upload.header();
    var answer =
        complete
            .trace()
            .take(
                complete.layout().totalBytes(),
                () -> metrics.timeUpdate(() -> policy.take(this, upload)));
    if (header.getPublish() && !answer.held()) {
      published(answer.newest());
    } else if (header.getPublish()) {
      LOG.infof(
          "policy held version=%d epoch=%d step=%d",
          answer.newest().getVersion(), answer.newest().getResetEpoch(), header.getStep());
    }
    send(Answers.to(answer));
    if (answer instanceof UpdateAnswer.WasReset reset) {
      LOG.infof(
          "policy reset version=%d epoch=%d to=%s reason=\"%s\"",
          reset.newest().getVersion(),
          reset.newest().getResetEpoch(),
          reset.toInitial() ? "initial" : "average",
          reset.reason());
      metrics.reset(reset.requested());
      adopt(reset.adopted().weights());
    }
  }

  private void release(Release release) {
    between("release of step " + Long.toUnsignedString(release.getStep()));
    PolicyVersion newest;
    try (var span =
        Spans.under(Traceparent.read(release.getTraceparent()), "publish", SpanKind.SERVER)) {
      newest = span.watch(() -> policy.release(this, release));
      span.span().setAttribute(TraceKeys.POLICY_VERSION, newest.getVersion());
      published(newest);
    }
    send(
        TrainResponse.newBuilder()
            .setReleased(
                Released.newBuilder()
                    .setVersion(newest.getVersion())
                    .setPaused(policy.pause().asked().isPresent()))
            .build());
    policy.retain(this, release);
  }

  /** Refuses {@code what} before the run is open and while weights are on their way. */
  private Between between(String what) {
    if (stage instanceof Between between) {
      return between;
    }
    if (stage instanceof Receiving receiving) {
      throw refused(
          INVALID_ARGUMENT,
          "%s after %s (expected: the rest of its weights)",
          what,
          receiving.upload().progress());
    }
    throw refused(FAILED_PRECONDITION, "%s before open_run (expected: open_run first)", what);
  }

  private void published(PolicyVersion version) {
    LOG.infof(
        "policy published version=%d epoch=%d step=%d",
        version.getVersion(), version.getResetEpoch(), version.getStep());
    announce(version);
  }

  private void adopt(Weights weights) {
    adopting =
        new WeightsSender(
            weights,
            learner,
            chunk -> send(TrainResponse.newBuilder().setChunk(chunk).build()),
            metrics::sent,
            () -> adopting = null);
    pump();
  }

  private void pump() {
    if (adopting != null && !hasEnded()) {
      adopting.pump();
    }
  }

  private void announce(PolicyVersion version) {
    try {
      announcements.announce(version);
    } catch (RuntimeException e) {
      throw UNAVAILABLE
          .withDescription(
              "version %d is published, but could not be announced on policy-versions: %s"
                  .formatted(version.getVersion(), e.getMessage()))
          .withCause(e)
          .asRuntimeException();
    }
  }

  @Override
  public void superseded() {
    end(refused(ABORTED, "another learner opened this run"));
  }

  /** The service stops. */
  void stop() {
    end(refused(UNAVAILABLE, "the ema-service is stopping"));
  }

  @Override
  public void onError(Throwable broken) {
    cancelled();
  }

  private void cancelled() {
    policy.close(this);
    if (markEnded()) {
      LOG.infof(
          "learner gone %s",
          stage instanceof Receiving receiving ? receiving.upload().progress() : "between updates");
    }
  }

  @Override
  public void onCompleted() {
    policy.close(this);
    synchronized (this) {
      if (markEnded()) {
        learner.onCompleted();
      }
    }
  }

  private synchronized void send(TrainResponse response) {
    if (!ended) {
      learner.onNext(response);
    }
  }

  private void end(StatusRuntimeException why) {
    policy.close(this);
    synchronized (this) {
      if (markEnded()) {
        LOG.warnf(
            "learner refused status=%s reason=\"%s\"",
            why.getStatus().getCode(),
            Untrusted.shown(String.valueOf(why.getStatus().getDescription())));
        learner.onError(why);
      }
    }
  }

  private synchronized boolean markEnded() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  private static StatusRuntimeException refused(
      io.grpc.Status status, String message, Object... values) {
    return status.withDescription(message.formatted(values)).asRuntimeException();
  }
}
