package org.elasticreset.learner;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.model.TensorShape;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.WeightsChunk;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Train} stream of the ema-service, driven by the loop's own thread: a write waits until
 * the transport has room, a read until the answer is there, so nothing piles up on either side.
 *
 * <p>The run ends with a readable error if the stream breaks: whether an update that was not
 * answered entered the average is not known to the learner.
 */
final class EmaServiceClient implements EmaService {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int FLOW_CONTROL_WINDOW_BYTES = 8 << 20;

  private final String address;
  private final String runId;
  private final Duration timeout;
  private final ManagedChannel channel;
  private @Nullable BlockingClientCall<TrainRequest, TrainResponse> train;

  EmaServiceClient(String address, String runId, Duration timeout) {
    this.address = address;
    this.runId = runId;
    this.timeout = timeout;
    this.channel =
        NettyChannelBuilder.forTarget("dns:///" + address)
            .usePlaintext()
            .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
            .build();
  }

  @Override
  public Opened open(Weights initial) throws InterruptedException {
    status(); // waits until the service is there
    train = ElasticResetGrpc.newBlockingV2Stub(channel).withWaitForReady().train();
    OpenRun.Builder open =
        OpenRun.newBuilder()
            .setRunId(runId)
            .setInitialDigest(UnsafeByteOperations.unsafeWrap(initial.digest()));
    for (TensorShape tensor : initial.tensors()) {
      Tensor.Builder described = open.addTensorsBuilder().setName(tensor.name());
      for (long size : tensor.shape()) {
        described.addShape(size);
      }
    }
    send(TrainRequest.newBuilder().setOpenRun(open).build(), "opening run " + runId);
    TrainResponse answer = receive("opening run " + runId);
    if (!answer.hasRunOpened()) {
      throw unexpected(answer, "run_opened");
    }
    RunOpened opened = answer.getRunOpened();
    if (opened.getVersion() != 0) {
      throw new EmaServiceException(
          "run-id: %s is at version %d in the ema-service at %s (expected: a run that has not begun; choose another run-id)"
              .formatted(runId, opened.getVersion(), address));
    }
    return new Opened(
        new PolicyStamp(opened.getVersion(), opened.getResetEpoch()), status().getDecay());
  }

  @Override
  public Answer upload(Update update, Weights weights) throws InterruptedException {
    String what = "the update of step " + update.step();
    org.elasticreset.proto.v1.Update.Builder header =
        org.elasticreset.proto.v1.Update.newBuilder()
            .setStep(update.step())
            .setPublish(update.publish());
    update
        .drift()
        .ifPresent(
            drift ->
                header
                    .setKlToInitialNats(drift.klToInitialNats())
                    .setRewardMean(drift.rewardMean()));
    send(TrainRequest.newBuilder().setUpdate(header).build(), what);
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
                  answer.getContinue().getVersion(), answer.getContinue().getResetEpoch()));
      case RESET -> {
        adopt(answer.getReset().getTotalBytes(), weights);
        yield new Answer.Reset(
            new PolicyStamp(answer.getReset().getVersion(), answer.getReset().getResetEpoch()),
            answer.getReset().getReason());
      }
      default -> throw unexpected(answer, "continue or reset");
    };
  }

  private void adopt(long total, Weights weights) throws InterruptedException {
    if (total != weights.totalBytes()) {
      throw new EmaServiceException(
          "reset of %d bytes (expected: %d, the size of the policy)"
              .formatted(total, weights.totalBytes()));
    }
    long offset = 0;
    while (offset < total) {
      TrainResponse answer = receive("the weights of a reset");
      if (!answer.hasChunk() || answer.getChunk().getOffset() != offset) {
        throw unexpected(answer, "the chunk at offset " + offset);
      }
      ByteBuffer bytes = answer.getChunk().getData().asReadOnlyByteBuffer();
      int length = bytes.remaining();
      if (length == 0 || length > total - offset) {
        throw unexpected(answer, "1 to " + (total - offset) + " bytes");
      }
      weights.write(offset, bytes);
      offset += length;
    }
  }

  private Status status() throws InterruptedException {
    try {
      return ElasticResetGrpc.newBlockingV2Stub(channel)
          .withWaitForReady()
          .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .getStatus(GetStatusRequest.getDefaultInstance());
    } catch (StatusException e) {
      throw broken("asking for its status", e.getStatus());
    }
  }

  private void send(TrainRequest request, String what) throws InterruptedException {
    try {
      if (!stream().write(request, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        stream().read(timeout.toMillis(), TimeUnit.MILLISECONDS); // throws why the stream ended
        throw broken(what, io.grpc.Status.OK);
      }
    } catch (StatusException e) {
      throw broken(what, e.getStatus());
    } catch (TimeoutException e) {
      throw silent(what);
    }
  }

  private TrainResponse receive(String what) throws InterruptedException {
    try {
      TrainResponse response = stream().read(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response == null) {
        throw broken(what, io.grpc.Status.OK);
      }
      return response;
    } catch (StatusException e) {
      throw broken(what, e.getStatus());
    } catch (TimeoutException e) {
      throw silent(what);
    }
  }

  private BlockingClientCall<TrainRequest, TrainResponse> stream() {
    if (train == null) {
      throw new IllegalStateException("open() comes first");
    }
    return train;
  }

  private EmaServiceException broken(String what, io.grpc.Status status) {
    if (status.getCode() == io.grpc.Status.Code.DEADLINE_EXCEEDED) {
      return silent(what);
    }
    String why = status.getDescription();
    return new EmaServiceException(
        "ema-service at %s ended the stream on %s: %s%s"
            .formatted(address, what, status.getCode(), why == null ? "" : ", " + why));
  }

  private EmaServiceException silent(String what) {
    return new EmaServiceException(
        "ema-service at %s did not answer within %d s on %s (expected: a running ema-service; see learner.ema-service and learner.ema-service-timeout)"
            .formatted(address, timeout.toSeconds(), what));
  }

  private static EmaServiceException unexpected(TrainResponse answer, String expected) {
    return new EmaServiceException(
        "ema-service answered %s (expected: %s)"
            .formatted(
                answer.getMessageCase().name().toLowerCase(java.util.Locale.ROOT), expected));
  }

  @Override
  public void close() {
    if (train != null) {
      train.halfClose();
    }
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
}
