package org.elasticreset.benchmark;

import com.google.protobuf.ByteString;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * The peer of upload and fan-out: the same messages through the same gRPC with the same windows,
 * and nobody who does anything with them.
 */
public final class RawStreams implements AutoCloseable, ElasticResetGrpc.AsyncService {

  public static final int CHUNK_BYTES = 1 << 20;

  private final long bytes;
  private final ByteString chunk = ByteString.copyFrom(new byte[CHUNK_BYTES]);
  private final ExecutorService calls = Executors.newCachedThreadPool();
  private final Server server;

  /** Starts to take and to give that many bytes at a time. */
  public RawStreams(long bytes) throws IOException {
    this.bytes = bytes;
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .flowControlWindow(EmaServiceChannel.FLOW_CONTROL_WINDOW_BYTES)
            .maxInboundMessageSize(EmaServiceChannel.MESSAGE_LIMIT_BYTES)
            .executor(calls)
            .addService(ElasticResetGrpc.bindService(this))
            .build()
            .start();
  }

  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Answers behind the last byte of an upload. */
  @Override
  public StreamObserver<TrainRequest> train(StreamObserver<TrainResponse> answers) {
    return new StreamObserver<>() {
      private long received;

      @Override
      public void onNext(TrainRequest request) {
        received += request.getChunk().getData().size();
        if (received == bytes) {
          received = 0;
          answers.onNext(
              TrainResponse.newBuilder().setContinue(Continue.getDefaultInstance()).build());
        }
      }

      @Override
      public void onError(Throwable broken) {}

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  /** Sends as fast as the reader takes it. */
  @Override
  public void fetchPolicy(
      FetchPolicyRequest request, StreamObserver<FetchPolicyResponse> responses) {
    var reader = (ServerCallStreamObserver<FetchPolicyResponse>) responses;
    reader.setOnReadyThreshold(2 * CHUNK_BYTES);
    var sent = new long[1];
    reader.setOnReadyHandler(
        () -> {
          while (sent[0] < bytes && reader.isReady()) {
            int length = (int) Math.min(CHUNK_BYTES, bytes - sent[0]);
            var data = length == CHUNK_BYTES ? chunk : chunk.substring(0, length);
            reader.onNext(
                FetchPolicyResponse.newBuilder()
                    .setChunk(WeightsChunk.newBuilder().setOffset(sent[0]).setData(data))
                    .build());
            sent[0] += length;
            if (sent[0] == bytes) {
              reader.onCompleted();
            }
          }
        });
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    calls.shutdownNow();
  }
}
