package org.elasticreset.ema;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.checkpoint.DirectoryLock;
import org.elasticreset.proto.v1.Status;
import org.jboss.logging.Logger;

/** Puts the service together at start-up, and takes it apart at the end. */
@Startup
@Singleton
class EmaService {

  private static final Logger LOG = Logger.getLogger(EmaService.class);

  private final EmaSettings settings;
  private final Access access;
  private final AveragedPolicy policy;
  private final DirectoryLock lock;
  private final ElasticResetService calls;
  private final GrpcServer server;

  EmaService(
      EmaConfig config,
      @ConfigProperty(name = "quarkus.grpc.server.host", defaultValue = "0.0.0.0") String host,
      @ConfigProperty(name = "quarkus.grpc.server.port", defaultValue = "9000") int port,
      Announcements announcements,
      AuditTopic auditTopic,
      MeterRegistry registry) {
    settings = checked(() -> EmaSettings.of(config));
    access = checked(() -> Access.of(config));
    policy = new AveragedPolicy(settings, new Snapshots(settings.directory()), auditTopic);
    try {
      lock = DirectoryLock.take("ema.directory", settings.directory());
      policy.load().forEach(damage -> LOG.warnf("snapshot damaged reason=\"%s\"", damage));
    } catch (IOException e) {
      throw new ConfigurationException(
          e instanceof FileSystemException
              ? "ema.directory: a file in it could not be read: " + e
              : e.getMessage());
    }
    var metrics = new EmaMetrics(registry, policy, settings.triggerName());
    calls = new ElasticResetService(policy, announcements, metrics, new Workers(Clock.systemUTC()));
    server = new GrpcServer(new InetSocketAddress(host, port), access, calls);
  }

  /** Quarkus prints the message of a ConfigurationException without a stack trace. */
  private static <T> T checked(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  @PostConstruct
  void started() {
    LOG.infof(
        "ema-service started run=%s port=%d access=%s version=%d directory=%s %s",
        settings.runId(),
        server.port(),
        access.description(),
        policy.view().version(),
        settings.directory(),
        settings.meaning());
  }

  @PreDestroy
  void stop() {
    server.close();
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warnf("directory not given back reason=\"%s\"", e);
    }
  }

  AveragedPolicy policy() {
    return policy;
  }

  /** Where the run stands, and who has which version of it. */
  Status status() {
    return calls.status();
  }

  String runId() {
    return settings.runId();
  }

  Access access() {
    return access;
  }

  /** Port of the gRPC server. */
  int port() {
    return server.port();
  }
}
