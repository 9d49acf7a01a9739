package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Released;
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
  final List<Long> released = new CopyOnWriteArrayList<>();

  /** What goes wrong with the next answers, one each. */
  final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

  volatile long announcedSurplusBytes;
  private long version;
  private long epoch;
  volatile long served;

  /** What a service or the network between may do to an answer. */
  enum Fault {
    NONE,
    /** The answer is lost with the stream; the service has done what was asked. */
    CUT_BEHIND,
    /** The stream breaks before the service does anything. */
    CUT_BEFORE,
    /** No answer comes. */
    SILENT,
    /** The answer comes twice. */
    TWICE,
    /** Of another run. */
    OTHER_RUN,
    /** Another learner opened the run. */
    SUPERSEDED
  }

  private final Server server;
  private final long resetStep;
  private final byte[] average;

  FakeEmaServer(long resetStep, byte[] average) {
    this(resetStep, average, InsecureServerCredentials.create());
  }

  FakeEmaServer(long resetStep, byte[] average, ServerCredentials credentials) {
    this.resetStep = resetStep;
    this.average = average;
    try {
      server =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
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
    answer.onNext(
        Status.newBuilder()
            .setDecay(0.5)
            .setNewest(PolicyVersion.newBuilder().setVersion(served))
            .build());
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
    private Update update = Update.getDefaultInstance();

    Train(StreamObserver<TrainResponse> learner) {
      this.learner = learner;
    }

    @Override
    public void onNext(TrainRequest request) {
      switch (request.getMessageCase()) {
        case OPEN_RUN -> answered(() -> open(request.getOpenRun()));
        case RELEASE -> answered(() -> release(request.getRelease().getStep()));
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
            answered(this::take);
          }
        }
      }
    }

    private void answered(Supplier<List<TrainResponse>> work) {
      Fault fault = Objects.requireNonNullElse(faults.poll(), Fault.NONE);
      if (fault == Fault.CUT_BEFORE || fault == Fault.SUPERSEDED) {
        learner.onError(
            (fault == Fault.SUPERSEDED ? io.grpc.Status.ABORTED : io.grpc.Status.UNAVAILABLE)
                .withDescription(fault.name())
                .asRuntimeException());
        return;
      }
      List<TrainResponse> answer = work.get();
      switch (fault) {
        case CUT_BEHIND ->
            learner.onError(
                io.grpc.Status.UNAVAILABLE.withDescription(fault.name()).asRuntimeException());
        case SILENT -> {}
        case TWICE -> {
          answer.forEach(learner::onNext);
          learner.onNext(answer.get(0));
        }
        case OTHER_RUN ->
            learner.onNext(
                TrainResponse.newBuilder()
                    .setRunOpened(RunOpened.newBuilder().setRunId("another"))
                    .build());
        default -> answer.forEach(learner::onNext);
      }
    }

    private List<TrainResponse> open(OpenRun run) {
      opened.add(run);
      totalBytes = 0;
      for (Tensor tensor : run.getTensorsList()) {
        totalBytes += 4 * tensor.getShapeList().stream().reduce(1L, (a, b) -> a * b);
      }
      if (run.getResume().getStep() == 77) {
        learner.onError(
            io.grpc.Status.FAILED_PRECONDITION
                .withDescription("no snapshot of step 77")
                .asRuntimeException());
        return List.of();
      }
      long asked = run.getResume().getVersion();
      version = run.hasResume() && served > asked ? served + 1 : asked;
      served = Math.max(served, version);
      return List.of(
          TrainResponse.newBuilder()
              .setRunOpened(
                  RunOpened.newBuilder()
                      .setVersion(version)
                      .setResetEpoch(epoch)
                      .setRunId(run.getRunId()))
              .build());
    }

    private List<TrainResponse> release(long step) {
      released.add(step);
      served = version;
      return List.of(
          TrainResponse.newBuilder().setReleased(Released.newBuilder().setVersion(served)).build());
    }

    private List<TrainResponse> take() {
      updates.add(update);
      uploaded.add(weights.toByteArray());
      version += update.getPublish() ? 1 : 0;
      ByteString digest = ByteString.copyFrom(new byte[32]);
      if (update.getStep() != resetStep || !update.getPublish()) {
        served = update.getPublish() && !update.getCheckpoint() ? version : served;
        return List.of(
            TrainResponse.newBuilder()
                .setContinue(
                    Continue.newBuilder()
                        .setVersion(version)
                        .setResetEpoch(epoch)
                        .setHeld(update.getCheckpoint())
                        .setDigest(digest))
                .build());
      }
      epoch++;
      List<TrainResponse> answer = new ArrayList<>();
      answer.add(
          TrainResponse.newBuilder()
              .setReset(
                  Reset.newBuilder()
                      .setVersion(version)
                      .setResetEpoch(epoch)
                      .setHeld(true)
                      .setDigest(digest)
                      .setReason("as told")
                      .setTotalBytes(average.length + announcedSurplusBytes))
              .build());
      ByteString all = UnsafeByteOperations.unsafeWrap(average);
      for (int offset = 0; offset < average.length; offset += CHUNK_BYTES) {
        answer.add(
            TrainResponse.newBuilder()
                .setChunk(
                    WeightsChunk.newBuilder()
                        .setOffset(offset)
                        .setData(
                            all.substring(offset, Math.min(average.length, offset + CHUNK_BYTES))))
                .build());
      }
      return answer;
    }

    @Override
    public void onError(Throwable broken) {}

    @Override
    public void onCompleted() {
      learner.onCompleted();
    }
  }
}
