package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Reset;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * An ema-service on a port of its own: it resets behind one step, to the weights it was given, and
 * continues behind every other.
 */
final class FakeEmaServer extends ElasticResetGrpc.ElasticResetImplBase implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  final List<OpenRun> opened = new CopyOnWriteArrayList<>();
  final List<Update> updates = new CopyOnWriteArrayList<>();
  final List<byte[]> uploaded = new CopyOnWriteArrayList<>();
  final List<Integer> chunkSizes = new CopyOnWriteArrayList<>();
  volatile long versionOnOpening;
  volatile long announcedSurplusBytes;
  private final Server server;
  private final long resetStep;
  private final byte[] average;

  FakeEmaServer(long resetStep, byte[] average) {
    this.resetStep = resetStep;
    this.average = average;
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<Status> answer) {
    answer.onNext(Status.newBuilder().setDecay(0.5).build());
    answer.onCompleted();
  }

  @Override
  public StreamObserver<TrainRequest> train(StreamObserver<TrainResponse> learner) {
    return new Train(learner);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Train implements StreamObserver<TrainRequest> {

    private final StreamObserver<TrainResponse> learner;
    private final ByteArrayOutputStream weights = new ByteArrayOutputStream();
    private long totalBytes;
    private long version;
    private long epoch;
    private Update update = Update.getDefaultInstance();

    Train(StreamObserver<TrainResponse> learner) {
      this.learner = learner;
    }

    @Override
    public void onNext(TrainRequest request) {
      switch (request.getMessageCase()) {
        case OPEN_RUN -> open(request.getOpenRun());
        case UPDATE -> {
          update = request.getUpdate();
          weights.reset();
          if (update.getStep() == 99) {
            learner.onError(
                io.grpc.Status.INVALID_ARGUMENT
                    .withDescription("step: 99 (expected: 1)")
                    .asRuntimeException());
          }
        }
        default -> {
          chunkSizes.add(request.getChunk().getData().size());
          weights.writeBytes(request.getChunk().getData().toByteArray());
          if (weights.size() == totalBytes) {
            answer();
          }
        }
      }
    }

    private void open(OpenRun run) {
      opened.add(run);
      totalBytes = 0;
      for (Tensor tensor : run.getTensorsList()) {
        totalBytes += 4 * tensor.getShapeList().stream().reduce(1L, (a, b) -> a * b);
      }
      learner.onNext(
          TrainResponse.newBuilder()
              .setRunOpened(RunOpened.newBuilder().setVersion(versionOnOpening))
              .build());
    }

    private void answer() {
      updates.add(update);
      uploaded.add(weights.toByteArray());
      version += update.getPublish() ? 1 : 0;
      if (update.getStep() != resetStep || !update.getPublish()) {
        learner.onNext(
            TrainResponse.newBuilder()
                .setContinue(Continue.newBuilder().setVersion(version).setResetEpoch(epoch))
                .build());
        return;
      }
      epoch++;
      learner.onNext(
          TrainResponse.newBuilder()
              .setReset(
                  Reset.newBuilder()
                      .setVersion(version)
                      .setResetEpoch(epoch)
                      .setReason("as told")
                      .setTotalBytes(average.length + announcedSurplusBytes))
              .build());
      ByteString all = UnsafeByteOperations.unsafeWrap(average);
      for (int offset = 0; offset < average.length; offset += CHUNK_BYTES) {
        learner.onNext(
            TrainResponse.newBuilder()
                .setChunk(
                    WeightsChunk.newBuilder()
                        .setOffset(offset)
                        .setData(
                            all.substring(offset, Math.min(average.length, offset + CHUNK_BYTES))))
                .build());
      }
    }

    @Override
    public void onError(Throwable broken) {}

    @Override
    public void onCompleted() {
      learner.onCompleted();
    }
  }
}
