package org.elasticreset.ema;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.ElasticResetGrpc;

/**
 * The gRPC server: Netty with a window that lets chunks of 1 MiB flow, and a thread for each call
 * that works, so that calls may block on the disk and on Kafka.
 */
final class GrpcServer implements AutoCloseable {

  private static final int FLOW_CONTROL_WINDOW_BYTES = 8 << 20;

  /** A chunk of 1 MiB, or the names of very many tensors. */
  private static final int MAX_MESSAGE_BYTES = 4 << 20;

  private final ElasticResetService service;
  private final ExecutorService calls = Executors.newCachedThreadPool();
  private final Server server;

  /**
   * Starts to serve.
   *
   * @param port 0 for any free one
   */
  GrpcServer(String host, int port, ElasticResetService service) {
    this.service = service;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .executor(calls)
            .addService(ElasticResetGrpc.bindService(service))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      calls.shutdown();
      throw new ConfigurationException(
          "quarkus.grpc.server.port: %d (expected: a free port on %s; %s)"
              .formatted(port, host, e.getMessage()));
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
  }
}
