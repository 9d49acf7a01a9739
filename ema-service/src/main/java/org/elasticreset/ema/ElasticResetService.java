package org.elasticreset.ema;

import static io.grpc.Status.NOT_FOUND;
import static io.grpc.Status.UNAVAILABLE;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.elasticreset.proto.WorkerName;
import org.elasticreset.proto.v1.DecideResetRequest;
import org.elasticreset.proto.v1.DecideResetResponse;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.PauseRequest;
import org.elasticreset.proto.v1.PauseResponse;
import org.elasticreset.proto.v1.PolicyHeader;
import org.elasticreset.proto.v1.RequestResetRequest;
import org.elasticreset.proto.v1.RequestResetResponse;
import org.elasticreset.proto.v1.ResumeRequest;
import org.elasticreset.proto.v1.ResumeResponse;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.tracing.GrpcTraceparent;
import org.elasticreset.tracing.Spans;
import org.elasticreset.tracing.TraceKeys;
import org.jboss.logging.Logger;

/**
 * The contract's service over the state of a run: translates and delegates.
 *
 * <p>An AsyncService, not an ImplBase, which Quarkus would find and serve by itself.
 */
final class ElasticResetService implements ElasticResetGrpc.AsyncService {

  /** Bytes that may wait in a stream's own queue before it counts as busy. */
  static final int READY_THRESHOLD_BYTES = 2 * Upload.CHUNK_BYTES;

  private static final Logger LOG = Logger.getLogger(ElasticResetService.class);

  private final AveragedPolicy policy;
  private final Announcements announcements;
  private final EmaMetrics metrics;
  private final Workers workers;
  private final OperatorCalls operator;
  private final Set<TrainStream> learners = ConcurrentHashMap.newKeySet();

  ElasticResetService(
      AveragedPolicy policy, Announcements announcements, EmaMetrics metrics, Workers workers) {
    this.policy = policy;
    this.workers = workers;
    this.operator = new OperatorCalls(policy.operators());
    this.announcements = announcements;
    this.metrics = metrics;
  }

  @Override
  public StreamObserver<TrainRequest> train(StreamObserver<TrainResponse> responses) {
    var call = (ServerCallStreamObserver<TrainResponse>) responses;
    var stream = new TrainStream(policy, announcements, metrics, call);
    learners.add(stream);
    stream.start(() -> learners.remove(stream));
    return stream;
  }

  @Override
  public void fetchPolicy(
      FetchPolicyRequest request, StreamObserver<FetchPolicyResponse> responses) {
    var worker = (ServerCallStreamObserver<FetchPolicyResponse>) responses;
    String name = WorkerName.ofCaller();
    try {
      policy.requireRun(request.getRunId());
      var fetched = find(request.getVersion());
      var header =
          PolicyHeader.newBuilder()
              .setVersion(fetched.version())
              .addAllTensors(fetched.layout().tensors())
              .setTotalBytes(fetched.weights().size());
      var weights = fetched.weights();
      if (request.getAverage()) {
        var average = averageOf(fetched);
        header.setAverageDigest(average.digest());
        weights = average.weights();
      }
      var serving =
          Spans.begin(GrpcTraceparent.ofCaller(), "serve policy", SpanKind.SERVER)
              .setAttribute(TraceKeys.POLICY_VERSION, fetched.version().getVersion())
              .setAttribute(TraceKeys.BYTES, fetched.weights().size());
      worker.setOnReadyThreshold(READY_THRESHOLD_BYTES);
      worker.onNext(FetchPolicyResponse.newBuilder().setHeader(header).build());
      var sender =
          new WeightsSender(
              weights,
              worker,
              chunk -> worker.onNext(FetchPolicyResponse.newBuilder().setChunk(chunk).build()),
              metrics::sent,
              () -> {
                workers.fetched(name, fetched.version());
                serving.end();
                worker.onCompleted();
              });
      // Without a handler a worker that goes away in between would be reported as an error.
      worker.setOnCancelHandler(
          () -> {
            serving.setStatus(StatusCode.ERROR, "cancelled").end();
            LOG.debugf("fetch cancelled version=%d", fetched.version().getVersion());
          });
      worker.setOnReadyHandler(sender::pump);
    } catch (StatusRuntimeException e) {
      worker.onError(e);
    }
  }

  private static PublishedPolicy.Average averageOf(PublishedPolicy fetched) {
    return fetched
        .average()
        .orElseThrow(
            () ->
                Refusals.precondition(
                    "average: of version %d is not kept (expected: ema.serve-averages: true)"
                        .formatted(fetched.version().getVersion())));
  }

  private PublishedPolicy find(long version) {
    var policies = policy.view().policies();
    if (policies.isEmpty()) {
      throw UNAVAILABLE
          .withDescription("no policy yet (expected: the learner-service uploads the initial one)")
          .asRuntimeException();
    }
    return policies.stream()
        .filter(kept -> version == 0 || kept.version().getVersion() == version)
        .findFirst()
        .or(() -> policy.kept(version))
        .orElseThrow(
            () ->
                NOT_FOUND
                    .withDescription(
                        "version: %d (kept: %d to %d)"
                            .formatted(
                                version,
                                policies.get(policies.size() - 1).version().getVersion(),
                                policies.get(0).version().getVersion()))
                    .asRuntimeException());
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<Status> responses) {
    responses.onNext(status());
    responses.onCompleted();
  }

  /** Where the run stands, and who has which version of it. */
  Status status() {
    Status standing = policy.status();
    return standing.toBuilder()
        .addAllWorkers(workers.known(standing.getNewest().getVersion()))
        .build();
  }

  @Override
  public void requestReset(
      RequestResetRequest request, StreamObserver<RequestResetResponse> responses) {
    operator.requestReset(request, responses);
  }

  @Override
  public void decideReset(
      DecideResetRequest request, StreamObserver<DecideResetResponse> responses) {
    operator.decideReset(request, responses);
  }

  @Override
  public void pause(PauseRequest request, StreamObserver<PauseResponse> responses) {
    operator.pause(request, responses);
  }

  @Override
  public void resume(ResumeRequest request, StreamObserver<ResumeResponse> responses) {
    operator.resume(request, responses);
  }

  /** Streams of learners that are open. */
  int learners() {
    return learners.size();
  }

  /** Ends the learners' streams, which would stay open for ever. */
  void stop() {
    learners.forEach(TrainStream::stop);
  }
}
