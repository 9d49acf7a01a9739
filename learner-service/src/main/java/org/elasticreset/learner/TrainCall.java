package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.EmaService.Answer;
import org.elasticreset.learner.EmaService.Update;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Release;
import org.elasticreset.proto.v1.Released;
import org.elasticreset.proto.v1.Reset;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.WeightsChunk;
import org.elasticreset.tracing.GrpcTraceparent;
import org.elasticreset.tracing.Traceparent;

/**
 * One {@code Train} stream, driven by the loop's own thread: a write waits until the transport has
 * room, a read until the answer is there, so nothing piles up on either side. It is of no use any
 * more once a method has thrown.
 */
final class TrainCall implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  /** What may wait for the transport: the next chunks are read while one is sent. */
  private static final int READY_THRESHOLD_BYTES = 2 * CHUNK_BYTES;

  private final String address;
  private final Duration timeout;
  private final BlockingClientCall<TrainRequest, TrainResponse> stream;

  TrainCall(ManagedChannel channel, String address, Duration timeout) {
    this.address = address;
    this.timeout = timeout;
    this.stream =
        ElasticResetGrpc.newBlockingV2Stub(channel)
            .withWaitForReady()
            .withOnReadyThreshold(READY_THRESHOLD_BYTES)
            .withInterceptors(GrpcTraceparent.sent())
            .train();
  }

  RunOpened open(OpenRun run) throws InterruptedException {
    String what = "opening run " + run.getRunId();
    try {
      send(TrainRequest.newBuilder().setOpenRun(run).build(), what);
      TrainResponse answer = receive(what);
      require(answer.hasRunOpened(), answer, "run_opened");
      RunOpened opened = answer.getRunOpened();
      if (!opened.getRunId().equals(run.getRunId())) {
        throw new EmaServiceException(
            "ema-service at %s opened run %s (expected: %s)"
                .formatted(address, opened.getRunId(), run.getRunId()),
            false);
      }
      return opened;
    } catch (RefusedException e) {
      throw new ResumeRefusedException(String.valueOf(e.getMessage()));
    }
  }

  /** The answer to an update; after a reset the weights are the average, all of them or none. */
  Answer upload(Update update, TrainedWeights weights) throws InterruptedException {
    String what = "the update of step " + update.step();
    send(TrainRequest.newBuilder().setUpdate(header(update)).build(), what);
    long total = weights.totalBytes();
    for (long offset = 0; offset < total; offset += CHUNK_BYTES) {
      int length = (int) Math.min(CHUNK_BYTES, total - offset);
      WeightsChunk.Builder chunk =
          WeightsChunk.newBuilder()
              .setOffset(offset)
              .setData(UnsafeByteOperations.unsafeWrap(weights.read(offset, length)));
      send(TrainRequest.newBuilder().setChunk(chunk).build(), what);
    }
    TrainResponse answer = receive(what);
    return switch (answer.getMessageCase()) {
      case CONTINUE ->
          new Answer.Continue(
              new PolicyStamp(
                  answer.getContinue().getVersion(), answer.getContinue().getResetEpoch()),
              answer.getContinue().getHeld(),
              answer.getContinue().getDigest());
      case RESET -> adopt(answer.getReset(), weights);
      default -> throw unexpected(answer, "continue or reset");
    };
  }

  private static org.elasticreset.proto.v1.Update header(Update update) {
    var header =
        org.elasticreset.proto.v1.Update.newBuilder()
            .setStep(update.step())
            .setPublish(update.publish())
            .setCheckpoint(update.checkpoint());
    Traceparent.of(Context.current()).ifPresent(header::setTraceparent);
    update
        .drift()
        .ifPresent(
            drift ->
                header
                    .setKlToInitialNats(drift.klToInitialNats())
                    .setRewardMean(drift.rewardMean()));
    update.evaluation().ifPresent(header::setEvaluation);
    return header.build();
  }

  private Answer.Reset adopt(Reset reset, TrainedWeights weights) throws InterruptedException {
    long total = weights.totalBytes();
    if (reset.getTotalBytes() != total) {
      throw new EmaServiceException(
          "reset of %d bytes (expected: %d, the size of the policy)"
              .formatted(reset.getTotalBytes(), total),
          false);
    }
    List<ByteString> average = new ArrayList<>();
    long received = 0;
    while (received < total) {
      TrainResponse answer = receive("the weights of a reset");
      require(
          answer.hasChunk() && answer.getChunk().getOffset() == received,
          answer,
          "the chunk at offset " + received);
      ByteString bytes = answer.getChunk().getData();
      require(
          !bytes.isEmpty() && bytes.size() <= total - received,
          answer,
          "1 to " + (total - received) + " bytes");
      average.add(bytes);
      received += bytes.size();
    }
    // Only now: an upload that has to be repeated needs the weights as they were.
    long offset = 0;
    for (ByteString bytes : average) {
      weights.write(offset, bytes.asReadOnlyByteBuffer());
      offset += bytes.size();
    }
    return new Answer.Reset(
        new PolicyStamp(reset.getVersion(), reset.getResetEpoch()),
        reset.getHeld(),
        reset.getDigest(),
        reset.getReason(),
        reset.getTo());
  }

  /** What a release leads to. */
  Released release(long step, List<Long> keptSteps) throws InterruptedException {
    String what = "the release of step " + step;
    Release.Builder release = Release.newBuilder().setStep(step).addAllKeptSteps(keptSteps);
    Traceparent.of(Context.current()).ifPresent(release::setTraceparent);
    send(TrainRequest.newBuilder().setRelease(release).build(), what);
    TrainResponse answer = receive(what);
    require(answer.hasReleased(), answer, "released");
    return answer.getReleased();
  }

  private void send(TrainRequest request, String what) throws InterruptedException {
    try {
      if (!stream.write(request, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        stream.read(timeout.toMillis(), TimeUnit.MILLISECONDS); // throws why the stream ended
        throw broken(what, Status.UNAVAILABLE);
      }
    } catch (StatusException e) {
      throw broken(what, e.getStatus());
    } catch (TimeoutException e) {
      throw silent(what);
    }
  }

  private TrainResponse receive(String what) throws InterruptedException {
    try {
      TrainResponse response = stream.read(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response == null) {
        throw broken(what, Status.UNAVAILABLE);
      }
      return response;
    } catch (StatusException e) {
      throw broken(what, e.getStatus());
    } catch (TimeoutException e) {
      throw silent(what);
    }
  }

  private EmaServiceException broken(String what, Status status) {
    String message =
        "ema-service at %s ended the stream on %s: %s"
            .formatted(address, what, StatusWords.of(status));
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> silent(what);
      case ABORTED -> new SupersededException(message);
      case FAILED_PRECONDITION -> new RefusedException(message);
      case INVALID_ARGUMENT, UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED ->
          new EmaServiceException(message, false);
      default -> new EmaServiceException(message, true);
    };
  }

  private EmaServiceException silent(String what) {
    return silent(address, timeout, what, "");
  }

  static EmaServiceException silent(String address, Duration timeout, String what, String why) {
    return new EmaServiceException(
        "ema-service at %s did not answer within %d s on %s (expected: a running ema-service; see learner.ema-service and learner.ema-service-timeout%s)"
            .formatted(address, timeout.toSeconds(), what, why),
        true);
  }

  private static void require(boolean holds, TrainResponse answer, String expected) {
    if (!holds) {
      throw unexpected(answer, expected);
    }
  }

  private static EmaServiceException unexpected(TrainResponse answer, String expected) {
    return new EmaServiceException(
        "ema-service answered %s (expected: %s)"
            .formatted(answer.getMessageCase().name().toLowerCase(Locale.ROOT), expected),
        true);
  }

  /** Ends the stream whatever is under way, so that a late answer goes nowhere. */
  @Override
  public void close() {
    stream.cancel("the learner-service closes the stream", null);
  }

  /** The service understood, and will not; on opening, it cannot go on from there. */
  private static final class RefusedException extends EmaServiceException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message, false);
    }
  }
}
