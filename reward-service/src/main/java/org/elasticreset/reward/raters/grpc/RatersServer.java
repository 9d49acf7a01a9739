package org.elasticreset.reward.raters.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.UnreadableMessages;
import org.elasticreset.proto.v1.RatersGrpc;
import org.elasticreset.reward.raters.DoorSettings;
import org.elasticreset.reward.raters.RatersSettings;
import org.elasticreset.reward.raters.door.DoorStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Serves {@code Raters} on a port of its own, if settings name one. */
@Singleton
public class RatersServer {

  private static final Logger LOG = Logger.getLogger(RatersServer.class);

  /** A rating with its comment, or the requests that are asked for. */
  private static final int MOST_BYTES_IN = 64 << 10;

  private static final int METADATA_LIMIT_BYTES = 8 << 10;
  private static final int CALLS_PER_CONNECTION = 32;
  private static final int THREADS = 4;
  private static final int LOOK_EVERY_MINUTES = 1;

  private final RatersSettings settings;
  private final DoorStage stage;
  private @Nullable Parts parts;

  private record Parts(
      Server server, ExecutorService calls, Optional<ScheduledExecutorService> renewal) {}

  @Inject
  RatersServer(RatersSettings settings, DoorStage stage) {
    this.settings = settings;
    this.stage = stage;
  }

  /** Behind the desk, which starts at 2. */
  void onStart(@Observes @Priority(3) StartupEvent event) {
    DoorSettings.Grpc grpc = settings.door().grpc();
    if (settings.enabled() && grpc.port().isPresent()) {
      parts = start(grpc, new InetSocketAddress(grpc.host(), grpc.port().getAsInt()));
      LOG.infof("raters served grpc=%s:%d", grpc.host(), port());
    }
  }

  private Parts start(DoorSettings.Grpc grpc, InetSocketAddress address) {
    boolean tls = grpc.certificate().isPresent() || grpc.key().isPresent();
    boolean loopback = !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    require(
        tls || loopback || grpc.plaintext(),
        "host: " + grpc.host(),
        "a loopback address; or certificate and key beside it; or plaintext=true, with which keys"
            + " travel in the clear");
    ExecutorService calls = Executors.newFixedThreadPool(THREADS);
    Optional<ScheduledExecutorService> renewal =
        tls ? Optional.of(Executors.newSingleThreadScheduledExecutor()) : Optional.empty();
    ServerCredentials credentials =
        renewal.map(by -> credentials(grpc, by)).orElseGet(InsecureServerCredentials::create);
    Server server =
        NettyServerBuilder.forAddress(address, credentials)
            .maxInboundMessageSize(MOST_BYTES_IN)
            .maxInboundMetadataSize(METADATA_LIMIT_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .executor(calls)
            .addService(
                UnreadableMessages.refusedBy(RatersGrpc.bindService(new RatersCalls(stage.door()))))
            .intercept(new KeyGate(stage.keys()))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      calls.shutdown();
      throw new IllegalArgumentException(
          "reward.raters.grpc.port: %d (expected: a free port on %s; %s)"
              .formatted(address.getPort(), address.getHostString(), e.getMessage()),
          e);
    }
    return new Parts(server, calls, renewal);
  }

  private static ServerCredentials credentials(
      DoorSettings.Grpc grpc, ScheduledExecutorService renewal) {
    require(
        grpc.certificate().isPresent() && grpc.key().isPresent(),
        "certificate and key: one of them",
        "both together");
    try {
      var keys = new AdvancedTlsX509KeyManager();
      keys.updateIdentityCredentials(
          grpc.certificate().get().toFile(),
          grpc.key().get().toFile(),
          LOOK_EVERY_MINUTES,
          TimeUnit.MINUTES,
          renewal);
      return TlsServerCredentials.newBuilder().keyManager(keys).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "reward.raters.grpc.certificate: %s (expected: a PEM file, and its key; %s)"
              .formatted(grpc.certificate().get(), e.getClass().getSimpleName()),
          e);
    }
  }

  private static void require(boolean holds, String is, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "reward.raters.grpc.%s (expected: %s)".formatted(is, expected));
    }
  }

  /** Its port; -1 if it is off. */
  public int port() {
    Parts present = parts;
    return present == null ? -1 : present.server().getPort();
  }

  @PreDestroy
  void close() {
    Parts present = parts;
    if (present == null) {
      return;
    }
    present.server().shutdown();
    try {
      if (!present.server().awaitTermination(5, TimeUnit.SECONDS)) {
        present.server().shutdownNow();
      }
    } catch (InterruptedException e) {
      present.server().shutdownNow();
      Thread.currentThread().interrupt();
    }
    present.calls().shutdownNow();
    present.renewal().ifPresent(ExecutorService::shutdownNow);
  }
}
