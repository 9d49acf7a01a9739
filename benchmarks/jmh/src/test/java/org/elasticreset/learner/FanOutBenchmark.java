package org.elasticreset.learner;

import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.elasticreset.benchmark.RawStreams;
import org.elasticreset.ema.LoopbackEma;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
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
 * Workers that fetch a version at the same time, each over a connection of its own and with its
 * digest, which every worker checks. Beside it the same chunks by the same gRPC, thrown away.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx8g")
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 1, time = 1)
public class FanOutBenchmark {

  @Param({"2600000", "124000000"})
  public int weights;

  @Param({"1", "2", "4", "8"})
  public int workers;

  private final List<org.elasticreset.feed.EmaServiceClient> clients = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private ExecutorService threads;
  private LoopbackRun run;
  private RawStreams raw;

  @Setup
  public void open() throws Exception {
    run = new LoopbackRun(weights);
    raw = new RawStreams(run.weights.totalBytes());
    threads = Executors.newFixedThreadPool(workers);
    for (int worker = 0; worker < workers; worker++) {
      clients.add(
          new org.elasticreset.feed.EmaServiceClient(
              "ema-service",
              run.ema.address(),
              LoopbackEma.RUN,
              "rollout-" + worker,
              LoopbackRun.TIMEOUT,
              Optional.empty()));
      channels.add(EmaServiceChannel.open(raw.address(), Optional.empty()));
    }
  }

  @TearDown
  public void close() throws Exception {
    threads.shutdownNow();
    clients.forEach(org.elasticreset.feed.EmaServiceClient::close);
    for (var channel : channels) {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    clients.clear();
    channels.clear();
    raw.close();
    run.close();
  }

  @Benchmark
  public long fetch() throws Exception {
    return all(
        clients.stream()
            .<Callable<Long>>map(client -> () -> client.fetchNewerThan(0).totalBytes())
            .toList());
  }

  @Benchmark
  public long raw() throws Exception {
    return all(channels.stream().<Callable<Long>>map(channel -> () -> rawFetch(channel)).toList());
  }

  private static long rawFetch(ManagedChannel channel) {
    long received = 0;
    var chunks =
        ElasticResetGrpc.newBlockingStub(channel)
            .fetchPolicy(FetchPolicyRequest.getDefaultInstance());
    while (chunks.hasNext()) {
      received += chunks.next().getChunk().getData().size();
    }
    return received;
  }

  /** Bytes that all of them received; that is what each had to. */
  private long all(List<Callable<Long>> fetches) throws Exception {
    long received = 0;
    for (Future<Long> fetch : threads.invokeAll(fetches)) {
      received += fetch.get();
    }
    if (received != workers * run.weights.totalBytes()) {
      throw new IllegalStateException(
          "%d bytes (expected: %d)".formatted(received, workers * run.weights.totalBytes()));
    }
    return received;
  }
}
