package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.feed.FetchedPolicy;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Resume;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.tracing.TraceKeys;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The ema-service over gRPC. Where the stream breaks, or its answer does not come or is not the one
 * that must come, another is opened from where both sides last stood together, and what was under
 * way is done again: the service takes an update of one step once, whatever became of the answer.
 */
final class EmaServiceClient implements EmaService {

  private static final Logger LOG = Logger.getLogger(EmaServiceClient.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final String address;
  private final String runId;
  private final Duration timeout;
  private final ManagedChannel channel;
  private @Nullable TrainCall call;
  private OpenRun run = OpenRun.getDefaultInstance();
  private Optional<Standing> standing = Optional.empty();

  /** Updates that entered the average since {@link #standing}, which are lost with the stream. */
  private int unpublished;

  EmaServiceClient(String address, String runId, Duration timeout, Optional<TlsFiles> tls) {
    this.address = address;
    this.runId = runId;
    this.timeout = timeout;
    this.channel = EmaServiceChannel.open(address, tls);
  }

  @Override
  public Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from)
      throws InterruptedException {
    double decay = status().getDecay(); // waits until the service is there
    OpenRun.Builder described =
        OpenRun.newBuilder().setRunId(runId).setInitialDigest(initialDigest);
    for (TensorShape tensor : weights.tensors()) {
      Tensor.Builder one = described.addTensorsBuilder().setName(tensor.name());
      for (long size : tensor.shape()) {
        one.addShape(size);
      }
    }
    run = described.build();
    RunOpened opened = openFrom(from);
    PolicyStamp newest = new PolicyStamp(opened.getVersion(), opened.getResetEpoch());
    standing = from.map(asked -> new Standing(asked.step(), newest, asked.digest()));
    return new Opened(newest, decay);
  }

  private RunOpened openFrom(Optional<Standing> from) throws InterruptedException {
    closeCall();
    OpenRun.Builder request = run.toBuilder();
    from.ifPresent(
        at ->
            request.setResume(
                Resume.newBuilder()
                    .setStep(at.step())
                    .setVersion(at.policy().version())
                    .setDigest(at.digest())));
    TrainCall opening = new TrainCall(channel, address, timeout);
    call = opening;
    unpublished = 0;
    return opening.open(request.build());
  }

  @Override
  public Answer upload(Update update, TrainedWeights weights) throws InterruptedException {
    Answer answer;
    try {
      answer = checked(update, call().upload(update, weights));
    } catch (EmaServiceException e) {
      if (unpublished > 0) {
        throw e; // the updates before it are lost, and their weights are gone
      }
      answer = again(e, () -> checked(update, call().upload(update, weights)));
    }
    if (update.publish()) {
      standing = Optional.of(new Standing(update.step(), answer.newest(), answer.digest()));
      unpublished = 0;
    } else {
      unpublished++;
    }
    return answer;
  }

  /** An answer that came twice would be taken for the one to the next update. */
  private Answer checked(Update update, Answer answer) {
    long before = standing.map(at -> at.policy().version()).orElse(0L);
    long version = answer.newest().version();
    boolean next = update.publish() ? version > before : version == before;
    if (!next || (update.checkpoint() && !answer.held())) {
      throw new EmaServiceException(
          "ema-service at %s answered version %d, held: %s, to the update of step %d behind version %d (expected: %s)"
              .formatted(
                  address,
                  version,
                  answer.held(),
                  update.step(),
                  before,
                  update.publish() ? "a higher version, held for a checkpoint" : "that version"),
          true);
    }
    return answer;
  }

  @Override
  public boolean release(long step, List<Long> keptSteps) throws InterruptedException {
    try {
      return call().release(step, keptSteps).getPaused();
    } catch (EmaServiceException e) {
      return again(e, () -> call().release(step, keptSteps)).getPaused();
    }
  }

  @Override
  public void requireServed(PolicyStamp version) throws InterruptedException {
    long newest;
    try {
      newest = status().getNewest().getVersion();
    } catch (EmaServiceException e) {
      LOG.warnf("ema-service away reason=\"%s\"", e.getMessage());
      return;
    }
    if (newest < version.version()) {
      throw lost(newest, version.version());
    }
  }

  @Override
  public boolean isPaused() throws InterruptedException {
    return !status().getPausedBy().isEmpty();
  }

  @Override
  public void download(PolicyStamp version, TrainedWeights weights) throws InterruptedException {
    AverageDownload average = new AverageDownload(channel, address, runId, timeout);
    Attempt<FetchedPolicy> fetching = () -> average.of(version.version(), weights.tensors());
    FetchedPolicy fetched;
    try {
      fetched = fetching.run();
    } catch (EmaServiceException e) {
      fetched = again(e, fetching);
    }
    fetched.writeTo(weights);
  }

  @Override
  public void takeBack() throws InterruptedException {
    if (unpublished > 0) {
      try {
        reopen();
      } catch (EmaServiceException e) {
        again(e, () -> "reopened");
      }
    }
  }

  /** Opens streams until one goes through, or the time for an answer is over. */
  private <T> T again(EmaServiceException failure, Attempt<T> attempt) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    EmaServiceException last = failure;
    while (last.isPassing() && System.nanoTime() < deadline) {
      LOG.warnf("ema-service lost, connecting again reason=\"%s\"", last.getMessage());
      Span.current()
          .addEvent(
              "connecting again",
              Attributes.of(TraceKeys.REASON, String.valueOf(last.getMessage())));
      Thread.sleep(PAUSE.toMillis());
      try {
        reopen();
        return attempt.run();
      } catch (EmaServiceException e) {
        last = e;
      }
    }
    throw last;
  }

  /** Stands where both sides last stood together. */
  private void reopen() throws InterruptedException {
    RunOpened opened;
    try {
      opened = openFrom(standing);
    } catch (ResumeRefusedException e) {
      // A version without a checkpoint is lost with the service; the newest pair is not.
      throw new EmaServiceException(String.valueOf(e.getMessage()), false);
    }
    long expected = standing.map(at -> at.policy().version()).orElse(0L);
    if (opened.getVersion() != expected) {
      throw lost(opened.getVersion(), expected);
    }
    LOG.infof("ema-service is back run=%s version=%d", runId, expected);
  }

  private EmaServiceException lost(long newest, long expected) {
    return new EmaServiceException(
        "ema-service at %s goes on from version %d (expected: %d; versions behind the newest checkpoint were lost)"
            .formatted(address, newest, expected),
        false);
  }

  private org.elasticreset.proto.v1.Status status() throws InterruptedException {
    try {
      return ElasticResetGrpc.newBlockingV2Stub(channel)
          .withWaitForReady()
          .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .getStatus(GetStatusRequest.getDefaultInstance());
    } catch (StatusException e) {
      if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
        throw TrainCall.silent(
            address, timeout, "asking for its status", "; " + StatusWords.of(e.getStatus()));
      }
      throw new EmaServiceException(
          "ema-service at %s did not say its status: %s"
              .formatted(address, StatusWords.of(e.getStatus())),
          true);
    }
  }

  private TrainCall call() {
    if (call == null) {
      throw new IllegalStateException("open() comes first");
    }
    return call;
  }

  private void closeCall() {
    if (call != null) {
      call.close();
      call = null;
    }
  }

  @Override
  public void close() {
    closeCall();
    channel.shutdown();
    try {
      if (!channel.awaitTermination(2, TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Something that is done again on another stream. */
  private interface Attempt<T> {
    T run() throws InterruptedException;
  }
}
