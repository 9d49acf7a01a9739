package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Released;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.proto.v1.WeightsChunk;

/** A learner as the contract describes it, with its own connection. */
final class TestLearner implements AutoCloseable {

  private final ManagedChannel channel;
  private final BlockingClientCall<TrainRequest, TrainResponse> stream;

  TestLearner(int port) {
    this(channel(port));
  }

  /** On a connection that it closes with itself. */
  TestLearner(ManagedChannel channel) {
    this.channel = channel;
    stream = ElasticResetGrpc.newBlockingV2Stub(channel).train();
  }

  static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .flowControlWindow(8 << 20)
        .build();
  }

  TrainResponse open(OpenRun run) throws Exception {
    send(TrainRequest.newBuilder().setOpenRun(run).build());
    return receive();
  }

  /** Sends an update with its weights and waits for the answer. */
  TrainResponse upload(Update header, ByteString weights) throws Exception {
    send(header);
    for (int offset = 0; offset < weights.size(); offset += Upload.CHUNK_BYTES) {
      send(
          offset, weights.substring(offset, Math.min(weights.size(), offset + Upload.CHUNK_BYTES)));
    }
    return receive();
  }

  TrainResponse upload(long step, float[] weights) throws Exception {
    return upload(Policies.update(step, true), Policies.bytes(weights));
  }

  /** Uploads a step with a checkpoint, adopts what follows and releases it. */
  TrainResponse uploadDurably(long step, float[] weights) throws Exception {
    var answer = upload(Policies.checkpoint(step), Policies.bytes(weights));
    if (answer.hasReset()) {
      adopt(answer.getReset().getTotalBytes());
    }
    release(step, step);
    return answer;
  }

  /** Releases what is held for a step. */
  Released release(long step, Long... keptSteps) throws Exception {
    send(TrainRequest.newBuilder().setRelease(Policies.release(step, keptSteps)).build());
    return receive().getReleased();
  }

  void send(Update header) throws Exception {
    send(TrainRequest.newBuilder().setUpdate(header).build());
  }

  void send(long offset, ByteString data) throws Exception {
    send(
        TrainRequest.newBuilder()
            .setChunk(WeightsChunk.newBuilder().setOffset(offset).setData(data))
            .build());
  }

  /** Sends whatever it is; nothing happens if the stream has ended. */
  void send(TrainRequest request) throws Exception {
    stream.write(request, 20, TimeUnit.SECONDS);
  }

  /** The next answer; throws the status that the stream ended with. */
  TrainResponse receive() throws Exception {
    return Objects.requireNonNull(stream.read(20, TimeUnit.SECONDS), "the stream was completed");
  }

  /** The weights that follow a reset. */
  ByteString adopt(long totalBytes) throws Exception {
    var weights = ByteString.EMPTY;
    while (weights.size() < totalBytes) {
      var chunk = receive().getChunk();
      if (chunk.getOffset() != weights.size()) {
        throw new AssertionError("chunk at " + chunk.getOffset() + " after " + weights.size());
      }
      weights = weights.concat(chunk.getData());
    }
    return weights;
  }

  void complete() throws StatusException {
    stream.halfClose();
  }

  @Override
  public void close() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }
}
