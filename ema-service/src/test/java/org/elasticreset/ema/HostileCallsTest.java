package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.elasticreset.adversary.HostileBytes;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.RequestResetRequest;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * Whatever bytes a caller sends, it is answered or refused in the words of the contract, and the
 * service goes on: bytes over a socket, past the types of a generated client.
 */
class HostileCallsTest {

  private static final Set<Status.Code> REFUSALS =
      Set.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.FAILED_PRECONDITION,
          Status.Code.NOT_FOUND,
          Status.Code.ABORTED,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.CANCELLED,
          Status.Code.UNAVAILABLE);

  private static final float[] INITIAL = Policies.random(10, 0);

  private static Path directory;
  private static TestServer server;
  private static ManagedChannel channel;

  @BeforeContainer
  static void start() throws Exception {
    directory = Files.createTempDirectory("hostile-calls");
    server = new TestServer(new ResetTrigger.OnRequest(), directory);
    channel = TestLearner.channel(server.port());
    try (var learner = server.learner()) {
      learner.open(Policies.openRun(INITIAL));
      learner.uploadDurably(0, INITIAL);
    }
  }

  @AfterContainer
  static void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
    try (var files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  @Property
  void spoiledStreamsOfALearnerAreRefused(@ForAll long seed) throws Exception {
    var stream =
        List.of(
            message(TrainRequest.newBuilder().setOpenRun(Policies.openRun(INITIAL)).build(), seed),
            message(TrainRequest.newBuilder().setUpdate(Policies.checkpoint(1)).build(), seed + 1),
            message(
                TrainRequest.newBuilder()
                    .setChunk(WeightsChunk.newBuilder().setData(Policies.bytes(INITIAL)))
                    .build(),
                seed + 2),
            message(
                TrainRequest.newBuilder().setRelease(Policies.release(1, 0L, 1L)).build(),
                seed + 3));

    var end = new Answers();
    var requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(raw(ElasticResetGrpc.getTrainMethod()), CallOptions.DEFAULT), end);
    stream.forEach(requests::onNext);
    requests.onCompleted();

    end.assertAnsweredOrRefused();
    assertStillServing();
  }

  @Property
  void spoiledRequestsAreAnsweredOrRefused(@ForAll long seed) throws Exception {
    var fetch = FetchPolicyRequest.newBuilder().setRunId(Policies.RUN).setVersion(1).build();
    var reset =
        RequestResetRequest.newBuilder().setRunId(Policies.RUN).setRequestedBy("ada").build();
    for (var call :
        List.of(
            new Call(ElasticResetGrpc.getFetchPolicyMethod(), fetch),
            new Call(ElasticResetGrpc.getGetStatusMethod(), GetStatusRequest.getDefaultInstance()),
            new Call(ElasticResetGrpc.getRequestResetMethod(), reset))) {
      var end = new Answers();
      ClientCalls.asyncServerStreamingCall(
          channel.newCall(raw(call.method()), CallOptions.DEFAULT),
          HostileBytes.mutated(call.request().toByteArray(), seed),
          end);
      end.assertAnsweredOrRefused();
    }
    assertStillServing();
  }

  @Example
  void messageThatIsTooLargeOnceUnzippedIsRefusedBeforeItIs() throws Exception {
    var zeros =
        FetchPolicyRequest.newBuilder()
            .setRunIdBytes(ByteString.copyFrom(new byte[64 << 20]))
            .build();

    var end = new Answers();
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(
            raw(ElasticResetGrpc.getFetchPolicyMethod()),
            CallOptions.DEFAULT.withCompression("gzip")),
        zeros.toByteArray(),
        end);

    assertThat(end.status()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertStillServing();
  }

  private record Call(MethodDescriptor<?, ?> method, MessageLite request) {}

  private static byte[] message(MessageLite valid, long seed) {
    // Most of a stream has to be sound for the rest of it to be looked at.
    return seed % 3 == 0 ? HostileBytes.mutated(valid.toByteArray(), seed) : valid.toByteArray();
  }

  private static void assertStillServing() throws Exception {
    assertThat(server.stub().getStatus(GetStatusRequest.getDefaultInstance()).getRunId())
        .isEqualTo(Policies.RUN);
  }

  /** The method, with bytes for messages. */
  private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
    var bytes =
        new Marshaller<byte[]>() {
          @Override
          public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return method.toBuilder(bytes, bytes).build();
  }

  private static final class Answers implements StreamObserver<byte[]> {

    private final CompletableFuture<Status.Code> end = new CompletableFuture<>();

    @Override
    public void onNext(byte[] answer) {}

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {
      end.complete(Status.Code.OK);
    }

    Status.Code status() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }

    void assertAnsweredOrRefused() throws Exception {
      Status.Code code = status();
      if (code != Status.Code.OK) {
        assertThat(REFUSALS).contains(code);
      }
    }
  }
}
