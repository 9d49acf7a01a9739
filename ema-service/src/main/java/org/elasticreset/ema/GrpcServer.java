package org.elasticreset.ema;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.UnreadableMessages;
import org.elasticreset.proto.WorkerName;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.tracing.GrpcTraceparent;

/**
 * The gRPC server: Netty with a window that lets chunks of 1 MiB flow, and a thread for each call
 * that works, so that calls may block on the disk and on Kafka.
 */
final class GrpcServer implements AutoCloseable {

  /** Of one connection: a learner makes two calls at a time, a worker one. */
  private static final int CALLS_PER_CONNECTION = 32;

  private static final int METADATA_LIMIT_BYTES = 8 << 10;
  private static final int KEEP_ALIVE_SECONDS = 30;

  /** Behind it, new calls need a new handshake, with the certificates of that time. */
  private static final int CONNECTION_AGE_HOURS = 1;

  private final ElasticResetService service;
  private final ExecutorService calls = Executors.newCachedThreadPool();
  private final Server server;
  private final RefusedConnections refused = RefusedConnections.tell();

  /**
   * Starts to serve.
   *
   * @param address port 0 for any free one
   */
  GrpcServer(InetSocketAddress address, Access access, ElasticResetService service) {
    access.requireSafeOn(address);
    this.service = service;
    var credentials =
        access
            .byCertificate()
            .map(by -> by.files().ofServer())
            .orElseGet(InsecureServerCredentials::create);
    var builder =
        NettyServerBuilder.forAddress(address, credentials)
            .flowControlWindow(EmaServiceChannel.FLOW_CONTROL_WINDOW_BYTES)
            .maxInboundMessageSize(EmaServiceChannel.MESSAGE_LIMIT_BYTES)
            .maxInboundMetadataSize(METADATA_LIMIT_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
            .executor(calls)
            .intercept(GrpcTraceparent.received())
            .intercept(WorkerName.received())
            .addService(UnreadableMessages.refusedBy(ElasticResetGrpc.bindService(service)));
    access
        .byCertificate()
        .ifPresent(
            by ->
                builder
                    .intercept(new Gatekeeper(by.permissions(), Clock.systemUTC()))
                    .maxConnectionAge(CONNECTION_AGE_HOURS, TimeUnit.HOURS));
    server = builder.build();
    try {
      server.start();
    } catch (IOException e) {
      calls.shutdown();
      throw new ConfigurationException(
          "quarkus.grpc.server.port: %d (expected: a free port on %s; %s)"
              .formatted(address.getPort(), address.getHostString(), e.getMessage()));
    }
  }

  int port() {
    return server.getPort();
  }

  /** Refuses new calls, ends the learner's, and gives workers five seconds to finish fetching. */
  @Override
  public void close() {
    server.shutdown();
    service.stop();
    try {
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
    refused.close();
  }
}
