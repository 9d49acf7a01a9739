package org.elasticreset.ema;

import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.ElasticResetGrpc.ElasticResetBlockingV2Stub;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.TrainingEvent;

/** The gRPC server on a free port, without Quarkus and Kafka. */
final class TestServer implements AutoCloseable {

  final AveragedPolicy policy;
  final List<PolicyVersion> announced = new CopyOnWriteArrayList<>();
  final List<TrainingEvent> audited = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  volatile boolean kafkaIsDown;

  final ElasticResetService service;

  private final GrpcServer server;
  private final ManagedChannel channel;

  TestServer(ResetTrigger trigger, Path directory) {
    this(trigger, directory, Access.ofThisMachine());
  }

  TestServer(ResetTrigger trigger, Path directory, Access access) {
    this(new ElasticReset(trigger), directory, access);
  }

  TestServer(ElasticReset elasticReset, Path directory) {
    this(elasticReset, directory, Access.ofThisMachine());
  }

  private TestServer(ElasticReset elasticReset, Path directory, Access access) {
    policy = Policies.averagedPolicy(elasticReset, directory, audited::add);
    var metrics = new EmaMetrics(registry, policy, "test");
    service =
        new ElasticResetService(policy, this::announce, metrics, new Workers(Clock.systemUTC()));
    server =
        new GrpcServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), access, service);
    channel = TestLearner.channel(server.port());
  }

  private void announce(PolicyVersion version) {
    if (kafkaIsDown) {
      throw new IllegalStateException("no broker");
    }
    announced.add(version);
  }

  int port() {
    return server.port();
  }

  TestLearner learner() {
    return new TestLearner(server.port());
  }

  ElasticResetBlockingV2Stub stub() {
    return ElasticResetGrpc.newBlockingV2Stub(channel);
  }

  double sentBytes() {
    return registry.get("ema.sent").counter().count();
  }

  /** Stops the service, not the connections of this test. */
  void stop() {
    server.close();
  }

  @Override
  public void close() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
  }
}
