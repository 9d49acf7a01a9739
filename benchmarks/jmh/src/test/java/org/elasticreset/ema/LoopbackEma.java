package org.elasticreset.ema;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetTrigger;

/** The ema-service as it runs, on a free port of this machine, without Quarkus and Kafka. */
public final class LoopbackEma implements AutoCloseable {

  public static final String RUN = "benchmark";

  private final GrpcServer server;

  /** Starts to serve a run that never resets. */
  public LoopbackEma(Path directory, long maxPolicyBytes) {
    var settings =
        new EmaSettings(
            RUN,
            new ExponentialAverage(0.995),
            new ElasticReset(new ResetTrigger.OnRequest()),
            "on-request",
            2,
            false,
            directory,
            maxPolicyBytes);
    var policy = new AveragedPolicy(settings, new Snapshots(directory));
    var metrics = new EmaMetrics(new SimpleMeterRegistry(), policy, settings.triggerName());
    server =
        new GrpcServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Access.ofThisMachine(),
            new ElasticResetService(
                policy, version -> {}, metrics, new Workers(Clock.systemUTC())));
  }

  public String address() {
    return "127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
