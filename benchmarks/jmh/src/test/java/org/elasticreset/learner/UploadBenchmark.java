package org.elasticreset.learner;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.stub.BlockingClientCall;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.elasticreset.benchmark.RawStreams;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.TrainRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.elasticreset.proto.v1.WeightsChunk;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the learner's weights to the ema-service's answer: chunks, average, digest; with a
 * checkpoint the snapshot, too. Beside it the same chunks by the same gRPC, which nobody does
 * anything with.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx8g")
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 1, time = 1)
public class UploadBenchmark {

  @Param({"2600000", "124000000"})
  public int weights;

  private LoopbackRun run;
  private RawStreams raw;
  private ManagedChannel channel;
  private BlockingClientCall<TrainRequest, TrainResponse> stream;

  @Setup
  public void open() throws Exception {
    run = new LoopbackRun(weights);
    raw = new RawStreams(run.weights.totalBytes());
    channel = EmaServiceChannel.open(raw.address(), Optional.empty());
    stream = ElasticResetGrpc.newBlockingV2Stub(channel).withWaitForReady().train();
  }

  @TearDown
  public void close() throws Exception {
    stream.halfClose();
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    raw.close();
    run.close();
  }

  @Benchmark
  public EmaService.Answer update() throws InterruptedException {
    return run.upload(false);
  }

  @Benchmark
  public EmaService.Answer checkpointed() throws InterruptedException {
    return run.upload(true);
  }

  @Benchmark
  public TrainResponse raw() throws Exception {
    long total = run.weights.totalBytes();
    for (long offset = 0; offset < total; offset += RawStreams.CHUNK_BYTES) {
      int length = (int) Math.min(RawStreams.CHUNK_BYTES, total - offset);
      var data = UnsafeByteOperations.unsafeWrap(run.weights.read(offset, length));
      stream.write(
          TrainRequest.newBuilder()
              .setChunk(WeightsChunk.newBuilder().setOffset(offset).setData(data))
              .build());
    }
    return stream.read();
  }
}
